"""Photos that go on beyond the edge that was found: a paler band over the foot of a hero, or the wall that
fills half of it, looks like a ground, and only the rest is found as a photo.

Across a real edge most pixels change at once. Where the edge is none of that kind, the photo reaches to
the next line that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.pictures import Region
from studio.pipeline.perception.pixels import MockupPixels


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px, colors in levels of 255 of the channel that differs most."""

    area: float = 40_000.0  # of a photo that may go on; smaller ones have no bands over them
    apart: int = 2  # lines on both sides of an edge; JPEG blurs one or two
    edge: float = 24.0  # a step that a person sees as an edge
    across: float = 0.7  # share of a line's pixels that have such a step where a photo ends
    crossed: float = 0.35  # and the most where it goes on; buttons on it have edges of their own
    reach: float = 0.4  # of a photo's height, by which it can go on at its top and foot
    reach_sideways: float = 1.5  # and of its width: half of a hero is an even wall or sky
    near: int = 24  # lines on both sides whose middle colors are compared
    same: float = 12.0  # levels between these colors
    restless: float = (
        0.75  # mean step between lines of a photo; an even ground has less, noise of JPEG too
    )
    as_restless: float = 0.5  # of as many lines before them, as much at least
    paint: int = 1  # levels by which pixels of one paint differ
    painted: float = 0.5  # share of the commonest color from which what follows is one paint


LIMITS = Thresholds()


def extend_photos(sheet: MockupPixels, photos: Sequence[Region]) -> list[Region]:
    """Return the photos, each with its sides on lines where it really ends."""
    return [_extend(sheet, photo) for photo in photos]


def _extend(sheet: MockupPixels, photo: Region) -> Region:
    if photo.drawn or photo.radius or photo.box.area < LIMITS.area:
        return photo
    columns = sheet.rgb[:, photo.left : photo.right]
    height = photo.bottom - photo.top
    below = _measure_extension(columns[photo.top :], height, LIMITS.reach)
    above = _measure_extension(columns[: photo.bottom][::-1], height, LIMITS.reach)
    taller = replace(photo, top=photo.top - above, bottom=photo.bottom + below)
    rows = sheet.rgb[taller.top : taller.bottom].transpose(1, 0, 2)
    width = photo.right - photo.left
    right = _measure_extension(rows[photo.left :], width, LIMITS.reach_sideways)
    left = _measure_extension(rows[: photo.right][::-1], width, LIMITS.reach_sideways)
    return replace(taller, left=photo.left - left, right=photo.right + right)


def _measure_extension(lines: NDArray[np.uint8], edge: int, reach: float) -> int:
    """Return by how many lines a photo goes on beyond line `edge`; 0 where it ends there.

    `lines`: (lines, pixels of a line, 3), from the photo's other end outward.
    """
    most = min(len(lines) - 1, edge + round(reach * edge))
    first = edge + 2 * LIMITS.apart
    if first >= most or _measure_edge(lines, edge) > LIMITS.crossed:
        return 0
    for line in range(first, most):
        if _measure_edge(lines, line) >= LIMITS.across:
            return line - edge if _goes_on(lines, edge, line) else 0
    return 0


def _measure_edge(lines: NDArray[np.uint8], line: int) -> float:
    """Return the share of a line's pixels whose color changes there."""
    before = lines[line - LIMITS.apart].astype(int)
    after = lines[line + LIMITS.apart - 1].astype(int)
    return float((np.abs(after - before).max(axis=1) >= LIMITS.edge).mean())


def _goes_on(lines: NDArray[np.uint8], edge: int, end: int) -> bool:
    """Whether the lines from `edge` to `end` begin in the color in which those before them end, and are as
    restless or at least no even paint.
    """
    before, after = lines[max(0, 2 * edge - end) : edge], lines[edge:end]
    near = (before[-LIMITS.near :], after[: LIMITS.near])
    colors = [np.median(part.reshape(-1, 3), axis=0) for part in near]
    if np.abs(colors[0] - colors[1]).max() > LIMITS.same:
        return False
    steps = _measure_steps(after)
    if steps >= max(LIMITS.restless, LIMITS.as_restless * _measure_steps(before)):
        return True
    return _measure_paint(after) < LIMITS.painted


def _measure_paint(lines: NDArray[np.uint8]) -> float:
    """Return the share of pixels that have the commonest color."""
    pixels = lines.reshape(-1, 3).astype(np.int16)
    codes = (pixels.astype(np.int64) * (1 << 16, 1 << 8, 1)).sum(axis=1)
    values, counts = np.unique(codes, return_counts=True)
    common = int(values[counts.argmax()])
    color = np.array([common >> 16, common >> 8 & 255, common & 255])
    return float((np.abs(pixels - color) <= LIMITS.paint).all(axis=1).mean())


def _measure_steps(lines: NDArray[np.uint8]) -> float:
    """Return the mean step from one line to the next, in levels, in the middle one of the columns: a
    button on the photo covers less than half of them.
    """
    steps = np.abs(np.diff(lines.astype(np.int16), axis=0)).max(axis=2)
    return float(np.median(steps.mean(axis=0)))
