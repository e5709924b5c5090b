"""Boxes known only by the text on them: grows one where no found rectangle explains the colour
behind a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Box, Rect, TextLine
from studio.pipeline.perception.outlines import compute_corner_radius, count_missing_corner_pixels
from studio.pipeline.perception.pixels import MockupPixels, compute_channel_distance, parse_hex

# A badge or button reaches at most this far beyond its text.
MAX_GROWTH = 60
# Grounds this much alike are one; a line of pixels belongs to the box while so much of it shows the
# ground.
ALIKE = 10
SHOWS = 0.8


def find_text_grounds(
    sheet: MockupPixels,
    lines: Sequence[TextLine],
    found: Sequence[Rect],
    background: str,
    photos: Sequence[Box],
) -> list[Rect]:
    """Rectangles behind text that segmentation did not find, such as a badge that melts into a
    border of its colour.
    """
    grown: list[Rect] = []
    for line in lines:
        ground = parse_hex(line.background)
        if compute_channel_distance(
            ground, _paint_expected_colors(line.box, [*found, *grown], background)
        ) <= ALIKE or _is_on_photo(line.box, photos):
            continue
        rect = _grow(sheet, line.box, ground)
        if rect is None:
            continue
        # Two lines of one cell each stop at the other's letters.
        overlapping = [
            o
            for o in grown
            if o.box.intersection(rect.box)
            and compute_channel_distance(parse_hex(o.fill or ""), ground) <= ALIKE
        ]
        for other in overlapping:
            grown.remove(other)
            rect = replace(rect, box=rect.box.union(other.box))
        grown.append(rect)
    return grown


def _paint_expected_colors(box: Box, found: Sequence[Rect], background: str) -> NDArray[np.uint8]:
    """The colour that the innermost filled rectangle around a box explains."""
    around = [rect for rect in found if rect.fill and rect.box.contains(box, 2)]
    inner = min(around, key=lambda rect: rect.box.area, default=None)
    return parse_hex(inner.fill if inner and inner.fill else background)


def _is_on_photo(box: Box, photos: Sequence[Box]) -> bool:
    return any(photo.intersection(box) > 0.5 * box.area for photo in photos)


def _grow(sheet: MockupPixels, box: Box, ground: NDArray[np.uint8]) -> Rect | None:
    left, top = max(1, int(box.x) - 1), max(1, int(box.y) - 1)
    right, bottom = (
        min(sheet.width - 1, int(box.right) + 1),
        min(sheet.height - 1, int(box.bottom) + 1),
    )
    start = (left, top, right, bottom)
    rgb = sheet.rgb

    def shows(line: NDArray[np.uint8]) -> bool:
        return float((compute_channel_distance(line, ground) <= ALIKE).mean()) >= SHOWS

    for _ in range(MAX_GROWTH):
        before = (left, top, right, bottom)
        left -= left > 0 and shows(rgb[top:bottom, left - 1])
        right += right < sheet.width and shows(rgb[top:bottom, right])
        top -= top > 0 and shows(rgb[top - 1, left:right])
        bottom += bottom < sheet.height and shows(rgb[bottom, left:right])
        if before == (left, top, right, bottom):
            break
    else:
        return None
    if start[0] == left or start[2] == right or start[1] == top or start[3] == bottom:
        return None
    inside = compute_channel_distance(rgb[top:bottom, left:right], ground) <= ALIKE
    inside[start[1] - top : start[3] - top, start[0] - left : start[2] - left] = True
    radius = compute_corner_radius(
        float(np.sort(count_missing_corner_pixels(inside))[1]), min(right - left, bottom - top)
    )
    color = "#" + "".join(f"{int(c):02x}" for c in ground)
    return Rect(0, Box(left, top, right - left, bottom - top), color, None, radius)
