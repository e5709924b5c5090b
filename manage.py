#!/usr/bin/env python
"""The studio's commands: `serve`, `generate`, `evaluate`, and Django's own."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")
    from django.core.management import execute_from_command_line

    from studio.config.environment import SettingError
    from studio.pipeline.isolation.systems import UnsupportedSystem

    try:
        execute_from_command_line(sys.argv)
    except (SettingError, UnsupportedSystem) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
