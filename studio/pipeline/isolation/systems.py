"""Systems on which programs that work on hostile data can be held within limits."""

from __future__ import annotations

import sys

ON_WINDOWS = (
    "Windows has no limits for the programs that read mockups and render pages, so this works on Linux and "
    "macOS: use WSL2, which setup.ps1 sets up (docs/deployment.md). "
    "The command `likeness` drives a studio elsewhere from Windows itself."
)


class UnsupportedSystem(Exception):
    """Raised where a system cannot run hostile data within limits; the message says what to do."""


def check_system() -> None:
    """Raise UnsupportedSystem on Windows, before anything is started there."""
    if sys.platform == "win32":
        raise UnsupportedSystem(ON_WINDOWS)
