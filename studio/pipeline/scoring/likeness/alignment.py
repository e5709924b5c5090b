"""Where content went: a whole-number displacement for each cell, found in pixels alone.

A displacement counts only where it is confirmed from both sides (the mockup's content is found in
the render there, and what the render shows there is found back here). So a card that is gone is not
explained by its neighbour, which is still in its own place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.scoring.likeness.weights import THRESHOLDS

Floats = NDArray[np.float32]
Shift = tuple[int, int]

SIDE = 5  # cells of a window
WIDE = 9  # cells around a place where nothing is drawn, which moves with them
REACH = 3  # cells to every side
FAR = 10  # cells up and down only: pages grow and shrink in height
UNSURE = 0.6  # visibility of a window (0-1) below which its displacement is its surroundings'
PEAKS = 3  # vertical offsets taken from the rows' profiles, for content that moved farther
LIKELY_PEAK = 0.25  # correlation of the profiles
BESIDE: tuple[Shift, ...] = ((1, 0), (-1, 0), (0, 1), (0, -1))
AROUND: tuple[Shift, ...] = (*BESIDE, (1, 1), (-1, 1), (1, -1), (-1, -1))


def find_displacement(mockup: Layer, render: Layer) -> tuple[Floats, Floats]:
    """Return how many cells right and down each cell of `mockup` (lightness) has moved in `render`."""
    shifts = _list_shifts(mockup.values, render.values)
    steps = np.array(shifts)
    forth, back = _find_best_shifts(Windows(mockup, render), shifts)
    dx, dy = steps[forth, 0], steps[forth, 1]
    height, width = mockup.values.shape
    rows = (np.arange(height)[:, None] + dy).clip(0, height - 1)
    columns = (np.arange(width)[None] + dx).clip(0, width - 1)
    returned = steps[back[rows, columns]]
    confirmed = (np.abs(returned[..., 0] - dx) <= 1) & (np.abs(returned[..., 1] - dy) <= 1)
    return smooth(np.where(confirmed, dx, 0)), smooth(np.where(confirmed, dy, 0))


def _find_best_shifts(window: Windows, shifts: Sequence[Shift]) -> tuple[Any, Any]:
    """Return which shift agrees best, of each cell of the mockup and of each cell of the render."""
    shape = window.mockup.values.shape
    best = [np.full(shape, -np.inf, np.float32) for _ in range(2)]
    chosen = [np.zeros(shape, np.intp) for _ in range(2)]
    for number, (dx, dy) in enumerate(shifts):
        cost = np.float32(THRESHOLDS.reach_cost * np.hypot(2.0 * dx, dy).clip(0, 25))
        found = window.agreement((dx, dy), strict=True) - cost
        for side, values in enumerate((found, move(found, -dx, -dy))):
            better = values > best[side]
            np.copyto(best[side], values, where=better)
            chosen[side][better] = number
    return chosen[0], chosen[1]


def move(values: Any, dx: int, dy: int) -> Any:
    """Return the array whose cell (x, y) is `values` at (x + dx, y + dy); its borders are repeated."""
    import cv2

    if not dx and not dy:
        return values
    height, width = values.shape[:2]
    across, down = abs(dx), abs(dy)
    wide = cv2.copyMakeBorder(values, down, down, across, across, cv2.BORDER_REPLICATE)
    return wide[down + dy : down + dy + height, across + dx : across + dx + width]


def warp(picture: Floats, dx: Floats, dy: Floats) -> Floats:
    """Return `picture` with each cell fetched from (x + dx, y + dy)."""
    return warp_rows(picture, dx, dy, slice(0, picture.shape[0]))


def warp_rows(picture: Floats, dx: Floats, dy: Floats, part: slice) -> Floats:
    """Return some rows of the warped picture; `dx` and `dy` are those of these rows alone."""
    import cv2

    if not (dx.any() or dy.any()):
        return picture[part]
    columns = np.arange(picture.shape[1], dtype=np.float32)[None] + dx
    rows = np.arange(part.start, part.stop, dtype=np.float32)[:, None] + dy
    return np.asarray(
        cv2.remap(picture, columns, rows, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    )


def enlarge(field: Floats, shape: tuple[int, ...], by: float) -> Floats:
    """Return a displacement on a grid of another scale, in that grid's cells."""
    return enlarge_rows(field, shape, by, slice(0, shape[0]))


def enlarge_rows(field: Floats, shape: tuple[int, ...], by: float, rows: slice) -> Floats:
    """Return some rows of the enlarged displacement."""
    lines, columns = (
        np.minimum(np.arange(new) * (old / new), old - 1).astype(np.intp)
        for new, old in zip(shape[:2], field.shape, strict=True)
    )
    return np.asarray(np.round(field[lines[rows, None], columns[None]] * by), np.float32)


def smooth(field: Any) -> Floats:
    import cv2

    return np.asarray(cv2.medianBlur(np.asarray(field, np.float32), 3))


def spread(field: Floats, visible: Floats) -> Floats:
    """Return the displacement where nothing is drawn as that of what is drawn around it."""
    import cv2

    if not field.any():
        return field
    weight = visible * visible + 1e-4
    around = cv2.blur(field * weight, (WIDE, WIDE)) / cv2.blur(weight, (WIDE, WIDE))
    return np.asarray(np.where(visible < UNSURE, np.round(around), field), np.float32)


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture at one scale with the mean and the contrast (variance) of the small window around
    each cell.
    """

    values: Floats
    mean: Floats
    contrast: Floats


def measure_layer(values: Floats) -> Layer:
    mean = _average(values)
    return Layer(values, mean, np.maximum(_total(_average(values * values) - mean * mean), 0))


@dataclass(frozen=True, slots=True)
class Windows:
    """Agreement of contrast in small windows (SSIM's structure term) of two layers of one shape, at
    any shift.
    """

    mockup: Layer
    render: Layer
    plain: float = THRESHOLDS.plain

    def agreement(self, shift: Shift, *, strict: bool = False) -> Floats:
        """Return 1 where the windows show the same, 0 where nothing is shared; `strict`: -1 outside
        the picture.
        """
        import cv2

        dx, dy = shift
        product = self.mockup.values * move(self.render.values, dx, dy)
        shared = _average(product) - cv2.multiply(self.mockup.mean, move(self.render.mean, dx, dy))
        above = 2 * _total(shared) + self.plain
        below = self.mockup.contrast + move(self.render.contrast, dx, dy) + self.plain
        found = np.minimum(cv2.divide(above, below), 1)
        if strict:
            _void_outside(found, dx, dy)
        return np.asarray(found, np.float32)

    def best_agreement(self, shifts: Sequence[Shift]) -> tuple[Floats, Floats, Floats]:
        """Return the best agreement within the shifts, less what each costs, and the shift of each
        cell.
        """
        best = self.agreement((0, 0))
        dx, dy = np.zeros_like(best), np.zeros_like(best)
        for shift in shifts:
            found = self.agreement(shift) - THRESHOLDS.shift_cost * float(np.hypot(*shift))
            better = found > best
            np.copyto(best, found, where=better)
            dx[better], dy[better] = shift
        return best.clip(0, 1), dx, dy


def _average(values: Floats) -> Floats:
    import cv2

    return np.asarray(cv2.blur(values, (SIDE, SIDE), borderType=cv2.BORDER_REFLECT))


def _total(values: Floats) -> Floats:
    return values if values.ndim == 2 else values[..., 0] + values[..., 1] + values[..., 2]


def _void_outside(values: Floats, dx: int, dy: int) -> None:
    height, width = values.shape
    if dy > 0:
        values[max(0, height - dy) :] = -1
    elif dy < 0:
        values[:-dy] = -1
    if dx > 0:
        values[:, max(0, width - dx) :] = -1
    elif dx < 0:
        values[:, :-dx] = -1


def _list_shifts(mockup: Floats, render: Floats) -> list[Shift]:
    near = range(-REACH, REACH + 1)
    shifts = [(dx, dy) for dy in near for dx in near]
    far = [dy for dy in range(-FAR, FAR + 1) if abs(dy) > REACH]
    profiled = [dy for dy in _profile_offsets(mockup, render) if abs(dy) > FAR]
    return shifts + [(0, dy) for dy in (*far, *profiled)]


def _profile_offsets(mockup: Floats, render: Floats) -> list[int]:
    """Return the vertical offsets (cells) at which the rows of both have their edges alike."""
    one, other = (np.abs(np.diff(picture, axis=1)).mean(axis=1) for picture in (mockup, render))
    one, other = one - one.mean(), other - other.mean()
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    if length < 1e-6:
        return []
    likely = np.correlate(other, one, "full") / length
    offsets: list[int] = []
    for place in np.argsort(-likely)[: 3 * PEAKS]:
        offset = int(place) - len(one) + 1
        if likely[place] > LIKELY_PEAK and all(abs(offset - earlier) > 2 for earlier in offsets):
            offsets.append(offset)
    return offsets[:PEAKS]
