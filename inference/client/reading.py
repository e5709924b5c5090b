"""A chat completion's stream, read: server-sent lines to deltas, deltas to chunks. Knows nothing of sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from inference.types import Chunk, ModelError, Usage

OPEN, CLOSE = "<think>", "</think>"


@dataclass(slots=True)
class Reader:
    """Fed one line at a time; gathers what the last lines say of usage and of the reason to stop."""

    reason: Literal["stop", "length"] | None = None
    usage: Usage = field(default_factory=Usage)
    done: bool = False
    inline: InlineThinking = field(default_factory=lambda: InlineThinking())
    said: int = 0  # tokens that the chunks so far have told of

    def chunks(self, line: str) -> Iterator[Chunk]:
        if not line.startswith("data:"):
            return
        data = line[5:].strip()
        if data == "[DONE]":
            self.done = True
            yield from self.inline.rest()
            return
        event = _json(data)
        if "error" in event:
            raise ModelError(f"The model server broke off: {_words(event['error'])}")
        self._usage(event.get("usage"))
        for choice in event.get("choices") or ():
            for chunk in self._delta(choice.get("delta") or {}):
                # Zero unless the server reports its count with every piece.
                tokens, self.said = self.usage.completion_tokens - self.said, self.usage.completion_tokens
                yield replace(chunk, tokens=tokens)
            if reason := choice.get("finish_reason"):
                self.reason = "length" if reason == "length" else "stop"

    def _delta(self, delta: dict[str, Any]) -> Iterator[Chunk]:
        if thought := delta.get("reasoning_content") or delta.get("reasoning"):
            yield Chunk("thinking", thought)
        if content := delta.get("content"):
            yield from self.inline.split(content)

    def _usage(self, usage: dict[str, Any] | None) -> None:
        if usage:
            details = usage.get("prompt_tokens_details") or {}
            cached = details.get("cached_tokens") or usage.get("cached_tokens") or 0
            self.usage = Usage(usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0, cached)


class InlineThinking:
    """Servers without a reasoning parser write `<think>…</think>` into the answer; this takes it out again."""

    def __init__(self) -> None:
        self._kind: Literal["start", "thinking", "answer"] = "start"
        self._held = ""

    def split(self, text: str) -> Iterator[Chunk]:
        text, self._held = self._held + text, ""
        if self._kind == "start":
            if OPEN.startswith(text.lstrip()[: len(OPEN)]) and len(text.lstrip()) < len(OPEN):
                self._held = text
                return
            self._kind = "thinking" if text.lstrip().startswith(OPEN) else "answer"
            text = text.lstrip().removeprefix(OPEN) if self._kind == "thinking" else text
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
    return next((n for n in range(min(len(text), len(marker) - 1), 0, -1) if marker.startswith(text[-n:])), 0)


def _json(data: str) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise ModelError(f"The model server sent something that is not JSON: {data[:80]!r}.")
    return event


def _words(error: Any) -> str:
    return str(error.get("message", error) if isinstance(error, dict) else error)[:300]
