"""OpenAI's chat completions: what is answered, whole or as a stream."""

from __future__ import annotations

import time
import uuid
from typing import Any

from inference.chat.answer import AnswerPart, AnswerReader
from inference.engine.sequence import Token, Update
from inference.engine.service import Service
from inference.server.chat_request import Completion
from inference.server.errors import Refused, openai_error
from inference.server.logprobs import tell_logprob
from inference.server.stream import Event, check_finish

REASONS = {"stop": "stop", "length": "length", "cancelled": "stop"}


class Choice:
    """One of a completion's answers, as far as it has come."""

    def __init__(self, index: int, completion: Completion, service: Service) -> None:
        chat = completion.chat
        self.index, self._service = index, service
        self.reader = AnswerReader(chat.begins_in_thought, chat.call_ids)
        self.parts: list[AnswerPart] = []
        self.logprobs: list[dict[str, Any]] = []
        self.tokens = self.cached = 0
        self.reason: str | None = None
        self._thoughts = completion.show_thoughts

    def read(self, update: Update) -> tuple[list[AnswerPart], list[dict[str, Any]]]:
        """Return (what it says now, the log-probabilities of the answer's own tokens)."""
        check_finish(update)
        parts: list[AnswerPart] = []
        logprobs = []
        for token in update.tokens:
            if self.reader.state == "answer" and self._is_text(token):
                logprobs.append(tell_logprob(token, self._service.tokenizer))
            parts += self.reader.read(token)
        parts += self.reader.text(update.text)
        self.tokens += len(update.tokens)
        self.cached = update.cached
        if update.finish:
            called = self.reader.calls and update.finish == "stop"
            self.reason = "tool_calls" if called else REASONS[update.finish]
        if not self._thoughts:
            parts = [part for part in parts if part.kind != "thinking"]
        self.parts += parts
        self.logprobs += logprobs
        return parts, logprobs

    def _is_text(self, token: Token) -> bool:
        stop = token.id in self._service.stop_ids
        return token.mark is None and not stop and token.logprob is not None


class CompletionWriter:
    """See `stream.AnswerWriter`."""

    def __init__(self, service: Service, completion: Completion, model: str, prompt: int) -> None:
        count = completion.wishes.choices
        self._completion, self._prompt = completion, prompt
        self._choices = [Choice(index, completion, service) for index in range(count)]
        self._begun: set[int] = set()
        created = int(time.time())
        self._head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": created, "model": model}

    def begin(self) -> list[Event]:
        """Return nothing: the first chunk tells the role once there is an answer."""
        return []

    def read(self, index: int, update: Update) -> list[Event]:
        """Take an update and return its chunks."""
        choice = self._choices[index]
        parts, logprobs = choice.read(update)
        deltas = [_delta(part) for part in parts]
        if index not in self._begun:
            self._begun.add(index)
            deltas.insert(0, {"role": "assistant", "content": ""})
        events = [self._chunk(choice, delta) for delta in deltas]
        if logprobs:
            events.append(self._chunk(choice, {}, {"content": logprobs, "refusal": None}))
        if update.finish:
            events.append(self._chunk(choice, {}, finish=choice.reason))
        return events

    def end(self) -> list[Event]:
        """Return the usage, where it is wished for, and the end."""
        done = [Event("[DONE]")]
        if not self._completion.include_usage:
            return done
        usage = {"choices": [], "usage": self._usage()}
        return [Event({**self._head, "object": "chat.completion.chunk", **usage}), *done]

    def whole(self) -> dict[str, Any]:
        """Return the completion."""
        wanted = self._completion.wishes.logprobs is not None
        entries = [
            {
                "index": choice.index,
                "message": _message(choice.parts),
                "finish_reason": choice.reason,
                "logprobs": {"content": choice.logprobs, "refusal": None} if wanted else None,
            }
            for choice in self._choices
        ]
        told = {"object": "chat.completion", "choices": entries, "usage": self._usage()}
        return {**self._head, **told}

    def fail(self, refused: Refused) -> list[Event]:
        """Return the error as the last event."""
        return [Event(openai_error(refused))]

    def _chunk(
        self, choice: Choice, delta: Any, logprobs: Any = None, finish: str | None = None
    ) -> Event:
        entry = {"index": choice.index, "delta": delta, "finish_reason": finish}
        told = {**self._head, "object": "chat.completion.chunk"}
        told["choices"] = [{**entry, "logprobs": logprobs}]
        if self._completion.always_count:
            told["usage"] = self._usage()
        return Event(told)

    def _usage(self) -> dict[str, Any]:
        completion = sum(choice.tokens for choice in self._choices)
        thought = sum(choice.reader.thought_tokens for choice in self._choices)
        return {
            "prompt_tokens": self._prompt,
            "completion_tokens": completion,
            "total_tokens": self._prompt + completion,
            "prompt_tokens_details": {"cached_tokens": self._choices[0].cached},
            "completion_tokens_details": {"reasoning_tokens": thought},
        }


def _delta(part: AnswerPart) -> dict[str, Any]:
    if part.kind == "thinking":
        # Moonshot's name alone: Kimi Code shows a thought twice that comes under two names.
        return {"reasoning_content": part.text}
    if part.kind == "answer":
        return {"content": part.text}
    call: dict[str, Any] = {"index": part.index}
    if part.kind == "call":
        function = {"name": part.name, "arguments": ""}
        return {"tool_calls": [{**call, "id": part.text, "type": "function", "function": function}]}
    return {"tool_calls": [{**call, "function": {"arguments": part.text}}]}


def join_parts(parts: list[AnswerPart], kind: str, index: int = 0) -> str:
    """Return the text of all parts of one kind, of one call where that is what they are of."""
    return "".join(part.text for part in parts if part.kind == kind and part.index == index)


def _message(parts: list[AnswerPart]) -> dict[str, Any]:
    message: dict[str, Any] = {
        "role": "assistant",
        "content": join_parts(parts, "answer") or None,
        "refusal": None,
    }
    if thought := join_parts(parts, "thinking"):
        message["reasoning_content"] = thought
    calls = []
    for part in parts:
        if part.kind == "call":
            arguments = join_parts(parts, "arguments", part.index)
            function = {"name": part.name, "arguments": arguments}
            calls.append({"id": part.text, "type": "function", "function": function})
    if calls:
        message["tool_calls"] = calls
    elif message["content"] is None:
        message["content"] = ""
    return message
