"""Reads a stream of OpenAI's responses."""

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

THOUGHTS = ("response.reasoning_summary_text.delta", "response.reasoning_text.delta")
ENDS = ("response.completed", "response.incomplete", "response.failed", "response.cancelled")


class ResponsesReader(StreamReader):
    """Reads `response.output_text.delta` events and the response that ends the stream."""

    def _read_event(self, event: dict[str, Any]) -> Iterator[Chunk]:
        kind = get_text(event.get("type"))
        if kind == "error" or event.get("error"):
            content = event.get("error") or event
            raise PeerError("stopped with an error; see the log", read_error({"error": content}))
        if kind == "response.output_text.delta":
            if text := get_text(event.get("delta")):
                yield from self._read_content(text)
        elif kind in THOUGHTS:
            if text := get_text(event.get("delta")):
                yield from self._read_thought(text)
        elif kind == "response.output_item.done":
            self._read_item(event.get("output_index"), get_object(event.get("item")))
        elif kind == "response.refusal.delta":
            self._end("refusal")
        elif kind in ENDS:
            self._read_end(get_object(event.get("response")))

    def _read_whole(self, body: dict[str, Any]) -> Iterator[Chunk]:
        for index, item in enumerate(get_objects(body.get("output"))):
            self._read_item(index, item)
            is_thought = item.get("type") == "reasoning"
            for part in get_objects(item.get("content")):
                if text := get_text(part.get("text")):
                    read = self._read_thought if is_thought else self._read_content
                    yield from read(text)
                if get_text(part.get("refusal")):
                    self._end("refusal")
        self._read_end(body)

    def _read_item(self, index: Any, item: dict[str, Any]) -> None:
        if item.get("type") == "function_call":
            self._read_call(index, item.get("call_id"), item.get("name"), item.get("arguments"))

    def _read_end(self, response: dict[str, Any]) -> None:
        usage = get_object(response.get("usage"))
        details = get_object(usage.get("input_tokens_details"))
        self.usage = Usage(
            get_count(usage.get("input_tokens")),
            get_count(usage.get("output_tokens")),
            get_count(details.get("cached_tokens")),
        )
        if response.get("error"):
            raise PeerError("stopped with an error; see the log", read_error(response))
        if self.reason is None:
            incomplete = get_object(response.get("incomplete_details"))
            self._end(get_text(incomplete.get("reason")))
        self.done = True
