"""Colors as numbers: hex, sRGB, CIELAB, OKLCH, and how different two look (CIEDE2000).

Vectorized. Knows no pictures and no pages.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_WHITE = np.array([0.95047, 1.0, 1.08883])  # D65


def parse_hex(color: str) -> tuple[int, int, int]:
    """Return '#rrggbb' as numbers; raises ValueError on anything else."""
    if len(color) != 7 or color[0] != "#":
        raise ValueError(f"Not a color: {color!r}; use '#rrggbb'")
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def write_hex(rgb: Any) -> str:
    red, green, blue = (round(float(value)) for value in rgb)
    return f"#{red:02x}{green:02x}{blue:02x}"


def convert_to_lab(rgb: Any) -> Floats:
    """Return CIELAB (D65) of sRGB 0–255, shape [..., 3]."""
    xyz = _linearize(rgb) @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def convert_to_oklch(color: str) -> tuple[float, float, float]:
    """Return OKLCH (Ottosson) of '#rrggbb'.

    Lightness is 0–1, chroma at most 0.4 on any screen, hue in degrees.
    """
    light, a, b = _FROM_LMS @ np.cbrt(_TO_LMS @ _linearize(parse_hex(color)))
    return float(light), float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)) % 360)


def convert_from_oklch(light: float, chroma: float, hue: float) -> str:
    """Return OKLCH as '#rrggbb', clipped to sRGB as Chromium does."""
    a = chroma * np.cos(np.radians(hue))
    b = chroma * np.sin(np.radians(hue))
    lms = (np.linalg.inv(_FROM_LMS) @ np.array([light, a, b])) ** 3
    linear = (np.linalg.inv(_TO_LMS) @ lms).clip(0, 1)
    curve = 1.055 * linear ** (1 / 2.4) - 0.055
    return write_hex(255 * np.where(linear <= 0.0031308, 12.92 * linear, curve))


def compute_contrast(one: str, other: str) -> float:
    """Return WCAG's contrast ratio of two '#rrggbb': 1 is none, 21 is black on white."""
    high, low = sorted(
        (float(_linearize(parse_hex(color)) @ _LUMINANCE) for color in (one, other)), reverse=True
    )
    return (high + 0.05) / (low + 0.05)


def _linearize(rgb: Any) -> Floats:
    """Return sRGB 0–255 as linear light, 0–1."""
    value = np.asarray(rgb, dtype=np.float64) / 255
    result: Floats = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return result


def compute_distance(one: Any, other: Any) -> Floats:
    """Return CIEDE2000 between sRGB colors 0–255, shape [..., 3].

    1 is just visible, 100 is black against white.
    """
    return compute_ciede2000(convert_to_lab(one), convert_to_lab(other))


def compute_ciede2000(one: Floats, other: Floats) -> Floats:
    """Return CIEDE2000 in Sharma, Wu and Dalal's formulation; shapes [..., 3] in CIELAB."""
    l1, a1, b1 = one[..., 0], one[..., 1], one[..., 2]
    l2, a2, b2 = other[..., 0], other[..., 1], other[..., 2]
    mean_chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7)))
    c1, c2 = np.hypot((1 + g) * a1, b1), np.hypot((1 + g) * a2, b2)
    h1, h2 = _compute_hue((1 + g) * a1, b1), _compute_hue((1 + g) * a2, b2)
    is_gray = c1 * c2 == 0
    hue_difference = np.where(is_gray, 0.0, (h2 - h1 + 180) % 360 - 180)
    delta_l, delta_c = l2 - l1, c2 - c1
    delta_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(hue_difference) / 2)
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = np.where(is_gray, h1 + h2, _compute_mean_hue(h1, h2))
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c = 1 + 0.045 * mean_c
    s_h = 1 + 0.015 * mean_c * t
    r_c = 2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))
    r_t = -np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2)))) * r_c
    lightness, chroma, hue = delta_l / s_l, delta_c / s_c, delta_h / s_h
    squared: Floats = lightness**2 + chroma**2 + hue**2 + r_t * chroma * hue
    return np.sqrt(np.maximum(squared, 0))


def _compute_hue(a: Floats, b: Floats) -> Floats:
    return np.degrees(np.arctan2(b, a)) % 360


def _compute_mean_hue(h1: Floats, h2: Floats) -> Floats:
    total = h1 + h2
    near = np.abs(h1 - h2) <= 180
    result: Floats = np.where(
        near, total / 2, np.where(total < 360, (total + 360) / 2, (total - 360) / 2)
    )
    return result
