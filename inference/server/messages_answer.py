"""Anthropic's messages: what is answered, as blocks, whole or as a stream of events."""

from __future__ import annotations

import json
import uuid
from typing import Any

from inference.chat.answer import AnswerPart, AnswerReader
from inference.engine.sequence import Update
from inference.server.errors import Refused, anthropic_error
from inference.server.messages_request import MessageAsk
from inference.server.stream import Event, check_finish

DELTAS = {
    "thinking": ("thinking_delta", "thinking"),
    "answer": ("text_delta", "text"),
    "arguments": ("input_json_delta", "partial_json"),
}


class MessageWriter:
    """See `stream.AnswerWriter`. `_blocks` is what the events add up to."""

    def __init__(self, ask: MessageAsk, model: str, prompt: int) -> None:
        self._reader = AnswerReader(ask.chat.begins_in_thought, ask.chat.call_ids)
        head = {"id": f"msg_{uuid.uuid4().hex}", "type": "message", "role": "assistant"}
        self._head = {**head, "model": model}
        self._prompt, self._tokens, self._cached = prompt, 0, 0
        self._blocks: list[dict[str, Any]] = []
        self._stop_reason: str | None = None
        self._stop_sequence: str | None = None
        self._json = ""
        self._begun = self._open = False

    def begin(self) -> list[Event]:
        """Return nothing: message_start tells how much of the prompt was cached."""
        return []

    def read(self, index: int, update: Update) -> list[Event]:
        """Take an update and return its events."""
        check_finish(update)
        self._tokens += len(update.tokens)
        self._cached = update.cached
        events: list[Event] = []
        if not self._begun:
            self._begun = True
            events.append(_event("message_start", message={**self.whole(), "content": []}))
        for token in update.tokens:
            for part in self._reader.read(token):
                events += self._tell(part)
        for part in self._reader.text(update.text):
            events += self._tell(part)
        if update.finish:
            events += [*self._close(), *self._finish(update)]
        return events

    def end(self) -> list[Event]:
        """Return nothing: message_stop came with the last update."""
        return []

    def whole(self) -> dict[str, Any]:
        """Return the message."""
        usage = {
            "input_tokens": self._prompt - self._cached,
            "cache_read_input_tokens": self._cached,
            "cache_creation_input_tokens": 0,
            "output_tokens": self._tokens,
        }
        return {**self._head, "content": self._blocks, **self._ends(), "usage": usage}

    def fail(self, refused: Refused) -> list[Event]:
        """Return the error as the last event."""
        return [Event(anthropic_error(refused), "error")]

    def _tell(self, part: AnswerPart) -> list[Event]:
        if part.kind == "call":
            call = {"type": "tool_use", "id": part.text, "name": part.name, "input": {}}
            return self._start(call)
        delta, key = DELTAS[part.kind]
        events: list[Event] = []
        if part.kind == "arguments":
            self._json += part.text
        else:
            kind = "thinking" if part.kind == "thinking" else "text"
            if not self._open or self._blocks[-1]["type"] != kind:
                signature = {"signature": ""} if kind == "thinking" else {}
                events += self._start({"type": kind, key: "", **signature})
            self._blocks[-1][key] += part.text
        return [*events, self._delta({"type": delta, key: part.text})]

    def _start(self, block: dict[str, Any]) -> list[Event]:
        events = self._close()
        self._blocks.append(block)
        self._open, self._json = True, ""
        # A copy: the block grows before it is sent.
        place = len(self._blocks) - 1
        return [*events, _event("content_block_start", index=place, content_block={**block})]

    def _close(self) -> list[Event]:
        if not self._open:
            return []
        self._open = False
        events: list[Event] = []
        block = self._blocks[-1]
        if block["type"] == "thinking":
            events.append(self._delta({"type": "signature_delta", "signature": ""}))
        if block["type"] == "tool_use":
            block["input"] = read_object(self._json)
        return [*events, _event("content_block_stop", index=len(self._blocks) - 1)]

    def _delta(self, delta: dict[str, Any]) -> Event:
        return _event("content_block_delta", index=len(self._blocks) - 1, delta=delta)

    def _finish(self, update: Update) -> list[Event]:
        self._stop_sequence = update.stop
        if update.finish == "length":
            self._stop_reason = "max_tokens"
        elif self._reader.calls:
            self._stop_reason = "tool_use"
        else:
            self._stop_reason = "stop_sequence" if update.stop else "end_turn"
        usage = self.whole()["usage"]
        return [_event("message_delta", delta=self._ends(), usage=usage), _event("message_stop")]

    def _ends(self) -> dict[str, Any]:
        return {"stop_reason": self._stop_reason, "stop_sequence": self._stop_sequence}


def _event(kind: str, /, **fields: Any) -> Event:
    return Event({"type": kind, **fields}, kind)


def read_object(text: str) -> dict[str, Any]:
    """Return a call's arguments, which have to be an object; others are told as they were."""
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {"_unparsed": text}
    return value if isinstance(value, dict) else {"_unparsed": text}
