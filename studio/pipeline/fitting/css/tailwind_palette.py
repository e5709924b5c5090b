"""Tailwind's palette, read from the runtime that shows the pages, and the name a colour has in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import numpy as np

from studio.pipeline.color import Floats, compute_distance, convert_from_oklch, parse_hex
from studio.pipeline.stacks.preview_page import TAILWIND
from studio.pipeline.stacks.vendor import read_vendored_file

HAIR = 2.0  # ΔE2000 within which a colour is taken for the palette's
OKLCH = re.compile(r"--color-([a-z]+-\d+): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)")


def color_name(color: str) -> str:
    """'blue-700' for a colour that is the palette's within a hair, else '[#rrggbb]'."""
    names, colors = _make_palette_table()
    apart = compute_distance(np.array(parse_hex(color), dtype=float)[None], colors)
    best = int(apart.argmin())
    return names[best] if apart[best] <= HAIR else f"[{color}]"


@cache
def read_palette() -> Mapping[str, str]:
    """Tailwind's own colours, as its runtime has them: name → '#rrggbb'."""
    found = {"white": "#ffffff", "black": "#000000"}
    for name, light, chroma, hue in OKLCH.findall(read_vendored_file(TAILWIND)):
        found[name] = convert_from_oklch(float(light) / 100, float(chroma), float(hue))
    return found


@cache
def _make_palette_table() -> tuple[list[str], Floats]:
    return list(read_palette()), np.array(
        [parse_hex(color) for color in read_palette().values()], dtype=float
    )
