"""The linear gradient of a fill: its two end colors and its CSS angle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import sample_mask
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
    # Pixels that are enough for a fit, and that are needed.
    most_pixels: int = 20_000
    fewest: int = 200


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Gradient:
    first: str
    last: str
    angle: float  # CSS degrees: 180 runs down, 90 to the right


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
    stray = float(np.quantile(np.abs(colors - basis @ plane).max(axis=1), 0.9))
    if span < limits.least_range or stray > max(limits.stray, limits.stray_share * span):
        return _fit_bands(window, mask, limits)
    first, last = (np.clip(plane[0] + sign * along, 0, 255) for sign in (-1, 1))
    return Gradient(write_hex(first), write_hex(last), _round_angle(math.degrees(angle), limits))


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
