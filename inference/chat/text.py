"""Incremental decoding of tokens to text.

Incomplete characters and possible beginnings of stop strings are held back.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence

from inference.chat.tokenizer import Tokenizer
from inference.client.inline_thinking import count_overlap


class TextStream:
    """The text of one answer.

    Special tokens are not text, and a stop string cannot extend across them.
    """

    def __init__(self, tokenizer: Tokenizer | None, stop: Sequence[str] = ()) -> None:
        """Start an empty text; without a tokenizer it stays empty."""
        self._tokenizer = tokenizer
        self._stop = stop
        self._names: Mapping[int, str] = _list_names(tokenizer) if tokenizer else {}
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""
        self.stopped_by: str | None = None

    def push(self, token: int) -> tuple[str, str | None]:
        """Return (the text that is complete now, the token's name if it is special)."""
        if self._tokenizer is None:
            return "", None
        if token in self._names:
            return self.flush(), self._names[token]
        self._pending += self._decoder.decode(self._tokenizer.decode_bytes([token]))
        return self._take_complete(), None

    def flush(self) -> str:
        """Return the pending text at the end; empty after a stop string."""
        if self.stopped_by is not None:
            return ""
        text = self._pending + self._decoder.decode(b"", final=True)
        self._pending = ""
        self._decoder.reset()
        return text

    def _take_complete(self) -> str:
        matches = [(self._pending.find(stop), stop) for stop in self._stop]
        matches = [(start, stop) for start, stop in matches if start >= 0]
        if matches:
            start, self.stopped_by = min(matches)
            return self._pending[:start]
        overlap = max((count_overlap(self._pending, stop) for stop in self._stop), default=0)
        end = len(self._pending) - overlap
        text = self._pending[:end]
        self._pending = self._pending[end:]
        return text


def _list_names(tokenizer: Tokenizer) -> dict[int, str]:
    return {id: name for name, id in tokenizer.specials.items()}
