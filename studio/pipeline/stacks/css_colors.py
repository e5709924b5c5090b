"""CSS colors as sRGB, so that a color written in one way is found again in another."""

from __future__ import annotations

import math
from functools import lru_cache

import tinycss2.color5

Rgb = tuple[int, int, int]
# XYZ (D65) to linear sRGB, IEC 61966-2-1.
TO_LINEAR = (
    (3.2409699419, -1.5373831776, -0.4986107603),
    (-0.9692436363, 1.8759675015, 0.0415550574),
    (0.0556300797, -0.2039769589, 1.0569715142),
)
LONGEST = 200  # characters of a color; longer ones are expressions


@lru_cache(maxsize=4096)
def parse_rgb(value: str) -> Rgb | None:
    """Return an opaque color's channels from 0 to 255; None for any other value."""
    if len(value) > LONGEST:
        return None
    try:
        color = tinycss2.color5.parse_color(value)
        if color is None or isinstance(color, str) or color.alpha != 1:
            return None
        if color.space in ("srgb", "hsl", "hwb"):
            channels = [float(part or 0) for part in color.to("srgb").coordinates]
        else:
            channels = _to_srgb([float(part or 0) for part in color.to("xyz-d65").coordinates])
    except (NotImplementedError, ValueError, TypeError):
        return None
    if not all(math.isfinite(channel) for channel in channels):
        return None
    red, green, blue = (round(255 * min(1.0, max(0.0, channel))) for channel in channels)
    return red, green, blue


def _to_srgb(xyz: list[float]) -> list[float]:
    linear = [sum(a * b for a, b in zip(row, xyz, strict=True)) for row in TO_LINEAR]
    return [_encode(channel) for channel in linear]


def _encode(channel: float) -> float:
    if channel <= 0.0031308:
        return 12.92 * channel
    return float(1.055 * channel ** (1 / 2.4) - 0.055)
