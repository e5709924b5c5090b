"""Read an answer's body within limits: bytes after decompression, and bytes of one line."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

import httpx

PIECE = 65_536  # bytes decompressed at once
# gzip and zlib containers. Servers that use another coding ignore our Accept-Encoding.
WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
LINE_END = re.compile(rb"\r\n|\n|\r")


class TooLarge(Exception):
    """A body or line (`what`) was larger than `most` bytes."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"{what} is larger than {most} bytes")
        self.what = what
        self.most = most


class Unreadable(Exception):
    """The body has a compression that was not requested, or its compressed data is invalid."""


def read_body(response: httpx.Response, most: int) -> bytes:
    """Return the whole decoded body. Raises TooLarge and Unreadable."""
    return b"".join(iter_body(response, most))


def iter_body(response: httpx.Response, most: int) -> Iterator[bytes]:
    """Yield the decoded body in pieces of at most `PIECE` bytes. Raises TooLarge and Unreadable."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    length = 0
    for piece in _decode(response.iter_raw(), coding):
        length += len(piece)
        if length > most:
            raise TooLarge("body", most)
        yield piece


def iter_lines(pieces: Iterable[bytes], most: int) -> Iterator[str]:
    """Yield lines without their ends.

    Raises TooLarge for a line of more than `most` bytes, even if it is not complete.
    """
    pending = bytearray()
    for piece in pieces:
        first, *others = LINE_END.split(piece)
        pending += first
        _check_line(pending, most)
        for line in others:
            yield pending.decode(errors="replace")
            pending = bytearray(line)
            _check_line(pending, most)
    if pending:
        yield pending.decode(errors="replace")


def _check_line(line: bytearray, most: int) -> None:
    if len(line) > most:
        raise TooLarge("line", most)


def _decode(pieces: Iterable[bytes], coding: str) -> Iterator[bytes]:
    if coding in ("", "identity"):
        yield from pieces
        return
    if coding not in WINDOW_BITS:
        raise Unreadable(f"content encoding {coding[:40]!r}")
    unpacker = zlib.decompressobj(WINDOW_BITS[coding])
    for packed in pieces:
        rest = packed
        while rest:
            try:
                out = unpacker.decompress(rest, PIECE)
            except zlib.error as error:
                raise Unreadable(f"content encoding {coding}: {error}") from None
            if out:
                yield out
            rest = unpacker.unconsumed_tail
