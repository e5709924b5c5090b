"""Text that is safe to print: some of it is a model's, a server's or a page's."""

from __future__ import annotations

import io
from typing import TextIO


def allow_any_text(*streams: TextIO) -> None:
    """Write what a stream's encoding lacks as "?": a pipe on Windows has 256 letters."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def make_printable(text: str) -> str:
    """Return the text without what a terminal would obey."""
    return "".join(
        sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text
    )


def describe_os_error(error: OSError) -> str:
    """Return a sentence for a file that cannot be read or written."""
    reason = error.strerror or type(error).__name__
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."
