"""Classes of colors: whether one has a hue, how light it is, and how much two differ."""

from __future__ import annotations

COLORFUL = 70  # of 255: the difference between channels from which a color has a clear hue
STATE_GREEN = 40  # of 255: how much green leads in the greens of success, which hold some blue


def is_colorful(color: str) -> bool:
    """Return True if a color has a clear hue (links, accents), not a tinted gray."""
    channels = _split_channels(color)
    return max(channels) - min(channels) >= COLORFUL


def is_state_color(color: str) -> bool:
    """Return True for a clear red or green: gains and losses, what is done and what is late."""
    if not is_colorful(color):
        return False
    red, green, blue = _split_channels(color)
    is_red = red - max(green, blue) >= COLORFUL
    return is_red or green - max(red, blue) >= STATE_GREEN


def compute_luminance(color: str) -> float:
    r, g, b = (channel / 255 for channel in _split_channels(color))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def compute_max_difference(one: str, other: str) -> int:
    """Return the largest difference in a channel, 0–255."""
    return max(
        abs(a - b) for a, b in zip(_split_channels(one), _split_channels(other), strict=True)
    )


def _split_channels(color: str) -> list[int]:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]
