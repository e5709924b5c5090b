"""Paints a page's boxes as style sheets would, to see what of the mockup they do not account for."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.perception.gradients import measure_radial_share
from studio.pipeline.perception.hints import Box, Rect
from studio.pipeline.perception.pixels import Mask, Pixels, parse_hex

# px around a box that its own antialiasing may tint, and that an edge may be off.
EDGE = 2


def repaint_boxes(shape: tuple[int, int], background: str, rects: Sequence[Rect]) -> Pixels:
    """Return the page's ground with its boxes on it, in paint order; shadows are left out."""
    canvas = np.empty((*shape, 3), np.uint8)
    canvas[:] = parse_hex(background)
    for rect in rects:
        _paint(canvas, rect)
    return canvas


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


def mark_rounded_box(shape: tuple[int, int], box: Box, radius: float) -> tuple[slice, slice, Mask]:
    """Return the rows and columns of a box within a picture, and which of their pixels it fills."""
    import cv2

    left, top, right, bottom = (round(v) for v in (box.x, box.y, box.right, box.bottom))
    height, width = max(1, bottom - top), max(1, right - left)
    corner = int(min(radius, width / 2, height / 2))
    filled = np.ones((height, width), np.uint8)
    if corner:
        filled[:] = 0
        cv2.rectangle(filled, (corner, 0), (width - 1 - corner, height - 1), 1, -1)
        cv2.rectangle(filled, (0, corner), (width - 1, height - 1 - corner), 1, -1)
        for x in (corner, width - 1 - corner):
            for y in (corner, height - 1 - corner):
                cv2.circle(filled, (x, y), corner, 1, -1)
    rows = slice(max(0, top), max(0, min(shape[0], bottom)))
    columns = slice(max(0, left), max(0, min(shape[1], right)))
    part = filled[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    return rows, columns, np.asarray(part > 0)


def _paint(canvas: Pixels, rect: Rect) -> None:
    shape = canvas.shape[0], canvas.shape[1]
    rows, columns, outer = mark_rounded_box(shape, rect.box, rect.radius)
    if not outer.size:
        return
    window = canvas[rows, columns]
    if rect.border is not None:
        rim = _mark_rim(shape, rect)
        window[outer & rim] = parse_hex(rect.border.color)
        outer &= ~rim
    if rect.gradient is not None:
        window[outer] = _shade(rect, rows, columns)[outer]
    elif rect.fill is not None:
        window[outer] = parse_hex(rect.fill)


def _mark_rim(shape: tuple[int, int], rect: Rect) -> Mask:
    """Return which pixels of a box its border covers."""
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
    rows, columns, outer = mark_rounded_box(shape, box, rect.radius)
    rim = np.ones(outer.shape, bool)
    inner_rows, inner_columns, filled = mark_rounded_box(
        shape, inner, max(0.0, rect.radius - width)
    )
    down, across = inner_rows.start - rows.start, inner_columns.start - columns.start
    rim[down : down + filled.shape[0], across : across + filled.shape[1]] = ~filled
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
