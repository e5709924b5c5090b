"""A request of OpenAI's chat completions."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from inference.client.adaptation import Adaptation
from inference.client.dialects import TEMPERATURE, TOP_P, Dialect
from inference.types import ImagePart, Message, ModelRequest, TextPart, ToolCall, ToolSpec

# Degrees of effort. The models differ in their lowest one ("none", "minimal"), but all know "low".
EFFORT = {True: "medium", False: "low"}

SCHEMA_NAME = "answer"  # OpenAI wants a name for a schema


def build_chat_body(
    request: ModelRequest, model: str, dialect: Dialect, adaptation: Adaptation, limit: int
) -> dict[str, Any]:
    """Return the request as JSON. `limit`: the most tokens of the answer."""
    pictures = adaptation.sends("pictures")
    messages = arrange_messages(request.messages, adaptation)
    body: dict[str, Any] = {
        "model": model,
        "messages": [_build_message(message, pictures) for message in messages],
        "stream": True,
        **choose_sampling_fields(request, dialect, adaptation),
    }
    if request.tools:
        body["tools"] = [_build_tool(tool) for tool in request.tools]
    if adaptation.sends("limit"):
        body[adaptation.name_limit(dialect.limit)] = limit
    if adaptation.sends("usage"):
        body["stream_options"] = {"include_usage": True}
        if dialect.counting and adaptation.sends("counting"):
            body["stream_options"]["continuous_usage_stats"] = True
    if request.seed is not None and adaptation.sends("seed"):
        body["seed"] = request.seed
    if request.schema is not None and adaptation.sends("schema"):
        form = {"name": SCHEMA_NAME, "schema": dict(request.schema), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    if adaptation.sends("switch"):
        body |= _make_switch(dialect, request.thinking)
    return body


def choose_sampling_fields(
    request: ModelRequest, dialect: Dialect, adaptation: Adaptation
) -> dict[str, float]:
    """Return temperature and top_p as far as they may be sent."""
    fields: dict[str, float] = {}
    usual = {"temperature": TEMPERATURE[request.thinking], "top_p": TOP_P}
    if adaptation.sends("temperature"):
        if request.temperature is not None:
            fields["temperature"] = request.temperature
        elif dialect.sampling:
            fields["temperature"] = usual["temperature"]
    if adaptation.sends("top_p"):
        if request.top_p is not None:
            fields["top_p"] = request.top_p
        elif dialect.sampling:
            fields["top_p"] = usual["top_p"]
    return fields


def arrange_messages(messages: tuple[Message, ...], adaptation: Adaptation) -> tuple[Message, ...]:
    """Return the messages; without the role "system", its text opens the first user message."""
    if adaptation.sends("role"):
        return messages
    system = [part for message in messages if message.role == "system" for part in message.parts]
    others = [message for message in messages if message.role != "system"]
    if not system or not others:
        return messages
    first = replace(others[0], parts=(*system, *others[0].parts))
    return (first, *others[1:])


def join_texts(message: Message) -> str:
    """Return the texts of a message, with an empty line between them."""
    return "\n\n".join(part.text for part in message.parts if isinstance(part, TextPart))


def encode_picture(part: ImagePart) -> str:
    return base64.b64encode(part.data).decode()


def make_data_url(part: ImagePart) -> str:
    return f"data:{part.media_type};base64,{encode_picture(part)}"


def has_pictures(message: Message) -> bool:
    return any(isinstance(part, ImagePart) for part in message.parts)


def _make_switch(dialect: Dialect, thinking: bool) -> dict[str, Any]:
    """Return the fields that turn thinking on or off."""
    if dialect.switch == "template":
        return {"chat_template_kwargs": {"thinking": thinking}}
    if dialect.switch == "thinking":
        return {"thinking": {"type": "enabled" if thinking else "disabled"}}
    return {"reasoning_effort": EFFORT[thinking]}


def _build_message(message: Message, pictures: bool) -> dict[str, Any]:
    if message.answers:
        content = join_texts(message)
        return {"role": "tool", "tool_call_id": message.answers, "content": content}
    if message.calls:
        calls = [_build_call(call) for call in message.calls]
        return {"role": message.role, "content": join_texts(message), "tool_calls": calls}
    if not pictures or not has_pictures(message):
        return {"role": message.role, "content": join_texts(message)}
    parts: list[dict[str, Any]] = []
    for part in message.parts:
        if isinstance(part, ImagePart):
            parts.append({"type": "image_url", "image_url": {"url": make_data_url(part)}})
        else:
            parts.append({"type": "text", "text": part.text})
    return {"role": message.role, "content": parts}


def _build_tool(tool: ToolSpec) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description}
    return {"type": "function", "function": {**function, "parameters": dict(tool.schema)}}


def _build_call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}
