"""Outlines that no surface showed: of pills, fields and groups of cells. A label may interrupt one,
straight strokes may divide it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Border, Box, Rect, TextLine
from studio.pipeline.perception.ink_pieces import (
    cut_pixels,
    find_pieces_of_ink,
    is_stroke,
    make_stroke,
    mark_box,
)
from studio.pipeline.perception.outlines import (
    compute_corner_radius,
    count_missing_corner_pixels,
    find_common_radius,
)
from studio.pipeline.perception.pixels import (
    Mask,
    MockupPixels,
    compute_channel_distance,
    find_common_color,
    write_hex,
)
from studio.pipeline.perception.rectangles import PILL


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px. Set on pictures from public repositories."""

    # An outline: its sides, how thick its stroke may be, how much of each side must be there, how
    # many pixels its corners may stray from a rounded box for each px of width and height.
    frame_width: float = 28.0
    frame_height: float = 18.0
    thickest: int = 6
    side_there: float = 0.9
    stray: float = 0.35
    # Share of its ink that may lie away from the outline without being a straight divider.
    beside: float = 0.15
    # A box without a border that an outline lies around: how far apart their sides are at most.
    around: float = 3.0
    solid: float = 0.85  # share of its own box that a divider fills


THRESHOLDS = Thresholds()
TEXT_PAD = 5  # px around a label that interrupts an outline
TIP = 2  # px from an outline's box in which its stroke begins


@dataclass(frozen=True, slots=True)
class LostOutline:
    """A rounded box's stroke, with the straight strokes that divide it."""

    box: Box
    radius: float
    width: int
    color: str
    dividers: tuple[Rect, ...]


def find_outlines(
    sheet: MockupPixels,
    ink: Mask,
    lines: Sequence[TextLine],
    limits: Thresholds = THRESHOLDS,
) -> list[LostOutline]:
    """Return the outlines among pieces of ink."""
    frames = []
    for box, own in find_pieces_of_ink(ink):
        if box.width < limits.frame_width or box.height < limits.frame_height:
            continue
        frame = _read_outline(sheet, box, own, lines, limits)
        if frame is not None:
            frames.append(frame)
    return frames


def is_on_outline(box: Box, frame: LostOutline) -> bool:
    """Whether a box is a part of an outline: a side, an arc of a corner."""
    outer, reach = frame.box, frame.width + TIP
    if not outer.contains(box, reach):
        return False
    if min(box.width, box.height) <= reach:
        near = (
            abs(box.cx - outer.x),
            abs(box.cx - outer.right),
            abs(box.cy - outer.y),
            abs(box.cy - outer.bottom),
        )
        return min(near) <= reach
    corner = frame.radius + reach
    at_side = min(abs(box.x - outer.x), abs(box.right - outer.right)) <= reach
    at_end = min(abs(box.y - outer.y), abs(box.bottom - outer.bottom)) <= reach
    return at_side and at_end and max(box.width, box.height) <= corner


def add_outline(
    rects: Sequence[Rect], frame: LostOutline, limits: Thresholds = THRESHOLDS
) -> list[Rect]:
    """Return the boxes with an outline: as the border of the box that it lies around, else as a
    box of its own.
    """
    border = Border(float(frame.width), frame.color)
    own = [rect for rect in rects if rect.border is None and _lies_around(frame, rect, limits)]
    outlined = Rect(0, frame.box, None, border, frame.radius)
    rest = list(rects)
    if own:
        best = max(own, key=lambda rect: rect.box.iou(frame.box))
        rest.remove(best)
        outlined = replace(best, box=frame.box, border=border, radius=frame.radius)
    return [*rest, outlined, *frame.dividers]


def join_nested(rects: Sequence[Rect], limits: Thresholds = THRESHOLDS) -> list[Rect]:
    """Return the boxes with each outline and the fill right inside it as one box."""
    kept = list(rects)
    for frame in rects:
        if frame.fill is not None or frame.border is None or frame.border.sides != "trbl":
            continue
        reach = frame.border.width + limits.around
        inside = [
            rect
            for rect in kept
            if rect.fill is not None
            and not is_stroke(rect)
            and frame.box.contains(rect.box)
            and rect.box.area >= (frame.box.width - 2 * reach) * (frame.box.height - 2 * reach)
        ]
        if len(inside) == 1 and frame in kept:
            kept.remove(frame)
            kept.remove(inside[0])
            kept.append(replace(inside[0], box=frame.box, border=frame.border, radius=frame.radius))
    return kept


def _read_outline(
    sheet: MockupPixels,
    box: Box,
    own: Mask,
    lines: Sequence[TextLine],
    limits: Thresholds,
) -> LostOutline | None:
    """Return the outline that a piece of ink is; None where it is something else.

    A label on the outline may interrupt it.
    """
    whole = _span_rows(own)
    radius = _measure_radius(whole, limits)
    hidden = _mark_labels(box, own.shape, lines)
    width = _measure_stroke(own, hidden, limits)
    if radius is None or width is None:
        return None
    inset = min(int(radius) + 1, min(own.shape) // 2 - 1)
    if min(_measure_sides(own | hidden, inset)) < limits.side_there:
        return None
    rim = whole & ~_erode(whole, width + TIP)
    rest = own & ~rim
    dividers = [
        make_stroke(sheet.rgb, place, piece, box)
        for place, piece in find_pieces_of_ink(rest)
        if _is_divider(place, piece, box, width + TIP, limits)
    ]
    divided = sum(round(rect.box.area) for rect in dividers)
    if int(rest.sum()) - divided > limits.beside * int(own.sum()):
        return None
    color = write_hex(_find_stroke_color(cut_pixels(sheet.rgb, box), own & rim, width))
    return LostOutline(box, radius, width, color, tuple(dividers))


def _find_stroke_color(window: NDArray[np.uint8], rim: Mask, width: int) -> NDArray[np.uint8]:
    """Return an outline's color: of its middle, which antialiasing does not thin."""
    ground = find_common_color(window, ~rim)
    apart = compute_channel_distance(window, ground)
    strong = rim & (apart >= np.quantile(apart[rim], 0.5 if width > 1 else 0.25))
    return find_common_color(window, strong)


def _span_rows(own: Mask) -> Mask:
    """Return what lies between the first and the last pixel of each row."""
    before = np.logical_or.accumulate(own, axis=1)
    after = np.logical_or.accumulate(own[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(before & after)


def _measure_radius(whole: Mask, limits: Thresholds) -> float | None:
    """Return the corner radius of a filled outline; None where it is no rounded box."""
    height, width = whole.shape
    missing = count_missing_corner_pixels(whole)
    corners = tuple(compute_corner_radius(float(m), min(width, height)) for m in missing)
    radius = find_common_radius(corners)
    usual = float(np.sort(missing)[1])
    stray = float(np.abs(missing - usual).sum())
    allowed = limits.stray * (width + height) + 2 * radius
    if stray > allowed:
        return None
    half = min(width, height) / 2
    return half if radius >= PILL * half else radius


def _mark_labels(box: Box, shape: tuple[int, ...], lines: Sequence[TextLine]) -> Mask:
    hidden = np.zeros(shape, bool)
    for line in lines:
        if box.intersection(line.box):
            moved = Box(line.box.x - box.x, line.box.y - box.y, line.box.width, line.box.height)
            mark_box(hidden, moved, TEXT_PAD)
    return hidden


def _measure_stroke(own: Mask, hidden: Mask, limits: Thresholds) -> int | None:
    """Return how thick an outline is, in px; None where its sides are unlike or too thick."""
    turned = (own, own[:, ::-1], own.T, own.T[:, ::-1])
    covered = (hidden, hidden[:, ::-1], hidden.T, hidden.T[:, ::-1])
    widths = []
    for side, cover in zip(turned, covered, strict=True):
        middle = slice(side.shape[0] // 3, side.shape[0] - side.shape[0] // 3)
        rows = side[middle][~cover[middle, :TIP].any(axis=1), : 2 * limits.thickest]
        if not len(rows):
            return None
        starts = rows.argmax(axis=1)
        runs = [
            int((~row[start:]).argmax()) if not row[start:].all() else row.size
            for row, start in zip(rows, starts, strict=True)
        ]
        widths.append(int(np.median(runs)))
    if not 1 <= min(widths) <= max(widths) <= limits.thickest or max(widths) - min(widths) > 2:
        return None
    return int(np.median(widths))


def _measure_sides(own: Mask, inset: int) -> list[float]:
    """Return which share of each straight side has ink near it."""
    height, width = own.shape
    across, down = slice(inset, width - inset), slice(inset, height - inset)
    sides = (
        own[:TIP, across].any(axis=0),
        own[-TIP:, across].any(axis=0),
        own[down, :TIP].any(axis=1),
        own[down, -TIP:].any(axis=1),
    )
    return [float(side.mean()) if side.size else 1.0 for side in sides]


def _erode(mask: Mask, by: int) -> Mask:
    import cv2

    side = 2 * by + 1
    framed = np.pad(mask.view(np.uint8), by)
    inner = cv2.erode(framed, np.ones((side, side), np.uint8))
    return np.asarray(inner[by:-by, by:-by] > 0)


def _is_divider(place: Box, piece: Mask, box: Box, rim: int, limits: Thresholds) -> bool:
    """Whether a piece is a straight stroke from one side of an outline to the other."""
    thin, long = sorted((place.width, place.height))
    across = box.width if place.width > place.height else box.height
    return (
        thin <= limits.thickest
        and long >= 0.8 * (across - 2 * rim)
        and float(piece.mean()) >= limits.solid
    )


def _lies_around(frame: LostOutline, rect: Rect, limits: Thresholds) -> bool:
    reach = frame.width + limits.around
    a, b = frame.box, rect.box
    sides = (a.x - b.x, a.y - b.y, a.right - b.right, a.bottom - b.bottom)
    return all(abs(side) <= reach for side in sides)
