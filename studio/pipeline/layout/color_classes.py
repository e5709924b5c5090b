"""What the eye says of a colour: whether it has a hue, and how light it is."""

from __future__ import annotations


def is_colorful(color: str) -> bool:
    """Whether a colour has a hue that the eye names (links, accents), not a tinted grey."""
    channels = _split_channels(color)
    return max(channels) - min(channels) >= 70


def compute_luminance(color: str) -> float:
    r, g, b = (channel / 255 for channel in _split_channels(color))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def compute_max_difference(one: str, other: str) -> int:
    """The largest difference in a channel, 0–255."""
    return max(
        abs(a - b) for a, b in zip(_split_channels(one), _split_channels(other), strict=True)
    )


def _split_channels(color: str) -> list[int]:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]
