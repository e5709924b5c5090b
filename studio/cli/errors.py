"""Errors that the command `likeness` shows."""

from __future__ import annotations


class RemoteError(Exception):
    """Raised with one sentence that can be shown."""


def describe_missing(need: str, error: ModuleNotFoundError) -> str:
    """Return the sentence for a library that is not installed; `need` is its beginning."""
    library = (error.name or "").partition(".")[0]
    return f"{need} {library} and the studio's libraries: run it from a checkout that ./setup.sh has set up."
