"""Paints a page's boxes as style sheets would, to see what of the mockup they do not account for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.perception.gradients import measure_radial_share
from studio.pipeline.perception.hints import Box, Rect
from studio.pipeline.perception.pixels import Mask, Pixels, parse_hex

# px around a box that its own antialiasing may tint, and that an edge may be off.
EDGE = 2
Window = tuple[slice, slice]  # rows and columns of a picture


class PaintedPage:
    """A page's ground with its boxes on it, in paint order; shadows are left out.

    It is painted once. When its boxes change, only what they cover is painted again.
    """

    def __init__(self, shape: tuple[int, int], background: str, rects: Sequence[Rect]) -> None:
        self.background = background
        self.rects: tuple[Rect, ...] = tuple(rects)
        self.canvas: Pixels = np.empty((*shape, 3), np.uint8)
        self._whole = slice(0, shape[0]), slice(0, shape[1])
        self._paint_within(self._whole)

    def show(self, rects: Sequence[Rect]) -> None:
        """Show these boxes instead: paint again where boxes came, went or changed their order."""
        before, self.rects = self.rects, tuple(rects)
        for rect in _list_changes(before, self.rects):
            self._paint_within(_find_window(rect.box, self._whole))

    def _paint_within(self, window: Window) -> None:
        self.canvas[window] = parse_hex(self.background)
        for rect in self.rects:
            _paint(self.canvas, rect, window)


def _list_changes(before: Sequence[Rect], after: Sequence[Rect]) -> Iterator[Rect]:
    """Yield the boxes that are in one of two paint orders only, or at another place in it."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            yield from before[start:end]
            yield from after[new_start:new_end]


def measure_unexplained(pixels: Pixels, canvas: Pixels, reach: int = EDGE) -> NDArray[np.uint8]:
    """Return by how many levels each pixel lies outside of what the canvas shows around it.

    Antialiasing and an edge up to `reach` aside lie between the colors on both sides.
    """
    height, width = pixels.shape[:2]
    apart = np.empty((height, width), np.uint8)
    for rows in cut_into_bands(height, width):
        start = max(0, rows.start - reach)
        around = slice(start, rows.stop + reach)
        found = _measure_outside(pixels[around], canvas[around], reach)
        apart[rows] = found[rows.start - start : rows.stop - start]
    return apart


def _measure_outside(pixels: Pixels, canvas: Pixels, reach: int) -> NDArray[np.uint8]:
    import cv2

    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    low, high = cv2.erode(canvas, kernel), cv2.dilate(canvas, kernel)
    outside = np.maximum(cv2.subtract(low, pixels), cv2.subtract(pixels, high))
    return np.asarray(outside.max(axis=2), np.uint8)


def _find_window(box: Box, within: Window) -> Window:
    """Return the rows and columns of a box that lie within others; empty ones where none does."""
    rows, columns = within
    left, top, right, bottom = _round_sides(box)
    return _cut(rows, top, bottom), _cut(columns, left, right)


def _cut(places: slice, start: int, end: int) -> slice:
    first = max(places.start, start)
    return slice(first, max(first, min(places.stop, end)))


def _round_sides(box: Box) -> tuple[int, int, int, int]:
    return round(box.x), round(box.y), round(box.right), round(box.bottom)


def _mark_rounded_box(window: Window, box: Box, radius: float) -> Mask:
    """Return which pixels of a window, which lies within a box, the box fills: all but its corners."""
    import cv2

    rows, columns = window
    filled = np.ones((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
    left, top, right, bottom = _round_sides(box)
    height, width = max(1, bottom - top), max(1, right - left)
    corner = int(min(radius, width / 2, height / 2))
    if corner and filled.size:
        x, y = left - columns.start, top - rows.start
        filled[:] = 0
        cv2.rectangle(filled, (x + corner, y), (x + width - 1 - corner, y + height - 1), 1, -1)
        cv2.rectangle(filled, (x, y + corner), (x + width - 1, y + height - 1 - corner), 1, -1)
        for across in (x + corner, x + width - 1 - corner):
            for down in (y + corner, y + height - 1 - corner):
                cv2.circle(filled, (across, down), corner, 1, -1)
    return np.asarray(filled > 0)


def _paint(canvas: Pixels, rect: Rect, within: Window) -> None:
    """Paint the part of a box that lies within a window of the page."""
    window = _find_window(rect.box, within)
    outer = _mark_rounded_box(window, rect.box, rect.radius)
    if not outer.size:
        return
    pixels = canvas[window]
    if rect.border is not None:
        rim = _mark_rim(window, rect)
        pixels[outer & rim] = parse_hex(rect.border.color)
        outer &= ~rim
    if rect.gradient is not None:
        pixels[outer] = _shade(rect, *window)[outer]
    elif rect.fill is not None:
        pixels[outer] = parse_hex(rect.fill)


def _mark_rim(window: Window, rect: Rect) -> Mask:
    """Return which pixels of a window of a box its border covers: all but the inner box's."""
    assert rect.border is not None
    width, sides, box = rect.border.width, rect.border.sides, rect.box
    left, right = (width if side in sides else 0.0 for side in "lr")
    top, bottom = (width if side in sides else 0.0 for side in "tb")
    inner = Box(
        box.x + left,
        box.y + top,
        max(1.0, box.width - left - right),
        max(1.0, box.height - top - bottom),
    )
    rows, columns = window
    inner_rows, inner_columns = inner_window = _find_window(inner, window)
    down, across = inner_rows.start - rows.start, inner_columns.start - columns.start
    free = _mark_rounded_box(inner_window, inner, max(0.0, rect.radius - width))
    rim = np.ones((rows.stop - rows.start, columns.stop - columns.start), bool)
    rim[down : down + free.shape[0], across : across + free.shape[1]] = ~free
    return rim


def _shade(rect: Rect, rows: slice, columns: slice) -> Pixels:
    """Return the colors of a gradient over a part of its box."""
    assert rect.gradient is not None
    first, last = (parse_hex(color).astype(np.float32) for color in rect.gradient)
    width, height = rect.box.width, rect.box.height
    x = np.arange(columns.start, columns.stop, dtype=np.float32) - rect.box.x
    y = (np.arange(rows.start, rows.stop, dtype=np.float32) - rect.box.y)[:, None]
    if rect.gradient_shape == "linear":
        angle = math.radians(rect.gradient_angle)
        across, down = math.sin(angle), -math.cos(angle)
        length = abs(width * across) + abs(height * down)
        along = (x - width / 2) * across + (y - height / 2) * down
        share = along / max(length, 1.0) + 0.5
    else:
        left, top = (at / 100 for at in rect.gradient_center)
        sides = (width, height) if rect.gradient_shape == "circle" else None
        share = measure_radial_share(x / width - left, y / height - top, left, top, sides)
    share = np.clip(share, 0, 1)[..., None]
    return np.asarray(first + (last - first) * share, np.uint8)
