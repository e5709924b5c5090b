"""Grounds of texts that no box explains: white words on orange need the orange, whatever lies beside it.

A button that a decorative frame touches is no rectangle as a whole, so its color alone finds no box.
From the text, though, its rectangle is clear: it ends where its color ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Box, Rect, TextLine
from studio.pipeline.perception.ink_pieces import cut_pixels, mark_box
from studio.pipeline.perception.outlines import compute_corner_radius, count_missing_corner_pixels
from studio.pipeline.perception.pictures import Region
from studio.pipeline.perception.pixels import (
    Mask,
    MockupPixels,
    Pixels,
    compute_channel_distance,
    parse_hex,
)
from studio.pipeline.perception.repainting import PaintedPage


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px, differences in levels of 255."""

    unpainted: int = 48  # levels between a text's ground and what is painted there
    alike: int = 10  # levels within which a pixel has the ground's color
    alike_lossy: int = 26
    even: float = 0.8  # share of the rim around a text in the ground's color
    line: float = (
        0.5  # share of a row or column in it, up to which the box goes on (a pill narrows)
    )
    least_pad: float = 3.0  # px of the box beyond its text, each side
    widest: float = 0.9  # share of the page's width; a wider ground is a section's
    tallest: float = 0.5  # share of the page's height
    step: int = 30  # levels between right inside and right beyond a side
    edge: float = 0.6  # share of a side at which the color ends so
    edges: int = 3  # sides that must end so; the fourth may touch a frame of its color
    full: float = 0.75  # share of the box, without texts, in the ground's color
    same: float = 0.7  # of two boxes (intersection over union), from which they are one
    largest_radius: float = 40.0


THRESHOLDS = Thresholds()
RIM = 3  # px around a text whose color is its ground
BEYOND = 2  # px from a side to where its color must have ended
PASSES = 2  # of growing sideways, then up and down


def find_text_grounds(
    sheet: MockupPixels,
    page: PaintedPage,
    lines: Sequence[TextLine],
    photos: Sequence[Region],
    limits: Thresholds = THRESHOLDS,
) -> list[Rect]:
    """Return a box for each text whose ground is not painted; texts on one box share it.

    A photo is the ground of its texts itself.
    """
    least = limits.alike_lossy if sheet.lossy else limits.alike
    inked = np.zeros((sheet.height, sheet.width), bool)
    for line in lines:
        mark_box(inked, line.box, 1)
    found: list[Rect] = []
    for line in lines:
        if any(photo.box.intersection(line.box) > 0 for photo in photos):
            continue
        ground = parse_hex(line.background)
        painted = np.median(cut_pixels(page.canvas, line.box).reshape(-1, 3), axis=0)
        if int(np.abs(painted - ground.astype(float)).max()) <= limits.unpainted:
            continue
        if any(rect.box.contains(line.box) for rect in found):
            continue
        alike = compute_channel_distance(sheet.rgb, ground) <= least
        rect = _read_ground(sheet.rgb, alike, inked, line, limits)
        if rect is not None and not _is_known(rect, page.rects, limits):
            found.append(rect)
    return found


def _get_sides(box: Box, pad: int, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    return (
        max(0, int(box.x) - pad),
        max(0, int(box.y) - pad),
        min(shape[1], round(box.right) + pad),
        min(shape[0], round(box.bottom) + pad),
    )


def _read_ground(
    rgb: Pixels, alike: Mask, inked: Mask, line: TextLine, limits: Thresholds
) -> Rect | None:
    """Return the box in the text's ground around it; None where it is uneven, open or a section's."""
    height, width = alike.shape
    left, top, right, bottom = _get_sides(line.box, RIM, alike.shape)
    rim = alike[top:bottom, left:right] & ~inked[top:bottom, left:right]
    free = ~inked[top:bottom, left:right]
    if not free.any() or float(rim.sum()) < limits.even * float(free.sum()):
        return None
    box = _grow(alike | inked, (left, top, right, bottom), limits)
    left, top, right, bottom = box
    if right - left > limits.widest * width or bottom - top > limits.tallest * height:
        return None
    pads = (line.box.x - left, line.box.y - top, right - line.box.right, bottom - line.box.bottom)
    if min(pads) < limits.least_pad or _count_ends(rgb, box, limits) < limits.edges:
        return None
    own, free = alike[top:bottom, left:right], ~inked[top:bottom, left:right]
    if float((own & free).sum()) < limits.full * float(free.sum()):
        return None
    missing = np.sort(count_missing_corner_pixels(own | ~free))
    radius = compute_corner_radius(float(missing[1]), min(own.shape))
    if radius > limits.largest_radius:
        return None  # a disc or another shape of a drawing
    return Rect(0, Box(left, top, right - left, bottom - top), line.background, radius=radius)


def _grow(
    filled: Mask, sides: tuple[int, int, int, int], limits: Thresholds
) -> tuple[int, int, int, int]:
    """Return the sides of the rectangle around `sides` whose rows and columns are filled."""
    left, top, right, bottom = sides
    for _ in range(PASSES):
        columns = filled[top:bottom].mean(axis=0) >= limits.line
        left, right = _extend(columns, left, right)
        rows = filled[:, left:right].mean(axis=1) >= limits.line
        top, bottom = _extend(rows, top, bottom)
    return left, top, right, bottom


def _extend(are_filled: NDArray[np.bool_], start: int, end: int) -> tuple[int, int]:
    """Return the run of filled places that `start` to `end` lies in."""
    while start > 0 and are_filled[start - 1]:
        start -= 1
    while end < len(are_filled) and are_filled[end]:
        end += 1
    return start, end


def _count_ends(rgb: Pixels, box: tuple[int, int, int, int], limits: Thresholds) -> int:
    """Return on how many sides the color ends at once, instead of fading as in a photo's sky.

    One side may be the page's own.
    """
    left, top, right, bottom = box
    height, width = rgb.shape[:2]
    # The middle third of each side: corners may be round.
    across = slice(left + (right - left) // 3, right - (right - left) // 3)
    down = slice(top + (bottom - top) // 3, bottom - (bottom - top) // 3)
    sides = []
    if top >= BEYOND:
        sides.append((rgb[top + BEYOND, across], rgb[top - BEYOND, across]))
    if left >= BEYOND:
        sides.append((rgb[down, left + BEYOND], rgb[down, left - BEYOND]))
    if right + BEYOND <= width:
        inner, outer = right - 1 - BEYOND, right - 1 + BEYOND
        sides.append((rgb[down, inner], rgb[down, outer]))
    if bottom + BEYOND <= height:
        inner, outer = bottom - 1 - BEYOND, bottom - 1 + BEYOND
        sides.append((rgb[inner, across], rgb[outer, across]))
    steps = [compute_channel_distance(inside, beyond) for inside, beyond in sides]
    sharp = sum(float((step >= limits.step).mean()) >= limits.edge for step in steps)
    return sharp + min(1, 4 - len(sides))


def _is_known(rect: Rect, rects: Sequence[Rect], limits: Thresholds) -> bool:
    return any(
        rect.box.iou(other.box) >= limits.same and other.fill == rect.fill for other in rects
    )
