"""OpenAI's chat completions: what is answered, whole or as a stream."""

from __future__ import annotations

import time
import uuid
from typing import Any

from inference.chat.answer import AnswerPart, AnswerReader
from inference.engine.sequence import Token, Update
from inference.engine.service import Service
from inference.server.errors import Refused
from inference.server.exchange import Exchange
from inference.server.openai_asking import Completion

REASONS = {"stop": "stop", "length": "length", "cancelled": "stop"}


class Choice:
    """One of a completion's answers, as far as it has come."""

    def __init__(self, index: int, thinking: bool, service: Service) -> None:
        self.index, self.reader, self._service = index, AnswerReader(thinking), service
        self.tokens = self.cached = 0
        self.reason: str | None = None

    def read(self, update: Update) -> tuple[list[AnswerPart], list[dict[str, Any]]]:
        """(what it says now, the log-probabilities of the answer's own tokens)."""
        if update.finish == "error":
            raise Refused("The engine failed on this request; its log says why.", status=500)
        parts: list[AnswerPart] = []
        logprobs = []
        for token in update.tokens:
            if self.reader.state == "answer" and self._is_text(token) and token.logprob is not None:
                logprobs.append(self._logprob(token))
            parts += self.reader.read(token)
        parts += self.reader.text(update.text)
        self.tokens += len(update.tokens)
        self.cached = update.cached
        if update.finish:
            self.reason = (
                "tool_calls"
                if self.reader.calls and update.finish == "stop"
                else REASONS[update.finish]
            )
        return parts, logprobs

    def _is_text(self, token: Token) -> bool:
        return token.mark is None and token.id not in self._service.stop_ids

    def _logprob(self, token: Token) -> dict[str, Any]:
        top = [self._entry(id, value) for id, value in token.top]
        return {**self._entry(token.id, token.logprob), "top_logprobs": top}

    def _entry(self, id: int, value: float | None) -> dict[str, Any]:
        data = self._service.tokenizer.decode_bytes([id])
        return {"token": data.decode("utf-8", "replace"), "bytes": list(data), "logprob": value}


async def complete(service: Service, exchange: Exchange, completion: Completion) -> None:
    asking = completion.asking
    requests = await asking.requests(service)
    choices = [Choice(index, asking.thinking, service) for index in range(asking.choices)]
    head = {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "created": int(time.time()),
        "model": service.name,
    }
    prompt = len(requests[0].prompt)
    async with asking.start(service, requests) as conversation:
        if completion.stream:
            await _stream(exchange, conversation, choices, head, prompt, completion)
        else:
            await _whole(exchange, conversation, choices, head, prompt, completion)


async def _stream(
    exchange: Exchange,
    conversation: Any,
    choices: list[Choice],
    head: Any,
    prompt: int,
    completion: Completion,
) -> None:
    head = {**head, "object": "chat.completion.chunk"}

    async def chunk(choice: Choice, delta: Any, logprobs: Any = None) -> None:
        entry = {"index": choice.index, "delta": delta, "finish_reason": None, "logprobs": logprobs}
        await exchange.event({**head, "choices": [entry]})

    begun: set[int] = set()
    async for index, update in conversation:
        choice = choices[index]
        parts, logprobs = choice.read(update)
        if index not in begun:
            begun.add(index)
            await chunk(choice, {"role": "assistant", "content": ""})
        for part in parts:
            await chunk(choice, _delta(part))
        if logprobs:
            await chunk(choice, {}, {"content": logprobs, "refusal": None})
        if update.finish:
            entry = {"index": index, "delta": {}, "finish_reason": choice.reason, "logprobs": None}
            await exchange.event({**head, "choices": [entry]})
    if completion.include_usage:
        await exchange.event({**head, "choices": [], "usage": _usage(prompt, choices)})
    await exchange.event("[DONE]")
    await exchange.end()


async def _whole(
    exchange: Exchange,
    conversation: Any,
    choices: list[Choice],
    head: Any,
    prompt: int,
    completion: Completion,
) -> None:
    said: list[list[AnswerPart]] = [[] for _ in choices]
    logprobs: list[list[dict[str, Any]]] = [[] for _ in choices]
    async for index, update in conversation:
        parts, more = choices[index].read(update)
        said[index] += parts
        logprobs[index] += more
    wanted = completion.asking.logprobs is not None
    entries = [
        {
            "index": choice.index,
            "message": _message(said[choice.index]),
            "finish_reason": choice.reason,
            "logprobs": {"content": logprobs[choice.index], "refusal": None} if wanted else None,
        }
        for choice in choices
    ]
    usage = _usage(prompt, choices)
    await exchange.answer({**head, "object": "chat.completion", "choices": entries, "usage": usage})


def _delta(part: AnswerPart) -> dict[str, Any]:
    if part.kind == "thinking":
        return {"reasoning_content": part.text, "reasoning": part.text}
    if part.kind == "answer":
        return {"content": part.text}
    if part.kind == "call":
        function = {"name": part.name, "arguments": ""}
        return {
            "tool_calls": [
                {"index": part.index, "id": part.text, "type": "function", "function": function}
            ]
        }
    return {"tool_calls": [{"index": part.index, "function": {"arguments": part.text}}]}


def _message(parts: list[AnswerPart]) -> dict[str, Any]:
    def text(kind: str, index: int = 0) -> str:
        return "".join(part.text for part in parts if part.kind == kind and part.index == index)

    message: dict[str, Any] = {"role": "assistant", "content": text("answer") or None}
    if thought := text("thinking"):
        message |= {"reasoning_content": thought, "reasoning": thought}
    calls = [part for part in parts if part.kind == "call"]
    if calls:
        message["tool_calls"] = [
            {
                "id": call.text,
                "type": "function",
                "function": {"name": call.name, "arguments": text("arguments", call.index)},
            }
            for call in calls
        ]
    elif message["content"] is None:
        message["content"] = ""
    return message


def _usage(prompt: int, choices: list[Choice]) -> dict[str, Any]:
    completion = sum(choice.tokens for choice in choices)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": choices[0].cached},
        "completion_tokens_details": {
            "reasoning_tokens": sum(choice.reader.thought_tokens for choice in choices)
        },
    }
