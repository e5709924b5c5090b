"""The gradient of a fill: its two end colors, and its CSS angle or, for a radial one, its center."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import sample_mask
from studio.pipeline.perception.hints import GradientShape
from studio.pipeline.perception.pixels import Mask, Pixels, write_hex


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Levels of the strongest channel; Chromium dithers by 1, JPEG at 85 by 2."""

    # Between the two ends, so that it is no noise and no shadow.
    least_range: float = 10.0
    # By which nine tenths of the pixels may stray from the plane, and that as a share of the range.
    stray: float = 3.0
    stray_share: float = 0.06
    # Rows, as shares of the height, that show a gradient's ends and its middle where the rest is
    # hidden.
    bands: tuple[tuple[float, float], ...] = ((0.0, 0.06), (0.47, 0.53), (0.94, 1.0))
    # Angles are whole steps, in degrees, where they are as near as this.
    step: float = 5.0
    near: float = 2.6
    # A radial gradient's center is sought on a grid over the box and up to `outside` of its sides
    # beyond, in such steps, then in finer ones; all are shares of the sides.
    outside: float = 0.5
    grid: float = 0.25
    finer: tuple[float, ...] = (0.1, 0.04, 0.02)
    radial_pixels: int = 1_500
    # How much less a radial gradient must stray than a plane does.
    clearly: float = 0.6
    # Pixels that are enough for a fit, and that are needed.
    most_pixels: int = 20_000
    fewest: int = 200


THRESHOLDS = Thresholds()
RADIAL_SHAPES: tuple[GradientShape, ...] = ("ellipse", "circle")
STEP_OF_CENTER = 5.0  # percent; style sheets give centers in such steps
_AROUND = [(a, b) for a in (-2, -1, 0, 1, 2) for b in (-2, -1, 0, 1, 2)]


@dataclass(frozen=True, slots=True)
class Gradient:
    first: str
    last: str
    angle: float = 180.0  # CSS degrees: 180 runs down, 90 to the right
    shape: GradientShape = "linear"
    center: tuple[float, float] = (50.0, 50.0)  # of a radial one, in percent of the box


def fit_gradient(window: Pixels, mask: Mask, limits: Thresholds = THRESHOLDS) -> Gradient | None:
    """Return the gradient of the masked pixels of a box; None where their colors lie on no plane,
    or are one color.
    """
    if np.count_nonzero(mask) < limits.fewest:
        return None
    rows, columns = sample_mask(mask, limits.most_pixels)
    y, x = rows.astype(np.float64) + 0.5, columns.astype(np.float64) + 0.5
    colors = window[rows, columns].astype(np.float64)
    height, width = mask.shape
    basis = np.stack([np.ones_like(x), x - width / 2, y - height / 2], axis=1)
    plane, *_ = np.linalg.lstsq(basis, colors, rcond=None)
    angle = _find_angle(plane)
    length = abs(width * math.sin(angle)) + abs(height * math.cos(angle))
    along = (plane[1] * math.sin(angle) - plane[2] * math.cos(angle)) * length / 2
    span = 2 * float(np.abs(along).max())
    stray = _measure_stray(colors - basis @ plane)
    if span < limits.least_range or stray > max(limits.stray, limits.stray_share * span):
        radial = None
        if stray > limits.stray and _measure_curved_stray(basis, colors) < limits.clearly * stray:
            radial = _fit_radial(window, mask, stray, limits)
        return radial or _fit_bands(window, mask, limits)
    first, last = (np.clip(plane[0] + sign * along, 0, 255) for sign in (-1, 1))
    return Gradient(write_hex(first), write_hex(last), _round_angle(math.degrees(angle), limits))


def _measure_stray(off: NDArray[np.float64]) -> float:
    """Return by how much nine tenths of the pixels stray at most, in their strongest channel."""
    worst = np.abs(off).max(axis=1)
    place = round(0.9 * (len(worst) - 1))
    return float(np.partition(worst, place)[place])


def _measure_curved_stray(basis: NDArray[np.float64], colors: NDArray[np.float64]) -> float:
    """Return how far the pixels stray from a surface of second degree.

    A cone is nearly one. Seeking a cone's center takes a hundred times as long, and most fills that
    lie on no plane (photos, boxes with letters) are no cone either: 69 of a page's 71 were sought
    in vain, for 16 of its 35 seconds.
    """
    _, x, y = basis.T
    curved = np.column_stack([basis, x * x, x * y, y * y])
    surface, *_ = np.linalg.lstsq(curved, colors, rcond=None)
    return _measure_stray(colors - curved @ surface)


@dataclass(frozen=True, slots=True)
class _Radial:
    """Colors that change evenly with the distance from a center, and how far the pixels stray."""

    shape: GradientShape
    x: float  # the center, as shares of the box
    y: float
    ends: NDArray[np.float64]  # [center and farthest corner, channel]
    stray: float


def _fit_radial(
    window: Pixels, mask: Mask, plane_stray: float, limits: Thresholds
) -> Gradient | None:
    """Return the radial gradient whose colors lie on a cone around a center in or near the box."""
    height, width = mask.shape
    rows, columns = sample_mask(mask, limits.radial_pixels)
    x, y = (columns + 0.5) / width, (rows + 0.5) / height
    colors = window[rows, columns].astype(np.float64)
    usual = colors.mean(axis=0)

    def fit(shape: GradientShape, center_x: float, center_y: float) -> _Radial:
        aspect = (float(width), float(height)) if shape == "circle" else None
        distance = measure_radial_share(x - center_x, y - center_y, center_x, center_y, aspect)
        beyond = distance - distance.mean()
        slope = (beyond @ colors) / max(float(beyond @ beyond), 1e-9)
        stray = _measure_stray(colors - usual - beyond[:, None] * slope)
        center = usual - distance.mean() * slope
        return _Radial(shape, center_x, center_y, np.stack([center, center + slope]), stray)

    places = np.arange(-limits.outside, 1 + limits.outside + 1e-9, limits.grid)
    best = min(
        (fit(shape, float(a), float(b)) for shape in RADIAL_SHAPES for a in places for b in places),
        key=lambda one: one.stray,
    )
    for step in limits.finer:
        around = [fit(best.shape, best.x + a * step, best.y + b * step) for a, b in _AROUND]
        best = min([best, *around], key=lambda one: one.stray)
    span = float(np.abs(best.ends[1] - best.ends[0]).max())
    allowed = min(
        max(limits.stray, limits.stray_share * span), max(1.0, limits.clearly * plane_stray)
    )
    if span < limits.least_range or best.stray > allowed:
        return None
    first, last = (write_hex(np.clip(end, 0, 255)) for end in best.ends)
    center = tuple(
        float(round(100 * at / STEP_OF_CENTER) * STEP_OF_CENTER) for at in (best.x, best.y)
    )
    return Gradient(first, last, shape=best.shape, center=(center[0], center[1]))


def measure_radial_share(
    dx: NDArray[Any],
    dy: NDArray[Any],
    x: float,
    y: float,
    sides: tuple[float, float] | None,
) -> NDArray[Any]:
    """Return the distance from the center at (x, y), 1 at the farthest corner as CSS has it, in the
    type of `dx` and `dy`; all are shares of the box. `sides`: the box's, for a circle, None for an
    ellipse.
    """
    far_x, far_y = max(abs(x), abs(1 - x)), max(abs(y), abs(1 - y))
    if sides is None:
        # An ellipse through the farthest corner, in the ratio of the farthest sides.
        return np.asarray(np.hypot(dx / far_x, dy / far_y) / math.sqrt(2))
    width, height = sides
    return np.asarray(np.hypot(dx * width, dy * height) / math.hypot(far_x * width, far_y * height))


def _fit_bands(window: Pixels, mask: Mask, limits: Thresholds) -> Gradient | None:
    """Return a gradient that runs down, from three bands of rows: cards and their shadows hide the
    rest of a page.
    """
    height = window.shape[0]
    colors = []
    for first, last in limits.bands:
        rows = slice(int(height * first), max(int(height * first) + 1, int(height * last)))
        if not mask[rows].any():
            return None
        colors.append(np.median(window[rows][mask[rows]], axis=0))
    top, middle, bottom = colors
    span = float(np.abs(top - bottom).max())
    off_middle = float(np.abs(middle - (top + bottom) / 2).max())
    if span < limits.least_range or off_middle > 0.25 * span + 2:
        return None
    return Gradient(write_hex(top), write_hex(bottom), 180.0)


def _find_angle(plane: NDArray[np.float64]) -> float:
    """Return the direction in which the colors change most, between 45° and 225°, as CSS measures
    it.
    """
    slopes = plane[1:].T  # [channel, (x, y)]
    _, _, directions = np.linalg.svd(slopes, full_matrices=True)
    dx, dy = float(directions[0][0]), float(directions[0][1])
    angle = math.atan2(dx, -dy)  # 0 runs up, clockwise
    while angle < math.radians(45):
        angle += math.pi
    return angle - math.pi if angle >= math.radians(225) else angle


def _round_angle(angle: float, limits: Thresholds) -> float:
    whole = round(angle / limits.step) * limits.step
    return float(whole if abs(whole - angle) <= limits.near else round(angle))
