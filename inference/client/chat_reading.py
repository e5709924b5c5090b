"""Reads a stream of OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inference.client.reading import (
    PeerError,
    StreamReader,
    get_count,
    get_object,
    get_objects,
    get_text,
)
from inference.client.refusals import read_error
from inference.types import Chunk, Usage


class ChatReader(StreamReader):
    """Reads `choices[].delta`; thinking is in `reasoning_content` or `reasoning`, or inline."""

    def _read_event(self, event: dict[str, Any]) -> Iterator[Chunk]:
        if event.get("error") or event.get("object") == "error":
            raise PeerError("stopped with an error; see the log", read_error(event))
        self._read_usage(event.get("usage"))
        for choice in get_objects(event.get("choices")):
            yield from self._read_delta(get_object(choice.get("delta") or choice.get("message")))
            if reason := get_text(choice.get("finish_reason")):
                self._end(reason)

    def _read_whole(self, body: dict[str, Any]) -> Iterator[Chunk]:
        return self._read_event(body)

    def _read_delta(self, delta: dict[str, Any]) -> Iterator[Chunk]:
        thought = get_text(delta.get("reasoning_content")) or get_text(delta.get("reasoning"))
        if thought:
            yield from self._read_thought(thought)
        content = delta.get("content")
        if isinstance(content, str) and content:
            yield from self._read_content(content)
        for piece in get_objects(delta.get("tool_calls")):
            self.calls.read(piece, self._limits.answer)
        for part in get_objects(content):  # Mistral's models that think
            yield from self._read_part(part)
        if get_text(delta.get("refusal")):
            self._end("refusal")

    def _read_part(self, part: dict[str, Any]) -> Iterator[Chunk]:
        if text := get_text(part.get("text")):
            yield from self._read_content(text)
        for thought in get_objects(part.get("thinking")):
            if text := get_text(thought.get("text")):
                yield from self._read_thought(text)

    def _end(self, reason: str) -> None:
        """Keep a refusal, after which OpenAI sends the finish reason "stop"."""
        if self.reason != "declined":
            super()._end(reason)

    def _read_usage(self, value: Any) -> None:
        usage = get_object(value)
        if usage:
            details = get_object(usage.get("prompt_tokens_details"))
            cached = details.get("cached_tokens")
            self.usage = Usage(
                get_count(usage.get("prompt_tokens")),
                get_count(usage.get("completion_tokens")),
                get_count(cached) or get_count(usage.get("cached_tokens")),
            )
