"""Crossed boxes, by which wireframes mean a picture: two diagonals that meet in the middle of an
outlined box. Each is one placeholder picture, whatever lies below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Box
from studio.pipeline.perception.pixels import Mask, MockupPixels

WIREFRAME_NOTE = "The mockup is a wireframe: its crossed boxes stand for pictures and were taken as placeholders."


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px; levels of 255."""

    stroke: int = 9  # that a line is thinner than
    contrast: int = 24
    shortest: int = 28  # side of a crossed box
    length: int = 24  # of a piece of a diagonal that is seen,
    gap: int = 8  # and gaps that letters or stripes tear into it
    votes: int = 20
    most_lines: int = 2_000
    # A diagonal's slope and middle against the other's, as shares of the box.
    slope: float = 0.12
    middle: float = 0.06
    side: float = 0.6  # of a box's side that shows an edge
    # Of a diagonal: the part that is looked at, how much of it shows a line; and of the box's inside,
    # how much is ink.
    seen: tuple[float, float] = (0.1, 0.8)
    drawn: float = 0.85
    most_ink: float = 0.25
    reach: int = 4  # px from the diagonals' ends to the sides


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class _Diagonal:
    left: float
    top: float
    right: float
    bottom: float
    falls: bool  # from the top left to the bottom right

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.right - self.left, self.bottom - self.top)

    @property
    def slope(self) -> float:
        return (self.bottom - self.top) / max(1.0, self.right - self.left)


def find_crossed_boxes(sheet: MockupPixels, limits: Thresholds = THRESHOLDS) -> list[Box]:
    """Return the outlines of crossed boxes, largest first."""
    import cv2

    green = np.ascontiguousarray(sheet.rgb[:, :, 1])
    kernel = np.ones((limits.stroke, limits.stroke), np.uint8)
    dark: Any = cv2.morphologyEx(green, cv2.MORPH_BLACKHAT, kernel)
    light: Any = cv2.morphologyEx(green, cv2.MORPH_TOPHAT, kernel)
    ink = np.asarray(np.maximum(dark, light) > limits.contrast)
    lines = cv2.HoughLinesP(
        ink.view(np.uint8),
        1,
        np.pi / 360,
        limits.votes,
        minLineLength=limits.length,
        maxLineGap=limits.gap,
    )
    if lines is None or len(lines) > limits.most_lines:
        return []
    diagonals = _join_pieces(
        _keep_diagonals(np.asarray(lines, np.int32).reshape(-1, 4), limits), limits
    )
    falling = [one for one in diagonals if one.falls]
    rising = [one for one in diagonals if not one.falls]
    found: list[Box] = []
    for one in falling:
        for other in rising:
            box = _cross(one, other, limits)
            if box is None or not _is_outlined(ink, box, limits):
                continue
            if all(_is_drawn(ink, line, box, limits) for line in (one, other)):
                found.append(box)
    found.sort(key=lambda box: -box.area)
    kept: list[Box] = []
    for box in found:
        if not any(box.intersection(other) > 0.5 * box.area for other in kept):
            kept.append(box)
    return kept


def _keep_diagonals(lines: NDArray[np.int32], limits: Thresholds) -> list[_Diagonal]:
    found = []
    for x0, y0, x1, y1 in lines.tolist():
        if x0 > x1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        if x1 - x0 < limits.length / 3 or abs(y1 - y0) < limits.length / 4:
            continue
        found.append(_Diagonal(x0, min(y0, y1), x1, max(y0, y1), y1 > y0))
    return sorted(found, key=lambda one: -one.box.width)


def _join_pieces(pieces: Sequence[_Diagonal], limits: Thresholds) -> list[_Diagonal]:
    """Return the diagonals, pieces of one line together."""
    joined: list[_Diagonal] = []
    for piece in pieces:
        for i, line in enumerate(joined):
            if line.falls == piece.falls and _continues(line, piece, limits):
                joined[i] = _Diagonal(
                    min(line.left, piece.left),
                    min(line.top, piece.top),
                    max(line.right, piece.right),
                    max(line.bottom, piece.bottom),
                    line.falls,
                )
                break
        else:
            joined.append(piece)
    return joined


def _continues(line: _Diagonal, piece: _Diagonal, limits: Thresholds) -> bool:
    """Whether a piece lies on a line, and on it or soon after its end."""
    apart = max(piece.left - line.right, line.left - piece.right)
    if apart > 3 * limits.gap:
        return False
    start = line.top if line.falls else line.bottom
    sign = line.slope if line.falls else -line.slope
    ends = (
        (piece.left, piece.top if piece.falls else piece.bottom),
        (piece.right, piece.bottom if piece.falls else piece.top),
    )
    off = [abs(start + sign * (x - line.left) - y) for x, y in ends]
    steep = max(1.0, line.slope)
    return max(off) <= limits.reach * steep


def _cross(one: _Diagonal, other: _Diagonal, limits: Thresholds) -> Box | None:
    """Return the box whose diagonals the two are; None where they are not mirrored about one
    middle. A label may hide an end of one.
    """
    union = one.box.union(other.box)
    if min(union.width, union.height) < limits.shortest:
        return None
    if abs(one.slope - other.slope) > limits.slope * max(one.slope, other.slope):
        return None
    longer = max(one, other, key=lambda line: line.box.width)
    if longer.box.iou(union) < 0.9:
        return None
    x, y = _meet(one, other)
    off_x, off_y = abs(x - union.cx) / union.width, abs(y - union.cy) / union.height
    shorter = min(one.box.width, other.box.width)
    if max(off_x, off_y) > limits.middle or shorter < 0.6 * union.width:
        return None
    return Box(union.x, union.y, union.width + 1, union.height + 1)


def _meet(falling: _Diagonal, rising: _Diagonal) -> tuple[float, float]:
    # top + slope (x - left) = bottom - slope' (x - left')
    total = falling.slope + rising.slope
    x = (
        rising.bottom - falling.top + falling.slope * falling.left + rising.slope * rising.left
    ) / total
    return x, falling.top + falling.slope * (x - falling.left)


def _is_drawn(ink: Mask, line: _Diagonal, box: Box, limits: Thresholds) -> bool:
    """Whether a line runs all along a diagonal, and the box holds little else."""
    low, high = limits.seen
    share = np.linspace(low, high, round(box.width))
    x = np.round(line.left + share * line.box.width).astype(int)
    down = (
        line.top + share * line.box.height if line.falls else line.bottom - share * line.box.height
    )
    y = np.round(down).astype(int)
    hits = np.zeros(len(share), bool)
    for off in (-2, -1, 0, 1, 2):
        hits |= ink[np.clip(y + off, 0, ink.shape[0] - 1), np.clip(x, 0, ink.shape[1] - 1)]
    inside = ink[round(box.y) : round(box.bottom), round(box.x) : round(box.right)]
    return float(hits.mean()) >= limits.drawn and float(inside.mean()) <= limits.most_ink


def _is_outlined(ink: Mask, box: Box, limits: Thresholds) -> bool:
    """Whether a line runs along each side of the box; a cross without one is a sign."""
    height, width = ink.shape
    left, top, right, bottom = (round(v) for v in (box.x, box.y, box.right, box.bottom))
    reach = limits.reach

    def shows(rows: slice, columns: slice, axis: int) -> bool:
        part = ink[rows, columns]
        return bool(part.size) and float(part.any(axis=axis).mean()) >= limits.side

    across, down = slice(max(0, left), right + 1), slice(max(0, top), bottom + 1)
    sides = (
        shows(slice(max(0, top - reach), min(height, top + reach)), across, 0),
        shows(slice(max(0, bottom - reach), min(height, bottom + reach + 1)), across, 0),
        shows(down, slice(max(0, left - reach), min(width, left + reach)), 1),
        shows(down, slice(max(0, right - reach), min(width, right + reach + 1)), 1),
    )
    return sum(sides) >= 3
