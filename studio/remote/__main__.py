from __future__ import annotations

import sys

from studio.remote.command import main

sys.exit(main())
