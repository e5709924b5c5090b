"""Anthropic's messages: what is asked, turned into OpenAI's messages, which the chat template
knows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from inference.server.asking import Asking, unpacked
from inference.server.fields import Fields
from inference.server.schemas import check_schema

PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")
SMALLEST_BUDGET = 1024
MOST_TOKENS = 2**31 - 1


@dataclass(frozen=True)
class MessagesRequest:
    asking: Asking
    stream: bool


def read_messages_request(body: Any, *, counting: bool = False) -> MessagesRequest:
    """`counting`: for count_tokens, which needs no max_tokens. Raises Refused."""
    fields = Fields(body)
    fields.only("top_k", 0)
    limit = fields.whole("max_tokens", 1, MOST_TOKENS)
    if limit is None and not counting:
        raise fields.wrong("max_tokens", f"are whole numbers from 1 to {MOST_TOKENS}")
    reading = _Reading()
    reading.system(fields)
    for message in fields.objects("messages", needed=True):
        reading.message(message)
    choice = fields.object("tool_choice")
    tools = (
        [] if choice.values and choice.one_of("type", "auto", "none") == "none" else _tools(fields)
    )
    asking = Asking(
        messages=reading.messages,
        pictures=reading.pictures,
        tools=tools,
        thinking=_thinking(fields, limit),
        max_tokens=limit,
        temperature=fields.real("temperature", 0, 1),
        top_p=fields.real("top_p", 0, 1),
        stop=fields.strings("stop_sequences", 16),
    )
    return MessagesRequest(asking, fields.flag("stream", False))


class _Reading:
    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.pictures: dict[str, bytes] = {}

    def system(self, fields: Fields) -> None:
        system = fields.get("system")
        if isinstance(system, list):
            for block in fields.objects("system"):
                block.one_of("type", "text")
            system = "\n\n".join(block.text("text") for block in fields.objects("system"))
        elif system is not None:
            fields.text("system")
        if system:
            self.messages.append({"role": "system", "content": system})

    def message(self, message: Fields) -> None:
        role = message.one_of("role", "user", "assistant")
        content = message.get("content")
        if isinstance(content, str):
            self.messages.append({"role": role, "content": content})
        elif not isinstance(content, list):
            raise message.wrong("content", "are a string and a list of blocks")
        elif role == "user":
            self._user(message.objects("content"))
        else:
            self._assistant(message.objects("content"))

    def _user(self, blocks: list[Fields]) -> None:
        """Tools' results are messages of their own, before what the person says."""
        parts = []
        for block in blocks:
            if block.one_of("type", "text", "image", "tool_result") == "tool_result":
                content = block.get("content")
                inner = (
                    [self._part(one) for one in block.objects("content")]
                    if isinstance(content, list)
                    else content
                )
                self.messages.append(
                    {"role": "tool", "tool_call_id": block.text("tool_use_id"), "content": inner}
                )
            else:
                parts.append(self._part(block))
        if parts:
            self.messages.append({"role": "user", "content": parts})

    def _part(self, block: Fields) -> dict[str, Any]:
        if block.one_of("type", "text", "image") == "text":
            return {"type": "text", "text": block.text("text")}
        source = block.object("source")
        source.one_of("type", "base64")
        source.one_of("media_type", *PICTURES)
        self.pictures[source.path("data")] = unpacked(source.text("data"), source.path("data"))
        return {"type": "image_url"}

    def _assistant(self, blocks: list[Fields]) -> None:
        text, thought = "", ""
        calls = []
        for block in blocks:
            kind = block.one_of("type", "text", "thinking", "redacted_thinking", "tool_use")
            if kind == "text":
                text += block.text("text")
            elif kind == "thinking":
                thought += block.text("thinking")
            elif kind == "tool_use":
                arguments = json.dumps(block.object("input").values, ensure_ascii=False)
                calls.append(
                    {
                        "id": block.text("id"),
                        "function": {"name": block.text("name"), "arguments": arguments},
                    }
                )
        message: dict[str, Any] = {
            "role": "assistant",
            "content": text,
            "reasoning_content": thought,
        }
        self.messages.append({**message, "tool_calls": calls} if calls else message)


def _tools(fields: Fields) -> list[Any]:
    for tool in fields.objects("tools"):
        check_schema(tool.object("input_schema"))
    return [
        {
            "type": "function",
            "function": {
                "name": tool.text("name"),
                "description": tool.get("description"),
                "parameters": tool.object("input_schema").values,
            },
        }
        for tool in fields.objects("tools")
    ]


def _thinking(fields: Fields, limit: int | None) -> bool:
    """Off unless asked for, as Anthropic has it. The budget is checked and no more: K2.6 has no way
    to keep to one.
    """
    thinking = fields.object("thinking")
    if not thinking.values:
        return False
    kind = thinking.one_of("type", "enabled", "disabled", "adaptive")
    if (
        kind == "enabled"
        and limit is not None
        and thinking.whole("budget_tokens", SMALLEST_BUDGET, limit - 1) is None
    ):
        raise thinking.wrong(
            "budget_tokens", f"are whole numbers from {SMALLEST_BUDGET} to below max_tokens"
        )
    return kind != "disabled"
