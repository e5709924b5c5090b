"""A request of Anthropic's messages."""

from __future__ import annotations

import json
from typing import Any

from inference.client.adaptation import Adaptation
from inference.client.chat_request import (
    arrange_messages,
    choose_sampling_fields,
    encode_picture,
    join_texts,
)
from inference.client.dialects import Dialect
from inference.types import ImagePart, Message, ModelRequest, ToolCall, ToolSpec

VERSION = "2023-06-01"  # of the API, sent as the header anthropic-version
# Tokens of thinking: at least 1,024, and less than the whole answer.
LEAST_THINKING = 1_024
THINKING_SHARE = 0.5  # of the answer's limit


def build_messages_body(
    request: ModelRequest, model: str, dialect: Dialect, adaptation: Adaptation, limit: int
) -> dict[str, Any]:
    """Return the request as JSON. `limit`: the most tokens of thinking and answer."""
    pictures = adaptation.sends("pictures")
    messages = arrange_messages(request.messages, adaptation)
    system = [join_texts(message) for message in messages if message.role == "system"]
    turns = [_build_turn(message, pictures) for message in messages if message.role != "system"]
    _mark_for_cache(turns)
    body: dict[str, Any] = {
        "model": model,
        "messages": turns,
        "max_tokens": limit,
        "stream": True,
    }
    if request.tools:
        body["tools"] = [_build_tool(tool) for tool in request.tools]
    if request.schema is not None and adaptation.sends("schema"):
        body["output_config"] = {"format": {"type": "json_schema", "schema": dict(request.schema)}}
    if system:
        body["system"] = "\n\n".join(system)
    # With tools the API wants its signed thoughts back in the next request, and we keep none.
    thinking = request.thinking and not request.tools and adaptation.sends("switch")
    budget = int(limit * THINKING_SHARE)
    if thinking and budget >= LEAST_THINKING:
        # With thinking, the API takes no temperature but 1.
        body["thinking"] = {"type": "enabled", "budget_tokens": budget}
    else:
        body |= choose_sampling_fields(request, dialect, adaptation)
    return body


def _build_turn(message: Message, pictures: bool) -> dict[str, Any]:
    if message.answers:
        result = {"type": "tool_result", "tool_use_id": message.answers}
        return {"role": "user", "content": [{**result, "content": join_texts(message)}]}
    content: list[dict[str, Any]] = []
    for part in message.parts:
        if not isinstance(part, ImagePart):
            content.append({"type": "text", "text": part.text})
        elif pictures:
            source = {
                "type": "base64",
                "media_type": part.media_type,
                "data": encode_picture(part),
            }
            content.append({"type": "image", "source": source})
    content += [_build_call(call) for call in message.calls]
    return {"role": message.role, "content": content}


def _build_tool(tool: ToolSpec) -> dict[str, Any]:
    named = {"name": tool.name, "description": tool.description}
    return {**named, "input_schema": dict(tool.schema)}


def _build_call(call: ToolCall) -> dict[str, Any]:
    """Return the call; arguments that were no JSON object are shown as what they were."""
    try:
        arguments = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, dict):
        arguments = {"unreadable": call.arguments}
    return {"type": "tool_use", "id": call.id, "name": call.name, "input": arguments}


def _mark_for_cache(turns: list[dict[str, Any]]) -> None:
    """Ask to cache the opening, which all rounds of a run share."""
    if turns and turns[0]["content"]:
        turns[0]["content"][-1]["cache_control"] = {"type": "ephemeral"}
