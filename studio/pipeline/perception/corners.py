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
    # Half the shorter side, in px, of discs and pills whose soft corners are compared.
    least_disc: float = 3.5
    most_disc: float = 32.0
    # px beside a side over which a fill may fade, levels between fill and ground from which that is
    # seen, the share that is no more than the ground, and what makes a covered half a pixel.
    soft_reach: int = 4
    least_soft_contrast: int = 24
    faded: float = 0.06
    half_covered: float = 0.45
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
    quarters = _cut_quarters(rgb[top:bottom, left:right], reach)
    grounds = _list_grounds(rgb, box, fill, ground, limits)
    radii = [
        _measure_radius(quarter, fill, g, limits)
        for quarter, g in zip(quarters, grounds, strict=True)
    ]
    known = [radius for radius in radii if radius is not None]
    if len(known) < 3:
        return None
    return tuple(min(known) if radius is None else radius for radius in radii)


def grow_soft_box(
    rgb: Pixels,
    box: tuple[int, int, int, int],
    fill: Color,
    ground: Color,
    *,
    limits: Thresholds = THRESHOLDS,
) -> tuple[int, int, int, int]:
    """Return a small box with what its soft sides cover: a resampled picture's fill fades over
    pixels that no surface holds.
    """
    left, top, right, bottom = box
    reach = limits.soft_reach
    width, height = right - left, bottom - top
    if max(width, height) > 2 * limits.most_disc:
        return box
    if int(compute_channel_distance(fill, ground)) < limits.least_soft_contrast:
        return box
    if min(left, top) < reach or right + reach > rgb.shape[1] or bottom + reach > rgb.shape[0]:
        return box
    # The middle of each side: a disc reaches its box there alone.
    columns = slice(left + 2 * width // 5, max(left + 2 * width // 5 + 1, right - 2 * width // 5))
    rows = slice(top + 2 * height // 5, max(top + 2 * height // 5 + 1, bottom - 2 * height // 5))
    outside = (
        rgb[rows, left - reach : left][:, ::-1].swapaxes(0, 1),
        rgb[top - reach : top, columns][::-1],
        rgb[rows, right : right + reach].swapaxes(0, 1),
        rgb[bottom : bottom + reach, columns],
    )
    grown = [_measure_fade(lines, fill, ground, limits) for lines in outside]
    return left - grown[0], top - grown[1], right + grown[2], bottom + grown[3]


def _measure_fade(lines: NDArray[np.uint8], fill: Color, ground: Color, limits: Thresholds) -> int:
    """Return how many pixels the fill covers in lines beside it, nearest first, as it fades."""
    coverage = _measure_coverage(lines, fill, ground)
    shares = coverage.mean(axis=1)
    toward = fill.astype(np.float64) - ground
    off = np.abs(lines.astype(np.float64) - ground - coverage[:, :, None] * toward).max(axis=2)
    fades = bool((np.diff(shares) <= 0.02).all()) and shares[-1] <= limits.faded
    if not fades or float(np.median(off)) > limits.off_line:
        return 0
    return int(float(shares.sum()) + limits.half_covered)


def has_round_ends(
    rgb: Pixels,
    box: tuple[int, int, int, int],
    fill: Color,
    ground: Color,
    radius: float,
    *,
    limits: Thresholds = THRESHOLDS,
) -> bool:
    """Whether a small box's corners look more like those of a disc or a pill than like corners of
    `radius`; soft pixels make both look alike to what measures areas.
    """
    left, top, right, bottom = box
    half = min(right - left, bottom - top) / 2
    reach = int(half)
    if not limits.least_disc <= half <= limits.most_disc or min(left, top) < 2:
        return False
    quarters = _cut_quarters(rgb[top:bottom, left:right], reach)
    grounds = _list_grounds(rgb, box, fill, ground, limits)
    round_corner, other = _cover_corner(half, reach), _cover_corner(radius, reach)
    votes = 0
    for quarter, beside in zip(quarters, grounds, strict=True):
        coverage = _measure_coverage(quarter, fill, beside)
        near = (round_corner < 1) | (other < 1)
        off_round, off_other = (
            float(np.abs(coverage - model)[near].sum()) for model in (round_corner, other)
        )
        votes += off_round < off_other
    return votes >= 3


def _cut_quarters(window: Pixels, reach: int) -> tuple[Pixels, ...]:
    """Return the corners top left, top right, bottom left, bottom right, each turned so that the
    corner is at its top left.
    """
    return (
        window[:reach, :reach],
        window[:reach, ::-1][:, :reach],
        window[::-1][:reach, :reach],
        window[::-1, ::-1][:reach, :reach],
    )


def _list_grounds(
    rgb: Pixels, box: tuple[int, int, int, int], fill: Color, ground: Color, limits: Thresholds
) -> list[Color]:
    """Return the ground beside each corner, in the order of `_cut_quarters`."""
    left, top, right, bottom = box
    return [
        _ground_beside(rgb, (x, is_right), (y, is_bottom), fill, ground, limits)
        for y, is_bottom in ((top, False), (bottom, True))
        for x, is_right in ((left, False), (right, True))
    ]


def _cover_corner(radius: float, reach: int) -> NDArray[np.float64]:
    """How much of each pixel of a corner lies within a radius."""
    fine = 4
    at = (np.arange(reach * fine) + 0.5) / fine
    beyond = np.maximum(0.0, radius - at)
    inside = np.hypot(beyond[:, None], beyond[None, :]) <= radius
    return np.asarray(inside.reshape(reach, fine, reach, fine).mean(axis=(1, 3)), np.float64)


def _measure_coverage(quarter: Pixels, fill: Color, ground: Color) -> NDArray[np.float64]:
    toward = fill.astype(np.float64) - ground
    along = (quarter.astype(np.float64) - ground) @ toward / max(1.0, float(toward @ toward))
    return np.asarray(np.clip(along, 0.0, 1.0), np.float64)


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
