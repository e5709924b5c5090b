"""Tailwind's palette, read from the runtime that shows the pages, and the name a colour has in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import numpy as np

from studio.pipeline.color import Floats, distance, hex_of, rgb_of
from studio.pipeline.stacks.page import TAILWIND
from studio.pipeline.stacks.vendor import vendored

HAIR = 2.0  # ΔE2000 within which a colour is taken for the palette's
OKLCH = re.compile(r"--color-([a-z]+-\d+): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)")


def color_name(color: str) -> str:
    """'blue-700' for a colour that is the palette's within a hair, else '[#rrggbb]'."""
    names, colors = _palette_table()
    apart = distance(np.array(rgb_of(color), dtype=float)[None], colors)
    best = int(apart.argmin())
    return names[best] if apart[best] <= HAIR else f"[{color}]"


@cache
def palette() -> Mapping[str, str]:
    """Tailwind's own colours, as its runtime has them: name → '#rrggbb'."""
    found = {"white": "#ffffff", "black": "#000000"}
    for name, light, chroma, hue in OKLCH.findall(vendored(TAILWIND)):
        found[name] = _oklch(float(light) / 100, float(chroma), float(hue))
    return found


@cache
def _palette_table() -> tuple[list[str], Floats]:
    return list(palette()), np.array([rgb_of(color) for color in palette().values()], dtype=float)


def _oklch(light: float, chroma: float, hue: float) -> str:
    """As sRGB, what lies outside it clipped (as Chromium does)."""
    a, b = chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))
    long, medium, short = (
        (light + 0.3963377774 * a + 0.2158037573 * b) ** 3,
        (light - 0.1055613458 * a - 0.0638541728 * b) ** 3,
        (light - 0.0894841775 * a - 1.2914855480 * b) ** 3,
    )
    linear = np.array([
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    ]).clip(0, 1)  # fmt: skip
    return hex_of(255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055))
