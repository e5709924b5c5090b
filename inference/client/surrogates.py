"""Make whole characters of what a model streams.

A server that cuts its text at UTF-16 units sends one emoji as two deltas, each half a character.
Python keeps such halves (lone surrogates), and the first thing that encodes the text as UTF-8 fails
on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from inference.types import Chunk, Finished

HALF = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def whole_characters(items: Iterator[Chunk | Finished]) -> Iterator[Chunk | Finished]:
    """Yield the same items, halves joined with what follows in the same kind of text, or replaced
    by U+FFFD.
    """
    held = ""  # the first half of a character, at the end of the newest piece
    kind: str | None = None
    for item in items:
        if not isinstance(item, Chunk):
            if held and kind:
                yield Chunk("thinking" if kind == "thinking" else "answer", REPLACEMENT)
            held = ""
            yield item
            continue
        if held and item.kind != kind:
            yield Chunk("thinking" if kind == "thinking" else "answer", REPLACEMENT)
            held = ""
        text, kind = held + item.text, item.kind
        held = text[-1] if text and "\ud800" <= text[-1] <= "\udbff" else ""
        text = join_halves(text[: len(text) - len(held)])
        if text or item.tokens or not item.text:
            yield replace(item, text=text)


def join_halves(text: str) -> str:
    """Pairs become the character they are halves of; what is left alone becomes U+FFFD."""
    if not HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
