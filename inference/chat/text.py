"""Tokens to text as they come: half a character is held back, and so is what may be the start of a
stop string.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence

from inference.chat.tokenizer import Tokenizer


class TextStream:
    """One answer's text. Special tokens are no text; stop strings do not reach across them."""

    def __init__(self, tokenizer: Tokenizer | None, stop: Sequence[str] = ()) -> None:
        """Without a tokenizer there is no text, and no stop string is ever found."""
        self._tokenizer, self._stop = tokenizer, stop
        self._names: Mapping[int, str] = _list_names(tokenizer) if tokenizer else {}
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self.stopped_by: str | None = None

    def push(self, token: int) -> tuple[str, str | None]:
        """(text that can be shown now, the token's name if it is special)."""
        if self._tokenizer is None:
            return "", None
        if token in self._names:
            return self.rest(), self._names[token]
        self._held += self._decoder.decode(self._tokenizer.decode_bytes([token]))
        return self._shown(), None

    def rest(self) -> str:
        """What is still held, once no more text follows; nothing after a stop string."""
        if self.stopped_by is not None:
            return ""
        text, self._held = self._held + self._decoder.decode(b"", final=True), ""
        self._decoder.reset()
        return text

    def _shown(self) -> str:
        places = [(place, stop) for stop in self._stop if (place := self._held.find(stop)) >= 0]
        if places:
            place, self.stopped_by = min(places)
            return self._held[:place]
        keep = max((_overlap(self._held, stop) for stop in self._stop), default=0)
        shown, self._held = (
            self._held[: len(self._held) - keep],
            self._held[len(self._held) - keep :],
        )
        return shown


def _list_names(tokenizer: Tokenizer) -> dict[int, str]:
    return {id: name for name, id in tokenizer.specials.items()}


def _overlap(text: str, marker: str) -> int:
    """How many characters at the end of `text` may be the beginning of `marker`."""
    return next(
        (n for n in range(min(len(text), len(marker) - 1), 0, -1) if marker.startswith(text[-n:])),
        0,
    )
