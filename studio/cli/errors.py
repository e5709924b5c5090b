"""The error that the command `likeness` shows."""

from __future__ import annotations


class RemoteError(Exception):
    """Raised with one sentence that can be shown."""
