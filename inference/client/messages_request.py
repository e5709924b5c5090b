"""A request of Anthropic's messages."""

from __future__ import annotations

from typing import Any

from inference.client.adaptation import Adaptation
from inference.client.chat_request import (
    arrange_messages,
    choose_sampling_fields,
    encode_picture,
    join_texts,
)
from inference.client.dialects import Dialect
from inference.types import ImagePart, Message, ModelRequest

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
    if system:
        body["system"] = "\n\n".join(system)
    thinking = request.thinking and adaptation.sends("switch")
    budget = int(limit * THINKING_SHARE)
    if thinking and budget >= LEAST_THINKING:
        # With thinking, the API takes no temperature but 1.
        body["thinking"] = {"type": "enabled", "budget_tokens": budget}
    else:
        body |= choose_sampling_fields(request, dialect, adaptation)
    return body


def _build_turn(message: Message, pictures: bool) -> dict[str, Any]:
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
    return {"role": message.role, "content": content}


def _mark_for_cache(turns: list[dict[str, Any]]) -> None:
    """Ask to cache the opening, which all rounds of a run share."""
    if turns and turns[0]["content"]:
        turns[0]["content"][-1]["cache_control"] = {"type": "ephemeral"}
