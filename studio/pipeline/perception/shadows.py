"""Fits a box shadow to how the ground darkens below and above a rectangle. Knows one dark shadow
per box, no spread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Rect, Shadow
from studio.pipeline.perception.pixels import MockupPixels


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in px, differences in levels of 255."""

    reach: int = 80  # how far out profiles are read
    faint: float = 1.0  # what is fainter is no shadow
    least_side: int = 24
    widest: float = 0.97  # share of the page's width; a wider box is a band
    least_rows: int = 4  # of a shadow below its box
    least_profile: int = 6  # rows beyond a box that tell
    least_dark: int = 3  # levels right below the box
    blur: tuple[float, float] = (2.0, 64.0)  # least and largest
    opacity: tuple[float, float] = (0.02, 0.6)  # least and largest
    least_share: float = 0.2  # of a shadow that shows beside its box
    inset: float = 0.3  # share of the width left out at both ends, where corners are round
    even: int = 8  # levels within a row; where more, something else crosses it
    darkest_ground: float = 40.0  # what a darker ground counts as
    # Steps outwards: how much darker one may be, and how much of the first row lighter, with so many
    # levels of noise.
    darker: float = 0.8
    lighter: float = 0.6
    noise: int = 1


LIMITS = Thresholds()
LIGHTEST = 255
HALF_PIXEL = 0.5


def find_shadow(rect: Rect, sheet: MockupPixels) -> Shadow | None:
    """The shadow that a filled box casts on an even ground, or None."""
    box = rect.box
    is_small = min(box.width, box.height) < LIMITS.least_side
    if rect.fill is None or is_small or box.width > LIMITS.widest * sheet.width:
        return None
    below = _measure_darkening(sheet, rect, 1)
    above = _measure_darkening(sheet, rect, -1)
    if (
        below is None
        or len(below) < LIMITS.least_rows
        or below[0] < LIMITS.least_dark
        or below[0] < below[2]
        or not _fades_outward(below)
    ):
        return None
    reach_below = _measure_extent(below)
    reach_above = _measure_extent(above) if above is not None and _fades_outward(above) else 0
    # CSS blurs by a sigma of half the radius, and a Gaussian is seen to about two sigma: each side
    # shows one radius.
    least_blur, most_blur = LIMITS.blur
    blur = min(most_blur, max(least_blur, (reach_below + reach_above) / 2))
    dy = max(0.0, (reach_below - reach_above) / 2)
    # The blurred edge lies dy below the box's own.
    sigma = blur / 2
    share = (1 + math.erf((dy - HALF_PIXEL) / (sigma * math.sqrt(2)))) / 2
    least_opacity, most_opacity = LIMITS.opacity
    opacity = min(most_opacity, float(below[0]) / LIGHTEST / max(LIMITS.least_share, share))
    if opacity < least_opacity:
        return None
    return Shadow(0.0, round(dy), round(blur), "#000000", round(opacity, 3))


def _measure_darkening(sheet: MockupPixels, rect: Rect, way: int) -> NDArray[np.float64] | None:
    """How many levels darker than the ground beyond each row outside the box is, nearest first, on
    a ground of 255.
    """
    box = rect.box
    inset = LIMITS.inset * box.width
    left = int(box.x + inset)
    middle = slice(left, max(left + 1, int(box.right - inset)))
    start = int(box.bottom) if way > 0 else int(box.y) - 1
    end = min(sheet.height, start + LIMITS.reach) if way > 0 else max(-1, start - LIMITS.reach)
    rows = range(start, end, way)
    if len(rows) < LIMITS.least_profile:
        return None
    strips = sheet.rgb[list(rows), middle].astype(np.float64)
    # Rows that something else crosses end the profile.
    own = strips.mean(axis=1)
    crossed = np.flatnonzero(np.ptp(strips, axis=1).max(axis=1) > LIMITS.even)
    count = int(crossed[0]) if len(crossed) else len(rows)
    if count < LIMITS.least_profile:
        return None
    light = own[:count].mean(axis=1)
    ground = float(light[count - 1])
    scale = LIGHTEST / max(ground, LIMITS.darkest_ground)
    return np.asarray((ground - light) * scale, dtype=np.float64)


def _fades_outward(profile: NDArray[np.float64]) -> bool:
    """Whether it only ever gets lighter outwards, in small steps after the first."""
    steps = np.diff(profile)
    largest = LIMITS.lighter * max(profile[0], LIMITS.faint) + LIMITS.noise
    return bool(
        (steps <= LIMITS.darker).all() and (-steps <= largest).all() and profile[-1] < LIMITS.faint
    )


def _measure_extent(profile: NDArray[np.float64]) -> int:
    faint = np.flatnonzero(profile < LIMITS.faint)
    return int(faint[0]) if len(faint) else len(profile)
