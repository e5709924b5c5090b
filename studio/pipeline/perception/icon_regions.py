"""Icons: ink that neither texts nor boxes nor photos explain, its close parts together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Box
from studio.pipeline.perception.pictures import Region, merge
from studio.pipeline.perception.pixels import (
    Mask,
    MockupPixels,
    compute_channel_distance,
    find_common_color,
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in px, differences in levels of 255."""

    shortest: int = 6  # side of an icon
    least_ink: int = 14  # pixels of an icon
    widest: float = 0.9  # share of the page's width
    gap: int = 3  # between parts of one icon
    # A menu sign's dots: their sides, how unevenly they may stand and be, how many dot widths apart
    # at most, and how many dots are looked at.
    dot: tuple[int, int] = (2, 6)
    dot_slack: float = 1.0
    dot_sides: int = 1
    dot_pitch: float = 3.5
    most_dots: int = 400
    # By how much the ground beside an edge strays in a JPEG at 75 and better, but for a few pixels.
    ripple: float = 20.0
    ripple_quantile: float = 0.95


LIMITS = Thresholds()


def find_icons(sheet: MockupPixels, taken: Mask) -> list[Region]:
    """Ink that nothing else explains, its close parts together."""
    import cv2

    # Paint is large; what is small, or thin, or oddly shaped on top of it is ink.
    ink = ~taken
    side = 2 * LIMITS.gap + 1
    kernel = np.ones((side, side), np.uint8)
    close = cv2.morphologyEx(ink.view(np.uint8), cv2.MORPH_CLOSE, kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(close, connectivity=8)
    regions = []
    for i in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[i])
        own = ink[y : y + h, x : x + w] & (labels[y : y + h, x : x + w] == i)
        is_sized = min(w, h) >= LIMITS.shortest and max(w, h) <= LIMITS.widest * sheet.width
        if is_sized and own.sum() >= LIMITS.least_ink:
            rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
            regions.append(
                Region(
                    x + int(columns[0]),
                    y + int(rows[0]),
                    x + int(columns[-1]) + 1,
                    y + int(rows[-1]) + 1,
                )
            )
    _, _, blobs, _ = cv2.connectedComponentsWithStats(ink.view(np.uint8), connectivity=8)
    signs = _find_dotted_signs(np.asarray(blobs[1:, : cv2.CC_STAT_AREA], np.int32))
    if sheet.lossy:
        regions = [region for region in regions if not _is_ripple(sheet, region)]
    large = [r for r in regions if min(r.box.width, r.box.height) >= LIMITS.shortest]
    dotted = [r for r in signs if not any(r.box.intersection(other.box) for other in large)]
    return merge(large) + dotted


def _find_dotted_signs(blobs: NDArray[np.int32]) -> list[Region]:
    """Three equal dots in a column or a row, evenly apart: a menu's sign, whose dots are too small
    for icons.
    """
    low, high = LIMITS.dot
    small = (blobs[:, 2:] >= low).all(axis=1) & (blobs[:, 2:] <= high).all(axis=1)
    dots = [Box(*map(float, blob)) for blob in blobs[small][: LIMITS.most_dots]]
    found = []
    for upright in (True, False):
        order = sorted(dots, key=lambda dot: (dot.y, dot.x) if upright else (dot.x, dot.y))
        for first in order:
            second = _find_next_dot(first, order, upright)
            third = _find_next_dot(second, order, upright) if second else None
            if second is None or third is None:
                continue
            steps = [second.cy - first.cy, third.cy - second.cy]
            if not upright:
                steps = [second.cx - first.cx, third.cx - second.cx]
            if abs(steps[0] - steps[1]) <= LIMITS.dot_slack:
                box = first.union(third)
                found.append(Region(int(box.x), int(box.y), int(box.right), int(box.bottom)))
    return found


def _find_next_dot(dot: Box, dots: Sequence[Box], upright: bool) -> Box | None:
    for other in dots:
        across = abs(other.cx - dot.cx) if upright else abs(other.cy - dot.cy)
        along = other.cy - dot.cy if upright else other.cx - dot.cx
        wider, higher = abs(other.width - dot.width), abs(other.height - dot.height)
        like = max(wider, higher) <= LIMITS.dot_sides
        if (
            like
            and across <= LIMITS.dot_slack
            and dot.width < along <= LIMITS.dot_pitch * dot.width
        ):
            return other
    return None


def _is_ripple(sheet: MockupPixels, region: Region) -> bool:
    """Whether a region of a lossy picture is no more than what JPEG leaves beside an edge."""
    window = sheet.rgb[region.top : region.bottom, region.left : region.right]
    distance = compute_channel_distance(window, find_common_color(window))
    return float(np.quantile(distance, LIMITS.ripple_quantile)) <= LIMITS.ripple
