"""What operations may answer, for the API's description."""

from __future__ import annotations

from typing import Any

from studio.api.schemas import Problem

# Every call needs a token, and counts against the limit of requests.
ALWAYS = (401, 429)
# One server-sent event. `schema` is that of the whole stream for some readers and of each event for
# others, so it says nothing.
EVENT = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
    "required": ["event", "data"],
}


def answers(success: dict[int, Any], *problems: int) -> dict[int, Any]:
    """Return the responses of an operation: `success` by status, and the statuses of problems."""
    return {**success, **{status: Problem for status in sorted({*ALWAYS, *problems})}}


def answers_with(media_type: str, description: str, **others: str) -> dict[str, Any]:
    """Return what the description adds for a response that is not JSON.

    `others`: descriptions of further responses without a body, by names such as `s204`.
    """
    content: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
    if media_type == "text/event-stream":
        content = {"schema": {}, "itemSchema": EVENT}
    empty = {int(name.removeprefix("s")): {"description": words} for name, words in others.items()}
    return {
        "responses": {200: {"description": description, "content": {media_type: content}}, **empty}
    }
