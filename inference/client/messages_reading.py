"""Reads a stream of Anthropic's messages."""

from __future__ import annotations

import json
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


class MessagesReader(StreamReader):
    """Reads `content_block_delta` events; usage comes at the beginning and at the end."""

    def _read_event(self, event: dict[str, Any]) -> Iterator[Chunk]:
        kind = get_text(event.get("type"))
        if kind == "error" or event.get("error"):
            raise PeerError("stopped with an error; see the log", read_error(event))
        if kind == "message_start":
            usage = get_object(get_object(event.get("message")).get("usage"))
            # The output so far is one token, which is no count of what follows.
            self._read_usage({**usage, "output_tokens": 0})
        elif kind == "content_block_start":
            block = get_object(event.get("content_block"))
            if block.get("type") == "tool_use":
                self._read_call(event.get("index"), block.get("id"), block.get("name"), "")
            yield from self._read_block(block)
        elif kind == "content_block_delta":
            delta = get_object(event.get("delta"))
            if text := get_text(delta.get("partial_json")):
                self._read_call(event.get("index"), "", "", text)
            yield from self._read_block(delta)
        elif kind == "message_delta":
            self._read_usage(event.get("usage"))
            if reason := get_text(get_object(event.get("delta")).get("stop_reason")):
                self._end(reason)
        elif kind == "message_stop":
            self.done = True

    def _read_whole(self, body: dict[str, Any]) -> Iterator[Chunk]:
        if body.get("error"):
            raise PeerError("stopped with an error; see the log", read_error(body))
        self._read_usage(body.get("usage"))
        for index, block in enumerate(get_objects(body.get("content"))):
            if block.get("type") == "tool_use":
                arguments = json.dumps(get_object(block.get("input")))
                self._read_call(index, block.get("id"), block.get("name"), arguments)
            yield from self._read_block(block)
        self._end(get_text(body.get("stop_reason")))

    def _read_block(self, block: dict[str, Any]) -> Iterator[Chunk]:
        if thought := get_text(block.get("thinking")):
            yield from self._read_thought(thought)
        if text := get_text(block.get("text")):
            yield from self._read_content(text)

    def _read_usage(self, value: Any) -> None:
        usage = get_object(value)
        cached = get_count(usage.get("cache_read_input_tokens"))
        created = get_count(usage.get("cache_creation_input_tokens"))
        prompt = get_count(usage.get("input_tokens")) + cached + created
        self.usage = Usage(
            prompt or self.usage.prompt_tokens,
            get_count(usage.get("output_tokens")) or self.usage.completion_tokens,
            cached or self.usage.cached_tokens,
        )
