"""Join surrogate halves in streamed text.

A server that cuts its text at UTF-16 units sends one emoji as two deltas, each half a character.
Python keeps such halves (lone surrogates), and encoding them as UTF-8 fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from inference.types import Chunk, Finished, ToolCall

HALF = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def whole_characters(items: Iterator[Chunk | Finished]) -> Iterator[Chunk | Finished]:
    """Yield the same items with halves joined to the next chunk of their kind.

    A half without its other half is replaced by U+FFFD. Calls of tools are mended as well: they are
    sent back to the server, and their arguments become files.
    """
    half = ""  # the first half of a character, at the end of the last chunk
    kind: str | None = None
    for item in items:
        if not isinstance(item, Chunk):
            if half and kind:
                yield Chunk("thinking" if kind == "thinking" else "answer", REPLACEMENT)
            half = ""
            yield replace(item, calls=tuple(map(_mend_call, item.calls)))
            continue
        if half and item.kind != kind:
            yield Chunk("thinking" if kind == "thinking" else "answer", REPLACEMENT)
            half = ""
        text = half + item.text
        kind = item.kind
        half = text[-1] if text and "\ud800" <= text[-1] <= "\udbff" else ""
        text = join_halves(text.removesuffix(half))
        if text or item.tokens or not item.text:
            yield replace(item, text=text)


def join_halves(text: str) -> str:
    """Return the text with pairs of halves joined and single halves replaced by U+FFFD."""
    if not HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _mend_call(call: ToolCall) -> ToolCall:
    return ToolCall(join_halves(call.id), join_halves(call.name), join_halves(call.arguments))
