"""Errors that the command `likeness` shows, and how text of others is made fit to show."""

from __future__ import annotations


class RemoteError(Exception):
    """Raised with one sentence that can be shown."""


def describe_missing(need: str, error: ModuleNotFoundError) -> str:
    """Return the sentence for a library that is not installed; `need` is its beginning."""
    library = (error.name or "").partition(".")[0]
    return f"{need} {library} and the studio's libraries: run it from a checkout that ./setup.sh has set up."


def describe_os_error(error: OSError) -> str:
    """Return a sentence for a file that cannot be read or written."""
    reason = error.strerror or type(error).__name__
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


def make_printable(text: str) -> str:
    """Return the text without what a terminal would obey: some is a model's, a server's or a page's."""
    return "".join(
        sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text
    )
