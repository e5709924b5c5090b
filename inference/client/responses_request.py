"""A request of OpenAI's responses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inference.client.adaptation import Adaptation
from inference.client.chat_request import (
    EFFORT,
    SCHEMA_NAME,
    arrange_messages,
    choose_sampling_fields,
    join_texts,
    make_data_url,
)
from inference.client.dialects import Dialect
from inference.types import ImagePart, Message, ModelRequest, ToolSpec


def build_responses_body(
    request: ModelRequest, model: str, dialect: Dialect, adaptation: Adaptation, limit: int
) -> dict[str, Any]:
    """Return the request as JSON. `limit`: the most tokens of thinking and answer."""
    pictures = adaptation.sends("pictures")
    messages = arrange_messages(request.messages, adaptation)
    body: dict[str, Any] = {
        "model": model,
        "input": [item for message in messages for item in _list_items(message, pictures)],
        "stream": True,
        "store": False,
        **choose_sampling_fields(request, dialect, adaptation),
    }
    if request.tools:
        body["tools"] = [_build_tool(tool) for tool in request.tools]
    if request.schema is not None and adaptation.sends("schema"):
        form = {"name": SCHEMA_NAME, "schema": dict(request.schema), "strict": True}
        body["text"] = {"format": {"type": "json_schema", **form}}
    if adaptation.sends("limit"):
        body["max_output_tokens"] = limit
    if adaptation.sends("switch"):
        body["reasoning"] = {"effort": EFFORT[request.thinking]}
        if request.thinking and adaptation.sends("summary"):
            body["reasoning"]["summary"] = "auto"
    return body


def _list_items(message: Message, pictures: bool) -> Iterator[dict[str, Any]]:
    """Yield a message as items: its text, its calls, or a tool's result."""
    if message.answers:
        result = {"type": "function_call_output", "call_id": message.answers}
        yield {**result, "output": join_texts(message)}
        return
    if message.parts or not message.calls:
        yield _build_item(message, pictures)
    for call in message.calls:
        named = {"type": "function_call", "call_id": call.id, "name": call.name}
        yield {**named, "arguments": call.arguments}


def _build_tool(tool: ToolSpec) -> dict[str, Any]:
    named = {"type": "function", "name": tool.name, "description": tool.description}
    return {**named, "parameters": dict(tool.schema), "strict": False}


def _build_item(message: Message, pictures: bool) -> dict[str, Any]:
    kind = "output_text" if message.role == "assistant" else "input_text"
    content: list[dict[str, Any]] = []
    for part in message.parts:
        if not isinstance(part, ImagePart):
            content.append({"type": kind, "text": part.text})
        elif pictures:
            content.append({"type": "input_image", "image_url": make_data_url(part)})
    return {"role": message.role, "content": content}
