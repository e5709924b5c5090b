"""A page drawn by hand: its strokes are no straight lines, so its boxes are read from what the
strokes enclose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Border, Box, Picture, Rect, TextLine, bound_boxes
from studio.pipeline.perception.pixels import (
    Mask,
    MockupPixels,
    compute_channel_distance,
    find_common_color,
    write_hex,
)

SKETCH_NOTE = (
    "The mockup is a drawn sketch: its boxes, words and crossed boxes (as placeholder pictures) were taken over; "
    "colors, fonts and exact sizes are for you to choose."
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in px of the sheet. Set on our own drawn wireframes and on the development pages,
    which have none.
    """

    # Share of the page that is paper, and levels by which it may vary.
    paper: float = 0.7
    paper_levels: int = 16
    # A frame's sides, the share of its box that is ink, and how near its box its strokes stay.
    frame_side: int = 40
    most_ink: float = 0.35
    near_side: float = 0.14
    on_side: float = 0.75
    # A side wobbles when its stroke strays by so much; a straight one strays by nothing.
    wobble: float = 2.0
    wobbly_sides: int = 3
    # Frames that a sketch has, and the share of all frames that wobble.
    frames: int = 3
    wobbly: float = 0.7
    # Share of its box that an enclosed area fills: a cell nearly all, a part of a crossed box half.
    cell: float = 0.8
    part: float = 0.62
    least_area: int = 400
    # Sides that differ by less were meant to be on one line.
    snap: float = 14.0
    stroke_contrast: int = 40
    stroke: int = 15
    sampled: int = 4  # every so many pixels are asked whether they are paper
    light: int = 127  # levels of 255 from which paper is light
    gap: int = 5  # of a pen that was lifted: a pixel or two on each side
    same: float = 0.8  # overlap (IoU) of a frame and a crossed box that are one
    line_width: float = 2.0  # of a frame as it is written
    tallest_word: float = 1.9  # times the usual height of a line; taller ones are strokes
    in_picture: int = 4  # by which a word in a crossed box may hang out of it
    inset: int = 10  # parts of a side, of which the first and the last are left out
    least_depth: float = 6.0  # how far from its box a frame's stroke may stay, however small it is
    # Quantiles between which a stroke's strays count.
    straight: tuple[float, float] = (0.1, 0.9)
    # Four triangles meet in a crossed box: their boxes cover it twice, with what a hand adds.
    triangles: int = 4
    covered: tuple[float, float] = (1.2, 2.6)
    crossed_pad: int = 2  # from its parts to a crossed box's outline


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Sketch:
    rects: tuple[Rect, ...]
    pictures: tuple[Picture, ...]


def read_sketch(sheet: MockupPixels, limits: Thresholds = THRESHOLDS) -> Sketch | None:
    """Return the boxes and placeholder pictures of a drawn page; None for any other picture."""
    import cv2

    paper = find_common_color(sheet.rgb)
    sample = sheet.rgb[:: limits.sampled, :: limits.sampled]
    is_paper = compute_channel_distance(sample, paper) <= limits.paper_levels
    if float(is_paper.mean()) < limits.paper:
        return None
    green = np.ascontiguousarray(sheet.rgb[:, :, 1])
    kernel = np.ones((limits.stroke, limits.stroke), np.uint8)
    dark = float(paper[1]) > limits.light
    strokes: Any = cv2.morphologyEx(green, cv2.MORPH_BLACKHAT if dark else cv2.MORPH_TOPHAT, kernel)
    ink = (strokes > limits.stroke_contrast).view(np.uint8)
    close = np.ones((limits.gap, limits.gap), np.uint8)
    ink = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, close))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    frames = [(i, stats[i]) for i in range(1, len(stats)) if _may_be_frame(stats[i], limits)]
    masks = [(labels[y : y + h, x : x + w] == i, (x, y)) for i, (x, y, w, h, _) in frames]
    framed = [(mask, place) for mask, place in masks if _is_framed(mask, limits)]
    wobbly = [one for one in framed if _wobbles(one[0], limits)]
    if len(wobbly) < limits.frames or len(wobbly) < limits.wobbly * len(framed):
        return None
    color = write_hex(find_common_color(sheet.rgb, ink > 0))
    outer, crossed = list[Box](), list[Box]()
    for mask, (x, y) in framed:
        outer.append(Box(int(x), int(y), mask.shape[1], mask.shape[0]))
        crossed += [_move(box, int(x), int(y)) for box in _find_crossed(mask, limits)]
    outer = [box for box in outer if not any(box.iou(other) > limits.same for other in crossed)]
    outer, crossed = _snap(outer, limits), _snap(crossed, limits)
    order = sorted(outer, key=lambda box: (-box.area, box.y, box.x))
    rects = [Rect(i, box, None, Border(limits.line_width, color)) for i, box in enumerate(order, 1)]
    places = sorted(crossed, key=lambda box: (box.y, box.x))
    pictures = [
        Picture(i, box, "photo", f"assets/picture-{i}.png") for i, box in enumerate(places, 1)
    ]
    return Sketch(tuple(rects), tuple(pictures))


def keep_words(
    lines: Sequence[TextLine], sketch: Sketch, limits: Thresholds = THRESHOLDS
) -> list[TextLine]:
    """Return the lines without those that are strokes read as letters, numbered anew."""
    heights = [line.box.height for line in lines]
    usual = float(np.median(heights)) if heights else 0.0
    kept = [
        line
        for line in lines
        if line.box.height <= limits.tallest_word * usual
        and not any(p.box.contains(line.box, limits.in_picture) for p in sketch.pictures)
    ]
    return [replace(line, id=i) for i, line in enumerate(kept, 1)]


def _may_be_frame(stat: NDArray[np.int32], limits: Thresholds) -> bool:
    _, _, width, height, area = (int(value) for value in stat)
    return min(width, height) >= limits.frame_side and area <= limits.most_ink * width * height


def _profiles(mask: Mask, limits: Thresholds) -> list[NDArray[np.int64]]:
    """Return, for the four sides, how far in each row or column of the middle the first ink lies."""
    found = []
    for turned in (mask, mask[::-1], mask.T, mask.T[::-1]):
        width = turned.shape[1]
        inset = width // limits.inset
        part = turned[:, inset : max(inset + 1, width - inset)]
        found.append(
            np.where(part.any(axis=0), part.argmax(axis=0), part.shape[0]).astype(np.int64)
        )
    return found


def _is_framed(mask: Mask, limits: Thresholds) -> bool:
    """Whether strokes run along all four sides of the box."""
    depth = max(limits.least_depth, limits.near_side * min(mask.shape))
    return all(
        float((profile <= depth).mean()) >= limits.on_side for profile in _profiles(mask, limits)
    )


def _wobbles(mask: Mask, limits: Thresholds) -> bool:
    low, high = limits.straight
    strays = [
        float(np.quantile(profile, high) - np.quantile(profile, low))
        for profile in _profiles(mask, limits)
    ]
    return sum(stray >= limits.wobble for stray in strays) >= limits.wobbly_sides


def _find_crossed(mask: Mask, limits: Thresholds) -> list[Box]:
    """Return the crossed boxes of a frame: four areas that fill half their boxes each and meet in
    the middle.
    """
    import cv2

    _, _, stats, centers = cv2.connectedComponentsWithStats(
        (~mask).astype(np.uint8), connectivity=4
    )
    height, width = mask.shape
    parts = []
    for (x, y, w, h, area), center in zip(stats[1:].tolist(), centers[1:], strict=True):
        outside = x == 0 or y == 0 or x + w == width or y + h == height
        if not outside and area >= limits.least_area and area <= limits.part * w * h:
            parts.append((Box(x, y, w, h), center))
    found = []
    while len(parts) >= limits.triangles:
        first = parts[0]
        group = sorted(
            parts, key=lambda part: abs(part[1][0] - first[1][0]) + abs(part[1][1] - first[1][1])
        )[: limits.triangles]
        union = bound_boxes([box for box, _ in group])
        covered = sum(box.area for box, _ in group)
        least, most = limits.covered
        if least * union.area <= covered <= most * union.area:
            pad = limits.crossed_pad
            left, top = union.x - pad, union.y - pad
            found.append(Box(left, top, union.width + 2 * pad, union.height + 2 * pad))
        parts = [part for part in parts if part not in group] if found else parts[1:]
    return found


def _move(box: Box, x: int, y: int) -> Box:
    return Box(box.x + x, box.y + y, box.width, box.height)


def _snap(boxes: Sequence[Box], limits: Thresholds) -> list[Box]:
    """Return the boxes with sides on one line that were meant to be on one."""
    lefts, rights = _settle([b.x for b in boxes], limits), _settle([b.right for b in boxes], limits)
    tops, bottoms = (
        _settle([b.y for b in boxes], limits),
        _settle([b.bottom for b in boxes], limits),
    )
    sides = zip(lefts, tops, rights, bottoms, strict=True)
    return [Box(left, top, right - left, bottom - top) for left, top, right, bottom in sides]


def _settle(values: Sequence[float], limits: Thresholds) -> list[float]:
    """Return the values with near ones made equal to their median."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    settled = list(values)
    group: list[int] = []
    for i in [*order, None]:
        if i is not None and (not group or values[i] - values[group[-1]] <= limits.snap):
            group.append(i)
            continue
        for member in group:
            settled[member] = float(round(float(np.median([values[one] for one in group]))))
        group = [] if i is None else [i]
    return settled
