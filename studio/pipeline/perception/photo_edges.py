"""Photos that go on beyond the edge that was found: a paler band over the foot of a hero looks like a
ground, and only the part above it is found as a photo.

Across a real edge most columns change at once. Where the edge is none of that kind, the photo reaches to
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
    across: float = 0.7  # share of an edge's columns that such a step has
    reach: float = 0.4  # of the photo's side, by which it can go on
    same: int = 12  # levels between the middle colors of what follows and of the photo's last lines
    restless: float = (
        0.75  # mean step between lines of a photo; an even ground has less, noise of JPEG too
    )
    as_restless: float = 0.5  # of the photo's last lines, as much at least


LIMITS = Thresholds()


def extend_photos(sheet: MockupPixels, photos: Sequence[Region]) -> list[Region]:
    """Return the photos, each with its top and foot on lines where it really ends."""
    return [_extend(sheet, photo) for photo in photos]


def _extend(sheet: MockupPixels, photo: Region) -> Region:
    if photo.drawn or photo.radius or photo.box.area < LIMITS.area:
        return photo
    columns = sheet.rgb[:, photo.left : photo.right]
    below = _measure_extension(columns[photo.top :], photo.bottom - photo.top)
    above = _measure_extension(columns[: photo.bottom][::-1], photo.bottom - photo.top)
    return replace(photo, top=photo.top - above, bottom=photo.bottom + below)


def _measure_extension(lines: NDArray[np.uint8], edge: int) -> int:
    """Return by how many lines a photo goes on beyond line `edge`; 0 where it ends there.

    `lines`: (lines, pixels of a line, 3), from the photo's other end outward.
    """
    most = min(len(lines) - 1, edge + round(LIMITS.reach * edge))
    if edge + 2 * LIMITS.apart >= most or _is_edge(lines, edge):
        return 0
    for line in range(edge + 2 * LIMITS.apart, most):
        if _is_edge(lines, line):
            return line - edge if _goes_on(lines, edge, line) else 0
    return 0


def _is_edge(lines: NDArray[np.uint8], line: int) -> bool:
    before, after = (
        lines[line - LIMITS.apart].astype(int),
        lines[line + LIMITS.apart - 1].astype(int),
    )
    steps = np.abs(after - before).max(axis=1)
    return bool((steps >= LIMITS.edge).mean() >= LIMITS.across)


def _goes_on(lines: NDArray[np.uint8], edge: int, end: int) -> bool:
    """Whether the lines from `edge` to `end` look like as many before them, and like no even ground."""
    before, after = lines[max(0, 2 * edge - end) : edge], lines[edge:end]
    steps = _measure_steps(after)
    if steps < max(LIMITS.restless, LIMITS.as_restless * _measure_steps(before)):
        return False
    colors = [np.median(part.reshape(-1, 3), axis=0) for part in (before, after)]
    return bool(np.abs(colors[0] - colors[1]).max() <= LIMITS.same)


def _measure_steps(lines: NDArray[np.uint8]) -> float:
    """Return the mean step from one line to the next, in levels, in the middle one of the columns: a
    button on the photo covers less than half of them.
    """
    steps = np.abs(np.diff(lines.astype(np.int16), axis=0)).max(axis=2)
    return float(np.median(steps.mean(axis=0)))
