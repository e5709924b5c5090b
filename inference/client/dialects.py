"""Differences of OpenAI-compatible servers: thinking switch, sampling, name of the token limit."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from inference.types import ImagePart, Message, ModelRequest, ToolSpec

# The sampling that K2.6 recommends, by whether it thinks. top_p is the same for both.
TEMPERATURE = {True: 1.0, False: 0.6}
TOP_P = 0.95


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one kind of server accepts.

    `template`: the thinking switch is an argument of the chat template. `sampling`: temperature and
    top_p may be sent. `limit`: the name of the token limit. `counting`: the server can report token
    counts with every chunk, so that the speed of a stream and the cost of an interrupted answer are
    known.
    """

    name: str
    template: bool
    sampling: bool
    limit: str = "max_tokens"
    counting: bool = False

    @property
    def stream_options(self) -> dict[str, bool]:
        options = {"include_usage": True}
        if self.counting:
            options["continuous_usage_stats"] = True
        return options

    def make_switch(self, thinking: bool) -> dict[str, Any]:
        """Return the fields of a request that turn thinking on or off."""
        if self.template:
            return {"chat_template_kwargs": {"thinking": thinking}}
        return {"thinking": {"type": "enabled" if thinking else "disabled"}}


DIALECTS: Mapping[str, Dialect] = {
    "vllm": Dialect("vllm", template=True, sampling=True, counting=True),
    # KTransformers serves through SGLang.
    "sglang": Dialect("sglang", template=True, sampling=True, counting=True),
    "moonshot": Dialect("moonshot", template=False, sampling=False, limit="max_completion_tokens"),
    "generic": Dialect("generic", template=True, sampling=True),
}
OWNERS = {"vllm": "vllm", "sglang": "sglang", "moonshot": "moonshot", "ktransformers": "sglang"}


def recognize_dialect(url: str, owner: str) -> Dialect:
    """Return the dialect by the URL's host, else by the owner in the model list, else generic."""
    host = urlsplit(url).hostname or ""
    if host.endswith(("moonshot.ai", "moonshot.cn", "kimi.ai", "kimi.com")):
        return DIALECTS["moonshot"]
    return DIALECTS[OWNERS.get(owner.lower(), "generic")]


def build_body(
    request: ModelRequest, model: str, dialect: Dialect, *, switch: bool, vision: bool
) -> dict[str, Any]:
    """Return the request as JSON, with the thinking switch if `switch`, pictures if `vision`."""
    out: dict[str, Any] = {
        "model": model,
        "messages": [_build_message(message, vision) for message in request.messages],
        "stream": True,
        "stream_options": dialect.stream_options,
        dialect.limit: request.max_tokens,
    }
    if dialect.sampling:
        default = TEMPERATURE[request.thinking]
        out["temperature"] = default if request.temperature is None else request.temperature
        out["top_p"] = TOP_P if request.top_p is None else request.top_p
    if request.seed is not None:
        out["seed"] = request.seed
    if request.tools:
        out["tools"] = [_build_tool(tool) for tool in request.tools]
    if switch:
        out |= dialect.make_switch(request.thinking)
    return out


def _build_message(message: Message, vision: bool) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    for part in message.parts:
        if not isinstance(part, ImagePart):
            parts.append({"type": "text", "text": part.text})
        elif vision:
            url = f"data:{part.media_type};base64,{base64.b64encode(part.data).decode()}"
            parts.append({"type": "image_url", "image_url": {"url": url}})
    out: dict[str, Any] = {"role": message.role, "content": parts}
    if all(part["type"] == "text" for part in parts):
        out["content"] = "\n\n".join(part["text"] for part in parts)
    if message.answers:
        out["tool_call_id"] = message.answers
    if message.calls:
        out["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in message.calls
        ]
    return out


def _build_tool(tool: ToolSpec) -> dict[str, Any]:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.schema),
    }
    return {"type": "function", "function": function}
