from __future__ import annotations

import sys

from studio.cli.command import main

sys.exit(main())
