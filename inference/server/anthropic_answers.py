"""Anthropic's messages: what is answered, as blocks, whole or as a stream of events."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from inference.chat.answer import AnswerPart, AnswerReader
from inference.engine.live import Conversation
from inference.engine.sequence import Update
from inference.engine.service import Service
from inference.server.anthropic_asking import MessagesRequest
from inference.server.errors import Refused
from inference.server.exchange import Exchange

Event = dict[str, Any]
DELTAS = {
    "thinking": ("thinking_delta", "thinking"),
    "answer": ("text_delta", "text"),
    "arguments": ("input_json_delta", "partial_json"),
}


@dataclass
class Message:
    """An answer on its way: updates in, events out; `blocks` is what they add up to."""

    head: dict[str, Any]
    prompt: int
    reader: AnswerReader
    blocks: list[dict[str, Any]] = field(default_factory=list)
    tokens: int = 0
    cached: int = 0
    stop_reason: str | None = None
    stop_sequence: str | None = None
    _json: str = ""
    _begun: bool = False
    _open: bool = False

    def read(self, update: Update) -> list[Event]:
        if update.finish == "error":
            raise Refused("The engine failed on this request; its log says why.", status=500)
        self.tokens += len(update.tokens)
        self.cached = update.cached
        events: list[Event] = []
        if not self._begun:
            self._begun = True
            events.append({"type": "message_start", "message": {**self.whole(), "content": []}})
        for token in update.tokens:
            events += [event for part in self.reader.read(token) for event in self._part(part)]
        events += [event for part in self.reader.text(update.text) for event in self._part(part)]
        if update.finish:
            events += [*self._close(), *self._end(update)]
        return events

    def whole(self) -> dict[str, Any]:
        usage = {
            "input_tokens": self.prompt - self.cached,
            "cache_read_input_tokens": self.cached,
            "cache_creation_input_tokens": 0,
            "output_tokens": self.tokens,
        }
        ends = {"stop_reason": self.stop_reason, "stop_sequence": self.stop_sequence}
        return {**self.head, "content": self.blocks, **ends, "usage": usage}

    def _part(self, part: AnswerPart) -> list[Event]:
        events: list[Event] = []
        if part.kind == "call":
            return self._start(
                {"type": "tool_use", "id": part.text, "name": part.name, "input": {}}
            )
        delta, key = DELTAS[part.kind]
        if part.kind == "arguments":
            self._json += part.text
        else:
            kind = "thinking" if part.kind == "thinking" else "text"
            if not self._open or self.blocks[-1]["type"] != kind:
                events += self._start(
                    {"type": kind, key: "", **({"signature": ""} if kind == "thinking" else {})}
                )
            self.blocks[-1][key] += part.text
        return [*events, self._delta({"type": delta, key: part.text})]

    def _start(self, block: dict[str, Any]) -> list[Event]:
        events = self._close()
        self.blocks.append(block)
        self._open, self._json = True, ""
        # A copy: the block grows before it is sent.
        return [
            *events,
            {
                "type": "content_block_start",
                "index": len(self.blocks) - 1,
                "content_block": {**block},
            },
        ]

    def _close(self) -> list[Event]:
        if not self._open:
            return []
        self._open = False
        events: list[Event] = []
        if self.blocks[-1]["type"] == "thinking":
            events.append(self._delta({"type": "signature_delta", "signature": ""}))
        if self.blocks[-1]["type"] == "tool_use":
            self.blocks[-1]["input"] = _object(self._json)
        return [*events, {"type": "content_block_stop", "index": len(self.blocks) - 1}]

    def _delta(self, delta: dict[str, Any]) -> Event:
        return {"type": "content_block_delta", "index": len(self.blocks) - 1, "delta": delta}

    def _end(self, update: Update) -> list[Event]:
        self.stop_sequence = update.stop
        if update.finish == "length":
            self.stop_reason = "max_tokens"
        elif self.reader.calls:
            self.stop_reason = "tool_use"
        else:
            self.stop_reason = "stop_sequence" if update.stop else "end_turn"
        whole = self.whole()
        ends = {"stop_reason": self.stop_reason, "stop_sequence": self.stop_sequence}
        return [
            {"type": "message_delta", "delta": ends, "usage": whole["usage"]},
            {"type": "message_stop"},
        ]


async def answer_message(service: Service, exchange: Exchange, request: MessagesRequest) -> None:
    requests = await request.asking.requests(service)
    head = {
        "id": f"msg_{uuid.uuid4().hex}",
        "type": "message",
        "role": "assistant",
        "model": service.name,
    }
    message = Message(head, len(requests[0].prompt), AnswerReader(request.asking.thinking))
    async with request.asking.start(service, requests) as conversation:
        await _tell(exchange, conversation, message, request.stream)


async def _tell(
    exchange: Exchange, conversation: Conversation, message: Message, stream: bool
) -> None:
    async for _, update in conversation:
        events = message.read(update)
        if stream:
            for event in events:
                await exchange.event(event, event["type"])
    if stream:
        await exchange.end()
    else:
        await exchange.answer(message.whole())


def _object(text: str) -> Any:
    """A tool's input has to be an object; arguments that are none, such as those cut off, are told
    as they were.
    """
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {"_unparsed": text}
    return value if isinstance(value, dict) else {"_unparsed": text}
