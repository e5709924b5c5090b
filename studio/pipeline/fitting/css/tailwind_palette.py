"""Tailwind's palette, read from the runtime that shows the pages, and the names of its colors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import numpy as np

from studio.pipeline.color import Floats, compute_distance, convert_from_oklch, parse_hex
from studio.pipeline.stacks.preview_page import TAILWIND
from studio.pipeline.stacks.vendor import read_vendored_file

HAIR = 2.0  # ΔE2000 within which a color counts as the palette's
OKLCH = re.compile(r"--color-([a-z]+-\d+): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)")


def color_name(color: str) -> str:
    """Return 'blue-700' for a color within HAIR of the palette's, else '[#rrggbb]'."""
    names, colors = _make_palette_table()
    distances = compute_distance(np.array(parse_hex(color), dtype=float)[None], colors)
    best = int(distances.argmin())
    return names[best] if distances[best] <= HAIR else f"[{color}]"


@cache
def read_palette() -> Mapping[str, str]:
    """Return Tailwind's own colors, as its runtime has them: name → '#rrggbb'."""
    palette = {"white": "#ffffff", "black": "#000000"}
    for name, light, chroma, hue in OKLCH.findall(read_vendored_file(TAILWIND)):
        palette[name] = convert_from_oklch(float(light) / 100, float(chroma), float(hue))
    return palette


@cache
def _make_palette_table() -> tuple[list[str], Floats]:
    palette = read_palette()
    colors = [parse_hex(color) for color in palette.values()]
    return list(palette), np.array(colors, dtype=float)
