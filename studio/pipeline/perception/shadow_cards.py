"""Cards in the color of their ground, which their shadows alone tell: no surface of their own has an
edge all around, because a shadow fades above its box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.perception.hints import Box, Rect
from studio.pipeline.perception.pixels import (
    Mask,
    MockupPixels,
    find_runs,
    parse_hex,
)
from studio.pipeline.perception.shadows import find_shadow


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px, differences in levels of 255."""

    same: int = 1  # by which a ground's pixels differ
    faint: int = 3  # by which a shadow is darker right at its box, at least and at most
    strong: int = 70
    neutral: int = 8  # by which a shadow changes the channels unlike
    width: float = 60.0
    height: float = 40.0
    side: float = 16.0  # of a side's straight part that shows
    corner: float = 44.0  # how far a corner reaches into its sides
    unlike: float = 12.0  # by which the upper ends of both sides differ
    arc: float = 1.25  # radius of a corner, in lengths at which its side ends
    known: float = 0.7  # overlap (IoU) from which a card is found already
    most: int = 400  # lower edges that are looked at


LIMITS = Thresholds()


def find_shadow_cards(
    sheet: MockupPixels, background: str, rects: Sequence[Rect], limits: Thresholds = LIMITS
) -> list[Rect]:
    """Return the cards on the page's ground that have its color and a shadow."""
    if sheet.lossy:  # ripples beside letters look like shadows
        return []
    edges = _mark_edges(sheet, background, limits)
    found: list[Rect] = []
    for row, start, end in _find_bottoms(edges.below, limits)[: limits.most]:
        box = _complete_box(edges, row, start, end, limits)
        if box is None or any(
            rect.box.iou(box) > limits.known for rect in (*rects, *found) if rect.fill
        ):
            continue
        inset = (start - box.x + box.right - end) / 2
        radius = round(min(limits.arc * max(0.0, inset - 1), limits.corner))
        plain = Rect(0, box, background, radius=float(radius))
        shadow = find_shadow(plain, sheet)
        if shadow is not None:
            found.append(Rect(0, box, background, radius=float(radius), shadow=shadow))
    return found


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the ground's color ends at a shadow: which pixels have one below, to the left, …"""

    below: Mask
    above: Mask
    left: Mask
    right: Mask


def _mark_edges(sheet: MockupPixels, background: str, limits: Thresholds) -> _Edges:
    plain, shaded = _mark_ground_and_shade(sheet, background, limits)
    edges = [np.zeros_like(plain) for _ in range(4)]
    below, above, left, right = edges
    below[:-1] = plain[:-1] & shaded[1:]
    above[1:] = plain[1:] & shaded[:-1]
    left[:, 1:] = plain[:, 1:] & shaded[:, :-1]
    right[:, :-1] = plain[:, :-1] & shaded[:, 1:]
    return _Edges(below, above, left, right)


def _mark_ground_and_shade(
    sheet: MockupPixels, background: str, limits: Thresholds
) -> tuple[Mask, Mask]:
    """Return where the ground's color is, and where it is a little darker."""
    ground = parse_hex(background).astype(np.int16)
    plain, shaded = (np.empty((sheet.height, sheet.width), bool) for _ in range(2))
    for rows in cut_into_bands(sheet.height, sheet.width):
        darker = ground - sheet.rgb[rows].astype(np.int16)
        low, high = darker.min(axis=2), darker.max(axis=2)
        plain[rows] = (low >= -limits.same) & (high <= limits.same)
        even = high - low <= limits.neutral
        shaded[rows] = even & (low >= limits.faint) & (high <= limits.strong)
    return plain, shaded


def _find_bottoms(below: Mask, limits: Thresholds) -> list[tuple[int, int, int]]:
    """Return the lower edges: row, first column, end."""
    found = []
    for row in np.flatnonzero(below.sum(axis=1) >= limits.width / 2):
        for start, end in find_runs(below[row], limits.width / 2):
            found.append((int(row), start, end))
    return found


def _complete_box(edges: _Edges, row: int, start: int, end: int, limits: Thresholds) -> Box | None:
    """Return the box above a lower edge; None where its sides do not show."""
    reach = int(limits.corner)
    left = _find_side(edges.left, row, range(max(0, start - reach), start + 3), limits)
    last = edges.right.shape[1]
    columns = range(min(last, end + reach) - 1, max(0, end - 4), -1)
    right = _find_side(edges.right, row, columns, limits)
    if left is None or right is None or abs(left[1] - right[1]) > limits.unlike:
        return None
    x, right_end = left[0], right[0] + 1
    top = _find_top(edges.above, min(left[1], right[1]), x, right_end, limits)
    box = Box(x, top, right_end - x, row + 1 - top)
    return box if box.width >= limits.width and box.height >= limits.height else None


def _find_side(edges: Mask, row: int, columns: range, limits: Thresholds) -> tuple[int, int] | None:
    """Return the column of the longest edge that ends near a row, and the row where it begins."""
    best: tuple[int, int] | None = None
    longest = limits.side
    for column in columns:
        runs = find_runs(edges[: row + 1, column], limits.side)
        if runs and row - runs[-1][1] <= limits.corner and runs[-1][1] - runs[-1][0] > longest:
            best, longest = (column, runs[-1][0]), runs[-1][1] - runs[-1][0]
    return best


def _find_top(above: Mask, start: int, left: int, right: int, limits: Thresholds) -> int:
    """Return the row of a card's upper edge: where its shadow shows above it, else where its sides
    begin to show.
    """
    first = max(0, start - int(limits.corner))
    counts = above[first : start + 4, left:right].sum(axis=1)
    if len(counts) and counts.max() >= 0.5 * (right - left):
        return first + int(counts.argmax())
    return start
