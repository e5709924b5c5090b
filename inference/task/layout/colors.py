"""What the eye says of a colour: whether it has a hue, and how light it is."""

from __future__ import annotations


def is_colourful(color: str) -> bool:
    """Whether a colour has a hue that the eye names (links, accents), not a tinted grey."""
    r, g, b = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return max(r, g, b) - min(r, g, b) >= 70


def luminance(color: str) -> float:
    r, g, b = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
