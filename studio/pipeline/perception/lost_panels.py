"""Even panels that no box explains: a card that another one covers in part, a field's fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Box, Rect
from studio.pipeline.perception.ink_pieces import cut_mask, cut_pixels, find_pieces_of_ink, mark_box
from studio.pipeline.perception.outlines import (
    compute_corner_radius,
    count_missing_corner_pixels,
    fill_holes,
)
from studio.pipeline.perception.pictures import Region
from studio.pipeline.perception.pixels import (
    Mask,
    MockupPixels,
    compute_channel_distance,
    find_common_color,
    parse_hex,
    write_hex,
)
from studio.pipeline.perception.repainting import PaintedPage, measure_unexplained


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px, differences in levels of 255. Set on pictures from public repositories."""

    panel_width: float = 60.0
    panel_height: float = 8.0  # a slider's track is about 12 px high
    page_end: float = 24.0  # of a covered panel to the page's end, which it reaches then
    panel_edge: float = 0.6  # share of its rim at which its color ends at once
    panel_seen: int = 5  # levels by which it differs from what is painted there
    panel_seen_lossy: int = 14
    one_color: float = 0.7  # share of it in one color
    open: float = 0.3  # share of its box that is not covered by other things
    largest_radius: float = 40.0
    panel_there: float = 0.8  # of its box that it fills, with what lies on it


THRESHOLDS = Thresholds()
EDGE_STEP = 2  # px from a panel's side to where its color and its ground are read


def find_panels(
    sheet: MockupPixels,
    page: PaintedPage,
    icons: Sequence[Region],
    taken: Mask,
    limits: Thresholds = THRESHOLDS,
) -> list[Rect]:
    """Return the panels; `taken`: where texts and photos are."""
    import cv2

    least = limits.panel_seen_lossy if sheet.lossy else limits.panel_seen
    apart = measure_unexplained(sheet.rgb, page.canvas) > least
    taken = taken.copy()
    for icon in icons:
        mark_box(taken, icon.box, 1)
    apart &= ~taken
    solid = cv2.morphologyEx(apart.view(np.uint8), cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    look = _Look(sheet, taken, page.canvas, page.rects, parse_hex(page.background), least)
    panels = [
        _read_panel(look, box, own, limits)
        for box, own in find_pieces_of_ink(solid > 0)
        if box.width >= limits.panel_width and box.height >= limits.panel_height
    ]
    return [panel for panel in panels if panel is not None]


@dataclass(frozen=True, slots=True)
class _Look:
    """What a panel is judged by; `least`: levels from which a difference is seen."""

    sheet: MockupPixels
    taken: Mask
    canvas: NDArray[np.uint8]
    rects: Sequence[Rect]
    ground: NDArray[np.uint8]
    least: int


def _read_panel(look: _Look, box: Box, own: Mask, limits: Thresholds) -> Rect | None:
    """Return the panel that a piece of ink is; None where it is uneven, soft or of another shape."""
    window = cut_pixels(look.sheet.rgb, box)
    color = find_common_color(window, own)
    alike = compute_channel_distance(window, color) <= look.least
    ends = _measure_edges(look.sheet.rgb, box, look.least)
    below = _find_cover(box, look.rects) if ends[-1] < limits.panel_edge else None
    if below is not None:
        ends = ends[:-1]
    uneven = float(alike[own].mean()) < limits.one_color
    if uneven or min(ends) < limits.panel_edge or float(own.mean()) < limits.open:
        return None
    whole = fill_holes(own)
    # Letters and boxes that lie on a panel are no part of it.
    drawn = compute_channel_distance(cut_pixels(look.canvas, box), look.ground) > look.least
    if float((whole | drawn | cut_mask(look.taken, box)).mean()) < limits.panel_there:
        return None
    missing = count_missing_corner_pixels(whole)
    shown = np.sort(missing[:2] if below else missing)
    radius = min(compute_corner_radius(float(shown[1]), min(whole.shape)), limits.largest_radius)
    bottom = below.box.bottom if below else box.bottom
    if below and look.sheet.height - bottom <= limits.page_end:
        bottom = look.sheet.height
    return Rect(0, Box(box.x, box.y, box.width, bottom - box.y), write_hex(color), radius=radius)


def _find_cover(box: Box, rects: Sequence[Rect]) -> Rect | None:
    """Return the box behind which a panel goes on below: a bar of tabs over the last card."""
    edge = Box(box.x, box.bottom - 2, box.width, 4)
    across = [rect for rect in rects if rect.box.intersection(edge) > 0.8 * edge.area]
    over = [rect for rect in across if rect.box.y > box.y and rect.box.bottom > box.bottom]
    return min(over, key=lambda rect: rect.box.area, default=None)


def _measure_edges(rgb: NDArray[np.uint8], box: Box, least: int) -> list[float]:
    """Return on which share of each side a panel's color ends at once, the lower side last: a
    gradient's stretch of one color fades. The page's own sides count as ends.
    """
    height, width = rgb.shape[:2]
    left, top, right, bottom = int(box.x), int(box.y), int(box.right), int(box.bottom)
    inset = EDGE_STEP
    ends = [1.0, 1.0, 1.0, 1.0]
    if top >= inset:
        ends[0] = _share_apart(rgb[top - inset, left:right], rgb[top + inset, left:right], least)
    if left >= inset:
        ends[1] = _share_apart(rgb[top:bottom, left - inset], rgb[top:bottom, left + inset], least)
    if right + inset < width:
        inner, outer = rgb[top:bottom, right - 1 - inset], rgb[top:bottom, right - 1 + inset]
        ends[2] = _share_apart(inner, outer, least)
    if bottom + inset < height:
        inner, outer = rgb[bottom - 1 - inset, left:right], rgb[bottom - 1 + inset, left:right]
        ends[3] = _share_apart(inner, outer, least)
    return ends


def _share_apart(a: NDArray[np.uint8], b: NDArray[np.uint8], least: int) -> float:
    return float((compute_channel_distance(a, b) >= least).mean())
