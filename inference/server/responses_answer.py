"""OpenAI's Responses API: what is answered, as items, whole or as a stream of events."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from inference.chat.answer import AnswerPart, AnswerReader
from inference.engine.sequence import Token, Update
from inference.engine.service import Service
from inference.server.errors import Refused
from inference.server.logprobs import tell_logprob
from inference.server.response_items import seal_thought
from inference.server.responses_request import ResponseAsk, ResponsesRequest
from inference.server.stream import Event, check_finish

KINDS = {"thinking": "reasoning", "answer": "message"}


class ResponseWriter:
    """See `stream.AnswerWriter`. `_items` is what the events add up to."""

    def __init__(
        self,
        service: Service,
        request: ResponsesRequest,
        ask: ResponseAsk,
        model: str,
        prompt: int,
        keep: Callable[[dict[str, Any]], None] = lambda told: None,
    ) -> None:
        """`keep` is given the response as it is told, once it is over."""
        self._keep = keep
        self._service, self._ask, self._prompt = service, ask, prompt
        self._reader = AnswerReader(ask.chat.begins_in_thought, ask.chat.call_ids)
        self._items: list[dict[str, Any]] = []
        self._logprobs: list[dict[str, Any]] = []
        self._open = False
        self._text = ""
        self._tokens = self._cached = self._number = 0
        self._status = "in_progress"
        self._incomplete: dict[str, Any] | None = None
        self._error: dict[str, Any] | None = None
        self._head = _head(request, model)

    def begin(self) -> list[Event]:
        """Return the events that a response has begun."""
        told = self._told(usage=False)
        created = self._event("response.created", response=told)
        return [created, self._event("response.in_progress", response=told)]

    def read(self, index: int, update: Update) -> list[Event]:
        """Take an update and return its events."""
        check_finish(update)
        self._tokens += len(update.tokens)
        self._cached = update.cached
        events: list[Event] = []
        for token in update.tokens:
            logprobs = self._logprobs_of(token)
            for part in self._reader.read(token):
                events += self._tell(part, logprobs)
        for part in self._reader.text(update.text):
            events += self._tell(part, [])
        if update.finish:
            events += self._close("incomplete" if update.finish == "length" else "completed")
            self._status = "completed"
            if update.finish == "length":
                self._status = "incomplete"
                self._incomplete = {"reason": "max_output_tokens"}
            self._keep(self.whole())
        return events

    def end(self) -> list[Event]:
        """Return the event that the response is over."""
        return [self._event(f"response.{self._status}", response=self.whole())]

    def whole(self) -> dict[str, Any]:
        """Return the response."""
        return self._told(usage=True)

    def fail(self, refused: Refused) -> list[Event]:
        """Return the event that the response failed."""
        self._status = "failed"
        code = refused.code or ("server_error" if refused.status >= 500 else "invalid_prompt")
        self._error = {"code": code, "message": refused.message}
        return [self._event("response.failed", response=self.whole())]

    def _told(self, *, usage: bool) -> dict[str, Any]:
        told = {
            **self._head,
            "status": self._status,
            "output": list(self._items),
            "error": self._error,
            "incomplete_details": self._incomplete,
            "usage": self._usage() if usage else None,
        }
        if self._status in ("completed", "incomplete"):
            told["completed_at"] = int(time.time())
        return told

    def _usage(self) -> dict[str, Any]:
        return {
            "input_tokens": self._prompt,
            "input_tokens_details": {"cached_tokens": self._cached},
            "output_tokens": self._tokens,
            "output_tokens_details": {"reasoning_tokens": self._reader.thought_tokens},
            "total_tokens": self._prompt + self._tokens,
        }

    def _logprobs_of(self, token: Token) -> list[dict[str, Any]]:
        special = token.mark is not None or token.id in self._service.stop_ids
        if token.logprob is None or special or self._reader.state != "answer":
            return []
        return [tell_logprob(token, self._service.tokenizer)]

    def _tell(self, part: AnswerPart, logprobs: list[dict[str, Any]]) -> list[Event]:
        if part.kind == "call":
            return self._start(self._call_item(part))
        events: list[Event] = []
        if part.kind != "arguments":
            kind = KINDS[part.kind]
            if not self._open or self._items[-1]["type"] != kind:
                events += self._start(_text_item(kind))
                events.append(self._part_event("added", kind, ""))
        self._text += part.text
        return [*events, *self._delta(part, logprobs)]

    def _delta(self, part: AnswerPart, logprobs: list[dict[str, Any]]) -> list[Event]:
        kind = self._items[-1]["type"]
        if kind == "reasoning":
            return [
                self._item_event("response.reasoning_text.delta", content_index=0, delta=part.text)
            ]
        if kind == "message":
            self._logprobs += logprobs
            told = {"content_index": 0, "delta": part.text, "logprobs": logprobs}
            return [self._item_event("response.output_text.delta", **told)]
        if kind == "custom_tool_call":
            return []  # its text stands inside JSON, and is told once that is whole
        return [self._item_event("response.function_call_arguments.delta", delta=part.text)]

    def _start(self, item: dict[str, Any]) -> list[Event]:
        events = self._close("completed")
        self._items.append(item)
        self._open, self._text, self._logprobs = True, "", []
        place = len(self._items) - 1
        added = self._event("response.output_item.added", output_index=place, item=dict(item))
        return [*events, added]

    def _close(self, status: str) -> list[Event]:
        """Return the events that end the open item, which gets its whole text."""
        if not self._open:
            return []
        self._open = False
        item = self._items[-1]
        events = self._finish_item(item)
        if "status" in item:
            item["status"] = status
        place = len(self._items) - 1
        return [
            *events,
            self._event("response.output_item.done", output_index=place, item=dict(item)),
        ]

    def _finish_item(self, item: dict[str, Any]) -> list[Event]:
        text, kind = self._text, item["type"]
        if kind == "function_call":
            item["arguments"] = text
            told = {"arguments": text, "name": item["name"]}
            return [self._item_event("response.function_call_arguments.done", **told)]
        if kind == "custom_tool_call":
            item["input"] = _read_input(text)
            delta = self._item_event("response.custom_tool_call_input.delta", delta=item["input"])
            done = self._item_event("response.custom_tool_call_input.done", input=item["input"])
            return [delta, done]
        item["content"] = [_content(kind, text, self._logprobs)]
        if kind == "reasoning":
            if self._ask.sealed:
                item["encrypted_content"] = seal_thought(text)
            event = self._item_event("response.reasoning_text.done", content_index=0, text=text)
        else:
            told = {"content_index": 0, "text": text, "logprobs": self._logprobs}
            event = self._item_event("response.output_text.done", **told)
        return [event, self._part_event("done", kind, text)]

    def _part_event(self, what: str, kind: str, text: str) -> Event:
        part = _content(kind, text, self._logprobs)
        return self._item_event(f"response.content_part.{what}", content_index=0, part=part)

    def _call_item(self, part: AnswerPart) -> dict[str, Any]:
        namespace, name = self._ask.names.spaces.get(part.name, (None, part.name))
        item: dict[str, Any] = {"status": "in_progress", "call_id": part.text, "name": name}
        if namespace:
            item["namespace"] = namespace
        if part.name in self._ask.names.custom:
            return {"type": "custom_tool_call", "id": _id("ctc"), "input": "", **item}
        return {"type": "function_call", "id": _id("fc"), "arguments": "", **item}

    def _item_event(self, kind: str, /, **fields: Any) -> Event:
        place = len(self._items) - 1
        return self._event(kind, item_id=self._items[-1]["id"], output_index=place, **fields)

    def _event(self, kind: str, /, **fields: Any) -> Event:
        told = {"type": kind, "sequence_number": self._number, **fields}
        self._number += 1
        return Event(told, kind)


def _head(request: ResponsesRequest, model: str) -> dict[str, Any]:
    """Return the fields of a response that say what was asked."""
    form, choice = request.text.format or {"type": "text"}, request.tool_choice
    asked = request.model_dump(
        include={"instructions", "max_output_tokens", "parallel_tool_calls", "temperature", "top_p"}
    )
    extra = request.model_extra or {}
    return {
        "id": _id("resp"),
        "object": "response",
        "created_at": int(time.time()),
        "model": model,
        **asked,
        "previous_response_id": request.previous_response_id,
        "reasoning": {"effort": request.reasoning.effort, "summary": None},
        "store": request.store,
        "text": {"format": form},
        "tool_choice": choice if isinstance(choice, str) else choice.model_dump(exclude_none=True),
        "tools": request.tools,
        "truncation": "disabled",
        "metadata": extra.get("metadata") or {},
        "background": False,
    }


def _text_item(kind: str) -> dict[str, Any]:
    if kind == "reasoning":
        return {"type": "reasoning", "id": _id("rs"), "summary": [], "content": []}
    head = {"type": "message", "id": _id("msg"), "status": "in_progress", "role": "assistant"}
    return {**head, "content": []}


def _content(kind: str, text: str, logprobs: list[dict[str, Any]]) -> dict[str, Any]:
    if kind == "reasoning":
        return {"type": "reasoning_text", "text": text}
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": list(logprobs)}


def _read_input(arguments: str) -> str:
    """Return the text in a custom tool's arguments; arguments of another form as they are."""
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    text = value.get("input") if isinstance(value, dict) else None
    return text if isinstance(text, str) else arguments


def _id(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex}"
