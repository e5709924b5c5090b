"""Estimated token counts, where a server reports none."""

from __future__ import annotations

import math
import struct

from inference.types import ImagePart, ModelRequest

# The same estimate for code as on a run's page (`studio/runs/progress.py`).
LETTERS = 3.5  # characters per token
PATCH = 28  # px; K2.6 reads a square of this side as one token
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
USUAL_PICTURE = 1_300  # tokens of 1280 × 800 px, for pictures whose size is not read here


def estimate_text(characters: int) -> int:
    return math.ceil(characters / LETTERS)


def estimate_prompt(request: ModelRequest, *, pictures: bool = True) -> int:
    """Return about how many tokens the request's messages have."""
    parts = [part for message in request.messages for part in message.parts]
    characters = sum(len(part.text) for part in parts if not isinstance(part, ImagePart))
    characters += sum(len(call.arguments) for message in request.messages for call in message.calls)
    shown = [part for part in parts if isinstance(part, ImagePart) and pictures]
    return estimate_text(characters) + sum(map(_estimate_picture, shown))


def _estimate_picture(part: ImagePart) -> int:
    if not part.data.startswith(PNG_HEAD) or len(part.data) < 24:
        return USUAL_PICTURE
    width: int
    height: int
    width, height = struct.unpack(">II", part.data[16:24])
    return math.ceil(width / PATCH) * math.ceil(height / PATCH)
