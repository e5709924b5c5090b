"""Thinking inside the text of an answer, as servers without a reasoning parser send it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from inference.types import Chunk

OPEN, CLOSE = "<think>", "</think>"


class InlineThinking:
    """Splits an answer that contains `<think>…</think>` into thinking and answer.

    K2.5 and K2.6 open the tag in the prompt, so an answer may hold only the tag that closes it. What
    came before is then known to be thinking, and the chunk after it says so (`restarts`).
    """

    def __init__(self) -> None:
        self._kind: Literal["start", "thinking", "answer"] = "start"
        self._pending = ""  # may be the beginning of a tag
        self._may_close = True  # a closing tag without an opening one ends thinking

    def note_separate_thinking(self) -> None:
        """Learn that the server sends thinking in a field of its own."""
        self._may_close = False

    def split(self, text: str) -> Iterator[Chunk]:
        """Yield the chunks of one piece of text."""
        text = self._pending + text
        self._pending = ""
        if self._kind == "start":
            stripped = text.lstrip()
            if len(stripped) < len(OPEN) and OPEN.startswith(stripped):
                # White space at the start can be dropped: a tag or the answer follows it.
                self._pending = stripped
                return
            self._kind = "thinking" if stripped.startswith(OPEN) else "answer"
            text = stripped.removeprefix(OPEN) if self._kind == "thinking" else text
        if self._kind == "thinking":
            yield from self._split_thinking(text)
        else:
            yield from self._split_answer(text)

    def flush(self) -> Iterator[Chunk]:
        """Yield the pending text once the stream has ended."""
        if self._pending:
            yield Chunk("thinking" if self._kind == "thinking" else "answer", self._pending)
            self._pending = ""

    def _split_thinking(self, text: str) -> Iterator[Chunk]:
        thought, closed, rest = self._cut_at_close(text)
        if thought:
            yield Chunk("thinking", thought)
        if not closed:
            return
        self._kind = "answer"
        self._may_close = False
        if rest:
            yield Chunk("answer", rest)

    def _split_answer(self, text: str) -> Iterator[Chunk]:
        if not self._may_close:
            if text:
                yield Chunk("answer", text)
            return
        told, closed, rest = self._cut_at_close(text)
        if not closed:
            if told:
                yield Chunk("answer", told)
            return
        self._may_close = False
        yield Chunk("answer", rest.lstrip(), restarts=True)

    def _cut_at_close(self, text: str) -> tuple[str, bool, str]:
        """Return the text before the closing tag, whether it is there, and the text after it.

        A beginning of the tag at the end is kept for the next piece.
        """
        before, closed, after = text.partition(CLOSE)
        if closed:
            return before, True, after
        end = len(before) - count_overlap(before, CLOSE)
        self._pending = before[end:]
        return before[:end], False, ""


def count_overlap(text: str, marker: str) -> int:
    """Return how many characters at the end of `text` may be the beginning of `marker`."""
    longest = min(len(text), len(marker) - 1)
    for length in range(longest, 0, -1):
        if marker.startswith(text[-length:]):
            return length
    return 0
