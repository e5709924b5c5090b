"""Fits a box shadow to how the ground darkens below and above a rectangle. Knows one dark shadow
per box, no spread.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Rect, Shadow
from studio.pipeline.perception.pixels import MockupPixels

# Profiles are read this far out; fainter than a level is no shadow.
REACH = 80
FAINT = 1.0
MIN_SIDE = 24
MAX_BLUR = 64.0


def find_shadow(rect: Rect, sheet: MockupPixels) -> Shadow | None:
    """The shadow that a filled box casts on an even ground, or None."""
    box = rect.box
    if rect.fill is None or min(box.width, box.height) < MIN_SIDE or box.width > 0.97 * sheet.width:
        return None
    below = _measure_darkening(sheet, rect, 1)
    above = _measure_darkening(sheet, rect, -1)
    if (
        below is None
        or len(below) < 4
        or below[0] < 3
        or below[0] < below[2]
        or not _fades_outward(below)
    ):
        return None
    reach_below = _measure_extent(below)
    reach_above = _measure_extent(above) if above is not None and _fades_outward(above) else 0
    # CSS blurs by a sigma of half the radius, and a Gaussian is seen to about two sigma: each side
    # shows one radius.
    blur = min(MAX_BLUR, max(2.0, (reach_below + reach_above) / 2))
    dy = max(0.0, (reach_below - reach_above) / 2)
    # The blurred edge lies dy below the box's own.
    sigma = blur / 2
    share = 0.5 * (1 + math.erf((dy - 0.5) / (sigma * math.sqrt(2))))
    opacity = min(0.6, float(below[0]) / 255 / max(0.2, share))
    return (
        Shadow(0.0, round(dy), round(blur), "#000000", round(opacity, 3))
        if opacity >= 0.02
        else None
    )


def _measure_darkening(sheet: MockupPixels, rect: Rect, way: int) -> NDArray[np.float64] | None:
    """How many levels darker than the ground beyond each row outside the box is, nearest first, on
    a ground of 255.
    """
    box = rect.box
    middle = slice(
        int(box.x + 0.3 * box.width),
        max(int(box.x + 0.3 * box.width) + 1, int(box.right - 0.3 * box.width)),
    )
    start = int(box.bottom) if way > 0 else int(box.y) - 1
    end = min(sheet.height, start + REACH) if way > 0 else max(-1, start - REACH)
    rows = range(start, end, way)
    if len(rows) < 6:
        return None
    strips = sheet.rgb[list(rows), middle].astype(np.float64)
    # Rows that something else crosses end the profile.
    own = strips.mean(axis=1)
    crossed = np.flatnonzero(np.ptp(strips, axis=1).max(axis=1) > 8)
    count = int(crossed[0]) if len(crossed) else len(rows)
    if count < 6:
        return None
    light = own[:count].mean(axis=1)
    ground = float(light[count - 1])
    return np.asarray((ground - light) * (255 / max(ground, 40.0)), dtype=np.float64)


def _fades_outward(profile: NDArray[np.float64]) -> bool:
    """Whether it only ever gets lighter outwards, in small steps after the first."""
    steps = np.diff(profile)
    return bool(
        (steps <= 0.8).all()
        and (-steps <= 0.6 * max(profile[0], 1.0) + 1).all()
        and profile[-1] < FAINT
    )


def _measure_extent(profile: NDArray[np.float64]) -> int:
    faint = np.flatnonzero(profile < FAINT)
    return int(faint[0]) if len(faint) else len(profile)
