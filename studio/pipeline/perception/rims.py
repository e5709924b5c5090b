"""Sides of a box that are drawn in several strokes: a bevel inside its border, a row's rule right on
the border of its card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.pixels import compute_channel_distance, find_common_color

Color = NDArray[np.uint8]
Lines = Sequence[NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Levels are of 255, the largest of a color's three channels."""

    # px; the inset shadow of a pressed button is 3 px high and fades over 5.
    deepest: int = 8
    # px; the border beyond a bevel. More of the fill's color is the next box.
    widest: int = 2
    # Levels by which a bevel may differ from the fill: white or black at up to 20 %.
    bevel: int = 48
    # Share of a line that has its usual color.
    steady: float = 0.7
    # px of rules between a fill and the border around it.
    rules: int = 2


THRESHOLDS = Thresholds()


def measure_bevel(lines: Lines, fill: Color, same: int, limits: Thresholds = THRESHOLDS) -> int:
    """Return how many lines outside a side belong to the box: a bevel and the border beyond it, in
    the fill's color; 0 where the side ends plainly.

    `lines`: the rows (or columns) outside the side, nearest first.
    """
    colors = [find_common_color(line) for line in lines[: limits.deepest]]
    depth = 0
    while depth < len(colors) and _is_bevel(lines[depth], colors[depth], fill, same, limits):
        depth += 1
    if not depth:
        return 0
    end = depth
    while end < len(colors) and compute_channel_distance(colors[end], fill) <= same:
        end += 1
    has_border = 1 <= end - depth <= limits.widest and end < len(colors)
    return end if has_border else 0


def _is_bevel(
    line: NDArray[np.uint8], color: Color, fill: Color, same: int, limits: Thresholds
) -> bool:
    apart = int(compute_channel_distance(color, fill))
    return same < apart <= limits.bevel and _is_steady(line, color, same, limits)


def find_border_beyond(
    lines: Lines, border: Color, fill: Color, same: int, limits: Thresholds = THRESHOLDS
) -> int:
    """Return how many lines of rules lie between a side and a border of this color; 0 where the
    border is not right beyond rules.
    """
    for depth in range(1, min(limits.rules, len(lines) - 1) + 1):
        if not _is_rule(lines[depth - 1], fill, same, limits):
            return 0
        color = find_common_color(lines[depth])
        if compute_channel_distance(color, border) <= same and _is_steady(
            lines[depth], color, same, limits
        ):
            return depth
    return 0


def _is_rule(line: NDArray[np.uint8], fill: Color, same: int, limits: Thresholds) -> bool:
    color = find_common_color(line)
    apart = int(compute_channel_distance(color, fill))
    return apart > same and _is_steady(line, color, same, limits)


def _is_steady(line: NDArray[np.uint8], color: Color, same: int, limits: Thresholds) -> bool:
    alike = compute_channel_distance(line, color[None]) <= 2 * same
    return float(alike.mean()) >= limits.steady
