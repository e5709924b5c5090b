"""Read a chat completion's stream: server-sent lines to deltas, deltas to chunks. Knows nothing of
sockets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from inference.client.limits import AnswerLimits
from inference.types import Chunk, ModelError, Usage

OPEN, CLOSE = "<think>", "</think>"
MOST_TOKENS = 10**9  # that a server may say it counted


class PeerError(Exception):
    """The stream cannot be read on. The sentence is ours; `words` are the server's own, for the log
    only.
    """

    def __init__(self, sentence: str, words: str) -> None:
        super().__init__(sentence)
        self.sentence, self.words = sentence, words


@dataclass(slots=True)
class Reader:
    """Takes one line at a time; gathers what the last lines say of usage and of the reason to stop."""

    limits: AnswerLimits = field(default_factory=AnswerLimits)
    reason: Literal["stop", "length"] | None = None
    usage: Usage = field(default_factory=Usage)
    done: bool = False
    inline: InlineThinking = field(default_factory=lambda: InlineThinking())
    said: int = 0  # tokens that the chunks so far have told of
    lengths: dict[str, int] = field(default_factory=lambda: {"answer": 0, "thinking": 0})

    def chunks(self, line: str) -> Iterator[Chunk]:
        """Yield the chunks of one line. Raises PeerError, and ModelError for an answer beyond its
        limit.
        """
        if not line.startswith("data:"):
            return
        data = line[5:].strip()
        if data == "[DONE]":
            self.done = True
            yield from map(self._count, self.inline.rest())
            return
        event = _parse(data)
        if "error" in event:
            raise PeerError(
                "The model server broke off with an error; the log says which.", str(event["error"])
            )
        self._usage(event.get("usage"))
        for choice in _list(event.get("choices")):
            for chunk in self._delta(_object(choice.get("delta"))):
                # Zero unless the server reports its count with every piece.
                tokens, self.said = (
                    self.usage.completion_tokens - self.said,
                    self.usage.completion_tokens,
                )
                yield replace(self._count(chunk), tokens=tokens)
            if reason := choice.get("finish_reason"):
                self.reason = "length" if reason == "length" else "stop"

    def _delta(self, delta: dict[str, Any]) -> Iterator[Chunk]:
        if thought := _text(delta.get("reasoning_content")) or _text(delta.get("reasoning")):
            yield Chunk("thinking", thought)
        if content := _text(delta.get("content")):
            yield from self.inline.split(content)

    def _count(self, chunk: Chunk) -> Chunk:
        self.lengths[chunk.kind] += len(chunk.text)
        most = self.limits.answer if chunk.kind == "answer" else self.limits.thinking
        if self.lengths[chunk.kind] > most:
            what = "answer is" if chunk.kind == "answer" else "thinking is"
            setting = f"MODEL_{chunk.kind.upper()}_KILOBYTES"
            sentence = f"The model's {what} longer than the {most / 1000:,.0f} kB allowed; {setting} sets the limit."
            raise ModelError(sentence, kind="too large")
        return chunk

    def _usage(self, given: Any) -> None:
        usage = _object(given)
        if usage:
            details = _object(usage.get("prompt_tokens_details"))
            cached = _count(details.get("cached_tokens")) or _count(usage.get("cached_tokens"))
            self.usage = Usage(
                _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")), cached
            )


class InlineThinking:
    """Servers without a reasoning parser write `<think>…</think>` into the answer; this takes it
    out again.
    """

    def __init__(self) -> None:
        self._kind: Literal["start", "thinking", "answer"] = "start"
        self._held = ""

    def split(self, text: str) -> Iterator[Chunk]:
        text, self._held = self._held + text, ""
        if self._kind == "start":
            begun = text.lstrip()
            if len(begun) < len(OPEN) and OPEN.startswith(begun):
                # Of blanks alone none is needed: they stand before the tag or before the answer.
                self._held = begun
                return
            self._kind = "thinking" if begun.startswith(OPEN) else "answer"
            text = begun.removeprefix(OPEN) if self._kind == "thinking" else text
        if self._kind == "thinking":
            thought, closed, text = text.partition(CLOSE)
            if not closed:
                keep = _overlap(thought, CLOSE)
                thought, self._held = thought[: len(thought) - keep], thought[len(thought) - keep :]
            if thought:
                yield Chunk("thinking", thought)
            if not closed:
                return
            self._kind = "answer"
        if text:
            yield Chunk("answer", text)

    def rest(self) -> Iterator[Chunk]:
        if self._held:
            yield Chunk("thinking" if self._kind == "thinking" else "answer", self._held)
            self._held = ""


def _overlap(text: str, marker: str) -> int:
    """How many characters at the end of `text` may be the beginning of `marker`."""
    return next(
        (n for n in range(min(len(text), len(marker) - 1), 0, -1) if marker.startswith(text[-n:])),
        0,
    )


def _parse(data: str) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        raise PeerError(
            "The model server sent a line that is not a JSON object; the log holds it.", data
        )
    return event


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int:
    return min(value, MOST_TOKENS) if isinstance(value, int) and value > 0 else 0
