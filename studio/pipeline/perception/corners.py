"""The radius of a filled box's corners, from how much of each pixel the fill covers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.pixels import Pixels, compute_channel_distance

Color = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Measured on Chromium's corners at radii 0–30 and contrasts 5–235: right to .6 px, in a JPEG
    to 1 px.
    """

    # Levels between fill and ground below which coverage is noise.
    least_contrast: int = 4
    # A corner is read this far in, in px.
    reach: int = 64
    # and this far beyond twice the first guess.
    beyond: int = 12
    # px from a corner, in both directions, between which the ground beside it is read.
    outside: tuple[int, int] = (1, 4)
    # Levels that a pixel may lie off the line from ground to fill, and the share of pixels that
    # may.
    off_line: float = 16.0
    most_off_line: float = 0.12
    # Coverage from which a pixel counts as full: JPEG's ripples take up to an eighth of a pale
    # contrast.
    full: float = 0.85
    # Below this radius, in px, antialiasing and JPEG look the same.
    least_radius: float = 1.2


THRESHOLDS = Thresholds()


def measure_radii(
    rgb: Pixels,
    box: tuple[int, int, int, int],
    fill: Color,
    ground: Color,
    about: float,
    *,
    limits: Thresholds = THRESHOLDS,
) -> tuple[float, ...] | None:
    """Return the radii top left, top right, bottom left, bottom right; None where other things
    cover the corners.

    `box` is left, top, right, bottom (end exclusive) in pixels; `about` is a first guess of the
    radius.
    """
    left, top, right, bottom = box
    reach = min(
        (right - left) // 2, (bottom - top) // 2, limits.reach, round(2 * about) + limits.beyond
    )
    if reach < 2 or int(compute_channel_distance(fill, ground)) < limits.least_contrast:
        return None
    window = rgb[top:bottom, left:right]
    quarters = (
        window[:reach, :reach],
        window[:reach, ::-1][:, :reach],
        window[::-1][:reach, :reach],
        window[::-1, ::-1][:reach, :reach],
    )
    grounds = [
        _ground_beside(rgb, (x, is_right), (y, is_bottom), fill, ground, limits)
        for y, is_bottom in ((top, False), (bottom, True))
        for x, is_right in ((left, False), (right, True))
    ]
    radii = [
        _measure_radius(quarter, fill, g, limits)
        for quarter, g in zip(quarters, grounds, strict=True)
    ]
    known = [radius for radius in radii if radius is not None]
    if len(known) < 3:
        return None
    return tuple(min(known) if radius is None else radius for radius in radii)


def _ground_beside(
    rgb: Pixels,
    x: tuple[int, bool],
    y: tuple[int, bool],
    fill: Color,
    ground: Color,
    limits: Thresholds,
) -> Color:
    """Return the color just outside a corner, which a shadow or a gradient makes another than that
    of the sides.
    """
    near, far_off = limits.outside
    rows, columns = (
        (at + near, at + far_off) if after else (at - far_off, at - near) for at, after in (y, x)
    )
    if min(rows[0], columns[0]) < 0:
        return ground
    block = rgb[rows[0] : rows[1], columns[0] : columns[1]]
    if not block.size:
        return ground
    beside = np.asarray(np.round(np.median(block.reshape(-1, 3), axis=0)), np.uint8)
    return (
        beside if int(compute_channel_distance(beside, fill)) >= limits.least_contrast else ground
    )


def _measure_radius(
    quarter: Pixels, fill: Color, ground: Color, limits: Thresholds
) -> float | None:
    """Return the radius of one corner, which lies at the quarter's first pixel; None where it
    cannot be read.
    """
    toward = fill.astype(np.float64) - ground
    offset = quarter.astype(np.float64) - ground
    along = offset @ toward / float(toward @ toward)
    coverage = np.clip(along, 0.0, 1.0)
    off_line = np.abs(offset - coverage[..., None] * toward).max(axis=2) > limits.off_line
    lost = np.where((coverage > limits.full) | off_line, 0.0, 1.0 - coverage)
    # Only what can be cut off by a corner is read: text and pictures lie behind the diagonal.
    size = quarter.shape[0]
    steps = np.arange(size)
    near = steps[:, None] + steps[None, :] < size
    if float(off_line[near].mean()) > limits.most_off_line:
        return None
    # A JPEG softens straight sides too: what they lose per pixel is seen where no corner reaches.
    straight = slice(2 * size // 3, None)
    rows, columns = lost[straight, : size // 3].sum(axis=1), lost[: size // 3, straight].sum(axis=0)
    side = float(np.median(rows) + np.median(columns))
    radius = _solve_radius(float(lost[near].sum()), side, size)
    return 0.0 if radius < limits.least_radius else min(radius, float(size))


def _solve_radius(missing: float, side: float, size: int) -> float:
    """Return the radius whose corner, and the soft sides beyond it, lack so many pixels."""
    # missing = (1 - π/4) r² + side · (size - r)
    a = 1 - math.pi / 4
    rest = max(0.0, missing - side * size)
    return (side + math.sqrt(side**2 + 4 * a * rest)) / (2 * a) if rest else 0.0
