"""One-colored icons traced to a path, so that they take the text's color and stay sharp.

A crop is an icon of one color if its pixels lie on the line between two colors: the ground's and the
icon's. How far along that line a pixel lies is how much of it the icon covers, and the outline is where
half is covered.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]
Point = tuple[float, float]
LARGEST = 96  # px; larger pictures are illustrations
LEAST_CONTRAST = 40.0  # of 441, between ground and icon; less is noise
OFF_LINE = 26.0  # of 441, by which a pixel of one color may be off the line between the two
ON_LINE = 0.97  # share of pixels that must be on it
ZOOM = 8  # steps of a pixel in which the outline is sought
SIMPLE = 0.16  # px by which the outline may be simplified
CORNER = 42.0  # degrees of a turn from which a point is a corner
MOST_POINTS = 240  # of a path; more is a picture
WORST = 0.07  # mean difference of coverage between the crop and its path
TICKED = 20.0  # of 255: standard deviation inside a mark, 0 where it is empty


@dataclass(frozen=True, slots=True)
class IconPath:
    """An icon's outline in the crop's px, and its color."""

    path: str
    width: int
    height: int
    color: str


@lru_cache(maxsize=512)
def trace_icon(data: bytes, ground: str | None = None) -> IconPath | None:
    """Return the icon in a picture file as a path; None if it is not one shape of one color.

    `ground`: the color around it; None where that is not known and the corners must tell it.
    """
    pixels = _read_pixels(data)
    if pixels is None or max(pixels.shape[:2]) > LARGEST or min(pixels.shape[:2]) < 3:
        return None
    found = _split_colors(pixels, ground)
    if found is None:
        return None
    coverage, color = found
    outlines = _find_outlines(coverage)
    count = sum(len(outline) for outline in outlines)
    if not 3 <= count <= MOST_POINTS or _measure_error(outlines, coverage) > WORST:
        return None
    height, width = coverage.shape
    path = " ".join(_write_outline(outline) for outline in outlines)
    return IconPath(path, width, height, color)


def is_ticked(data: bytes) -> bool:
    """Return True if something is drawn inside a check box or radio button."""
    pixels = _read_pixels(data)
    if pixels is None or min(pixels.shape[:2]) < 7:
        return False
    height, width = pixels.shape[:2]
    inner = pixels[height // 5 : -(height // 5), width // 5 : -(width // 5)].reshape(-1, 3)
    return bool(inner.std(axis=0).max() >= TICKED)


def _read_pixels(data: bytes) -> Floats | None:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            return np.asarray(image.convert("RGB"), dtype=np.float64)
    except OSError:
        return None


def _get_border(pixels: Floats) -> Floats:
    corners = [pixels[0, 0], pixels[0, -1], pixels[-1, 0], pixels[-1, -1]]
    return np.array(corners)


def _split_colors(pixels: Floats, around: str | None) -> tuple[Floats, str] | None:
    """Return how much of each pixel the icon covers, and its color."""
    flat = pixels.reshape(-1, 3)
    known = around and [int(around[i : i + 2], 16) for i in (1, 3, 5)]
    ground = np.array(known, float) if known else np.median(_get_border(pixels), axis=0)
    distances = np.linalg.norm(flat - ground, axis=1)
    if distances.max() < LEAST_CONTRAST:
        return None
    far = flat[distances >= np.quantile(distances, 0.96)]
    ink = np.median(far, axis=0)
    line = ink - ground
    along = (flat - ground) @ line / (line @ line)
    off = np.linalg.norm(flat - ground - along[:, None] * line, axis=1)
    if (off <= OFF_LINE).mean() < ON_LINE:
        return None
    coverage = np.clip(along, 0.0, 1.0).reshape(pixels.shape[:2])
    red, green, blue = (round(float(channel)) for channel in ink)
    return coverage, f"#{red:02x}{green:02x}{blue:02x}"


def _find_outlines(coverage: Floats) -> list[list[Point]]:
    import cv2

    padded = np.pad(coverage, 1)
    large: Any = cv2.resize(padded, None, fx=ZOOM, fy=ZOOM, interpolation=cv2.INTER_CUBIC)
    mask = (large >= 0.5).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    outlines = []
    for contour in contours:
        simple = cv2.approxPolyDP(contour, SIMPLE * ZOOM, True)[:, 0, :]
        if len(simple) >= 3:
            # The outline runs through the middles of the outermost steps, in a crop padded by one.
            outlines.append([((x + 0.5) / ZOOM - 1, (y + 0.5) / ZOOM - 1) for x, y in simple])
    return outlines


def _measure_error(outlines: Sequence[Sequence[Point]], coverage: Floats) -> float:
    """Return the mean difference between what the outlines cover and what the icon does."""
    import cv2

    height, width = coverage.shape
    canvas: Any = np.zeros((height * ZOOM, width * ZOOM), np.uint8)
    shapes = [np.round(np.array(outline) * ZOOM - 0.5).astype(np.int32) for outline in outlines]
    cv2.fillPoly(canvas, shapes, 1)
    drawn = canvas.reshape(height, ZOOM, width, ZOOM).mean(axis=(1, 3))
    return float(np.abs(drawn - coverage).mean())


def _write_outline(points: Sequence[Point]) -> str:
    """Return one closed outline: lines between corners, curves through everything else."""
    count = len(points)
    corners = [_is_corner(points[i - 1], points[i], points[(i + 1) % count]) for i in range(count)]
    start = _get_middle(points[-1], points[0])
    parts = [f"M{_write_point(points[0] if corners[0] else start)}"]
    for i, point in enumerate(points):
        after = points[(i + 1) % count]
        if corners[i]:
            is_reached = not corners[i - 1]  # by the curve before
            parts.append(f"L{_write_point(point)}" if i and not is_reached else "")
            parts.append(
                "" if corners[(i + 1) % count] else f"L{_write_point(_get_middle(point, after))}"
            )
        else:
            end = after if corners[(i + 1) % count] else _get_middle(point, after)
            parts.append(f"Q{_write_point(point)} {_write_point(end)}")
    return "".join(parts) + "Z"


def _is_corner(before: Point, point: Point, after: Point) -> bool:
    first = math.atan2(point[1] - before[1], point[0] - before[0])
    second = math.atan2(after[1] - point[1], after[0] - point[0])
    turn = abs(math.degrees(second - first)) % 360
    return min(turn, 360 - turn) >= CORNER


def _get_middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _write_point(point: Point) -> str:
    return " ".join(f"{round(value, 1):g}" for value in point)
