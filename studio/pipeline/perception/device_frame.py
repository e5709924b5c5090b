"""A phone's own frame around its screen, found in pixels before anything is read.

A frame is two like, neutral bands at the sides that run the picture's height: dark ones, or light
ones with a metal's shading. A page's margins and cards are one even color and end before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.pixels import (
    Pixels,
    compute_channel_distance,
    find_common_color,
    find_runs,
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares are of the picture's width, if nothing else is said; levels are of 255."""

    shape: float = 1.3  # height to width from which a picture may be a phone
    rows: tuple[float, float] = (0.2, 0.8)  # of the height: where the sides are read
    reach: float = 0.18  # how far from the picture's side a frame ends
    steady: float = 0.6  # of a column's pixels that have its color
    like: int = 12  # levels by which they may stray
    step: int = 8  # levels between two bands of a frame
    thin: float = 0.012  # a frame's side at least and at most
    thick: float = 0.1
    outside: float = 0.006  # that shows beside a frame that ends before the picture does
    unlike: float = 0.04  # by which the two sides' thickness may differ
    neutral: int = 16  # levels between the channels of a frame
    dark: int = 80
    shading: int = 10  # levels that a light frame's metal varies by
    screen_shape: tuple[float, float] = (1.2, 2.5)
    least_step: int = 5  # levels between screen and frame
    # Columns of the screen that are looked at, from its side: past its round corners, right beside.
    inside: tuple[float, float] = (0.08, 0.14)
    beside: tuple[float, float] = (0.0, 0.004)
    framed: float = 0.004  # of the height that a frame has above and below at least
    gap: float = 0.01  # of the height that a loudspeaker takes of a frame
    mostly: float = 0.8
    forehead: float = 0.2  # of the height: frame above or below the screen at most
    corner: float = 0.16  # of the screen's width: how far its round corners reach
    rim: int = 16  # px of antialiasing in a row of a corner at most
    near_frame: int = 40  # levels by which antialiased corners stray from the frame


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a phone's screen is in the picture, in its pixels, and the color around it."""

    left: int
    top: int
    right: int
    bottom: int
    frame: NDArray[np.uint8]


def find_screen(rgb: Pixels, limits: Thresholds = THRESHOLDS) -> Screen | None:
    """Return the screen of the phone that the picture shows from edge to edge; None where it shows
    none.
    """
    height, width = rgb.shape[:2]
    if height < limits.shape * width:
        return None
    near, far = _find_side(rgb, limits), _find_side(rgb[:, ::-1], limits)
    if near is None or far is None or not (near.ends or far.ends):
        return None
    left, right = near.edge, far.edge
    if abs(left - right) > limits.unlike * width:
        return None
    if compute_channel_distance(near.color, far.color) > 3 * limits.like:
        return None
    rows = _find_rows(rgb, near, far, limits)
    if rows is None:
        return None
    top, bottom = rows[0], height - rows[1]
    tall, wide = height - top - bottom, width - left - right
    low, high = limits.screen_shape
    if not low * wide <= tall <= high * wide:
        return None
    return Screen(left, top, width - right, height - bottom, near.color)


def cut_to_screen(rgb: Pixels, screen: Screen, limits: Thresholds = THRESHOLDS) -> Pixels:
    """Return the screen's pixels with the frame's color in its round corners painted over."""
    cut = rgb[screen.top : screen.bottom, screen.left : screen.right].copy()
    reach = max(1, round(limits.corner * cut.shape[1]))
    for rows in (slice(None, reach), slice(-1, -reach - 1, -1)):
        for columns in (slice(None, reach), slice(-1, -reach - 1, -1)):
            _fill_corner(cut[rows, columns], screen.frame, limits)
    return cut


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a frame: where the screen begins, its color, and whether it ends before the
    picture does.
    """

    edge: int
    color: NDArray[np.uint8]
    ends: bool


def _find_side(rgb: Pixels, limits: Thresholds) -> _Side | None:
    """Return the left side of a frame."""
    height, width = rgb.shape[:2]
    first, last = (int(height * share) for share in limits.rows)
    reach = int(limits.reach * width)
    columns = rgb[first : last : max(1, (last - first) // 400), :reach]
    colors = np.median(columns, axis=0).astype(np.uint8)
    strays = np.abs(columns.astype(np.int16) - colors.astype(np.int16)).max(axis=2)
    steady = (strays <= limits.like).mean(axis=0) >= limits.steady
    steps = compute_channel_distance(colors[1:], colors[:-1]) >= limits.step
    for at in reversed(np.flatnonzero(steps).tolist()):
        edge = int(at) + 1
        if edge + 1 >= reach or not steady[edge : edge + 2].all():
            continue
        side = _read_band(colors, steady, edge, width, limits)
        if side is not None:
            return side
    return None


def _read_band(
    colors: NDArray[np.uint8], steady: NDArray[np.bool_], edge: int, width: int, limits: Thresholds
) -> _Side | None:
    """Return the frame that ends at a column; None where that is no frame."""
    thin = max(3, round(limits.thin * width))
    if edge - 1 < thin or not steady[edge - thin : edge - 1].all():
        return None
    color = np.median(colors[edge - thin : edge - 1], axis=0).astype(np.uint8)
    if int(color.max()) - int(color.min()) > limits.neutral:
        return None
    near = compute_channel_distance(colors[:edge], color) <= 2 * limits.like
    near[edge - 1] = True  # antialiased
    others = np.flatnonzero(~near)
    start = int(others[-1]) + 1 if len(others) else 0
    if edge - start > limits.thick * width:
        return None
    if color.max() <= limits.dark:
        return _Side(edge, color, start >= limits.outside * width)
    shaded = edge - start > 2 and np.ptp(colors[start : edge - 1, 1]) >= limits.shading
    return _Side(edge, color, True) if shaded else None


def _find_rows(rgb: Pixels, near: _Side, far: _Side, limits: Thresholds) -> tuple[int, int] | None:
    """Return the rows in which the screen begins and ends: inside the frame's top and bottom. None
    where the frame has gaps.
    """
    height, width = rgb.shape[:2]
    sides = ((rgb, near), (rgb[:, ::-1], far))
    inside = [_differ(pixels, side, limits.inside, width, limits) for pixels, side in sides]
    framed = ~(inside[0] | inside[1])
    top, bottom = _find_end(framed, limits), _find_end(framed[::-1], limits)
    if top is None or bottom is None:
        return None
    first, last, inset = top, height - bottom, round(limits.corner * width)
    middle = slice(first + inset, last - inset)
    beside = [_differ(pixels, side, limits.beside, width, limits)[middle] for pixels, side in sides]
    if min(float(one.mean()) if one.size else 0.0 for one in beside) < limits.mostly:
        return None
    return first, last


def _find_end(framed: NDArray[np.bool_], limits: Thresholds) -> int | None:
    """Return how many rows lie outside or belong to the frame; a loudspeaker may interrupt it."""
    height = len(framed)
    end = None
    for start, stop in find_runs(framed[: int(limits.forehead * height)]):
        if end is not None and start - end > max(2.0, limits.gap * height):
            break
        if end is not None or stop - start >= limits.framed * height:
            end = stop
    return end


def _differ(
    rgb: Pixels, side: _Side, within: tuple[float, float], width: int, limits: Thresholds
) -> NDArray[np.bool_]:
    """Return for each row whether its columns so far within the sides are another color than the
    frame.
    """
    start, end = (side.edge + 2 + round(share * width) for share in within)
    screen = np.median(rgb[:, start : end + 1], axis=1)
    return np.asarray(np.abs(screen - side.color).max(axis=1) >= limits.least_step)


def _fill_corner(corner: Pixels, frame: NDArray[np.uint8], limits: Thresholds) -> None:
    """Paint what of a corner has the frame's color, from its tip on, in the color that lies beside
    it in its row.
    """
    contrast = int(compute_channel_distance(find_common_color(corner), frame))
    near = compute_channel_distance(corner, frame) <= min(limits.near_frame, contrast // 2)
    reach = corner.shape[1]
    for row in range(reach):
        stretch = near[row, : reach - row]
        end = len(stretch) if stretch.all() else int(stretch.argmin())
        if not end:
            return
        # Past the antialiased rim, which is long where the arc is flat.
        beside = min(end + 2, reach - 1)
        limit = min(end + limits.rim, reach - 1)
        while beside < limit and _steps(corner[row], beside) > limits.like // 4:
            beside += 1
        corner[row, :beside] = corner[row, beside]


def _steps(row: Pixels, at: int) -> int:
    """How much the next pixel of a row differs."""
    return int(compute_channel_distance(row[at], row[at + 1]))
