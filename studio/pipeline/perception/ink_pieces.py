"""Ink by its pixels: connected pieces of it, boxes marked in a mask, strokes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from studio.pipeline.perception.hints import Box, Rect
from studio.pipeline.perception.pixels import Mask, Pixels, find_common_color, write_hex

LEAST_INK = 12  # pixels; fewer are too few to be anything
STROKE = 3  # px of the thickest stroke


def find_pieces_of_ink(ink: Mask) -> Iterator[tuple[Box, Mask]]:
    """Yield each connected piece of ink: its box, and its own pixels in it."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.view(np.uint8), connectivity=8)
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        if area >= LEAST_INK:
            yield Box(x, y, w, h), labels[y : y + h, x : x + w] == i


def mark_box(mask: Mask, box: Box, pad: int) -> None:
    """Set a box with a margin in a mask."""
    top, left = max(0, int(box.y) - pad), max(0, int(box.x) - pad)
    mask[top : max(0, int(box.bottom) + pad), left : max(0, int(box.right) + pad)] = True


def clear_box(mask: Mask, box: Box, pad: int) -> None:
    """Take a box with a margin out of a mask."""
    top, left = max(0, int(box.y) - pad), max(0, int(box.x) - pad)
    mask[top : max(0, int(box.bottom) + pad), left : max(0, int(box.right) + pad)] = False


def cut_pixels(rgb: Pixels, box: Box) -> Pixels:
    """Return the pixels of a box."""
    return rgb[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]


def cut_mask(mask: Mask, box: Box) -> Mask:
    """Return a box's part of a mask."""
    return mask[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]


def is_stroke(rect: Rect) -> bool:
    """Return whether a box is a thin rule."""
    return min(rect.box.width, rect.box.height) <= STROKE


def make_stroke(rgb: Pixels, place: Box, piece: Mask, within: Box) -> Rect:
    """Return the stroke that a piece of ink is; `place` is its box within another one."""
    moved = Box(place.x + within.x, place.y + within.y, place.width, place.height)
    color = find_common_color(cut_pixels(rgb, moved), piece)
    return Rect(0, moved, write_hex(color))


def clear_rim(mask: Mask, box: Box, outside: int, inside: int) -> None:
    """Take out of a mask what lies so near a box's outline, on both sides of it."""
    top, left = max(0, int(box.y) + inside), max(0, int(box.x) + inside)
    inner = (
        slice(top, max(top, int(box.bottom) - inside)),
        slice(left, max(left, int(box.right) - inside)),
    )
    kept = mask[inner].copy()
    clear_box(mask, box, outside)
    mask[inner] = kept
