"""Parts one surface into the paints it consists of, where it has leaked from one into another.

A flood that follows small steps leaks through the antialiased corner of a pale box, and everywhere
through the softened edges of a JPEG. Two paints still show as two peaks among the surface's colors,
and their edge is sharp: a few pixels beside it every pixel has its paint again. A gradient and a
shadow have neither.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.perception.pixels import Mask, Pixels

Colors = NDArray[np.int16]  # [count, 3]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Measured on 48 boxes (8 pale pairs × radii 0, 8, 30 × PNG and JPEG 85) and on the twelve
    development pages.
    """

    # Levels of the strongest channel between two paints. #fafafa on #fff has 5; JPEG at 85 moves a
    # paint by 1.
    apart: int = 3
    apart_lossy: int = 4
    # Pixels of a paint in its surface, and of one of its patches. A badge's dot has 50.
    least_paint: int = 120
    least_patch: int = 48
    # Between two paints so few pixels may lie, as a share of the smaller one's peak; a gradient has
    # 1.
    valley: float = 0.5
    # Pixels from an edge at which the paint is itself again: antialiasing reaches 1, JPEG and its
    # chroma 4.
    rim: int = 2
    rim_lossy: int = 4
    # Share of a patch's pixels beyond the rim that show its paint. Pale boxes: .97 and more; a
    # gradient's bands: .5.
    even: float = 0.85
    # Levels that a speck may differ from the paint around it: JPEG's ripples beside letters reach
    # 8.
    speck: int = 8
    # Paints of one surface; more is a photo.
    most_paints: int = 8
    # Surfaces smaller than this hold no second paint worth the search.
    least_surface: int = 1500
    # Levels that a surface's colors may spread over, in its strongest channel, to be counted one by
    # one.
    spread: int = 64


THRESHOLDS = Thresholds()


def find_paints(rgb: Pixels, own: Mask, *, lossy: bool, limits: Thresholds = THRESHOLDS) -> Colors:
    """Return the paints among a surface's own pixels in a window of the sheet, most frequent first;
    one or none where there is no second peak.
    """
    low, high = _find_range(rgb, own)
    spread = int((high - low).max()) + 1
    apart = limits.apart_lossy if lossy else limits.apart
    if spread <= apart or spread > limits.spread:
        return np.zeros((0, 3), np.int16)
    counts = _count_offsets(rgb, own, low, spread + 2)
    peaks = _sum_neighbors(counts)
    found: list[NDArray[np.int64]] = []
    highest = _spread_highest(peaks)
    candidates = np.argwhere((peaks >= limits.least_paint) & (peaks == highest))
    order = np.argsort(-peaks[tuple(candidates.T)], kind="stable")
    for place in candidates[order]:
        if len(found) >= limits.most_paints:
            break
        if all(_is_other_peak(peaks, place, other, apart, limits) for other in found):
            found.append(place)
    return np.array(
        [_most_frequent(counts, place) - 1 + low for place in found], dtype=np.int16
    ).reshape(-1, 3)


def _find_range(rgb: Pixels, own: Mask) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return the lowest and the highest level of each channel."""
    low, high = np.full(3, 255, np.int16), np.zeros(3, np.int16)
    for rows in cut_into_bands(*own.shape):
        colors = rgb[rows][own[rows]]
        if len(colors):
            low, high = np.minimum(low, colors.min(axis=0)), np.maximum(high, colors.max(axis=0))
    return low, high


def _count_offsets(rgb: Pixels, own: Mask, low: NDArray[np.int16], side: int) -> NDArray[np.int64]:
    """Return the pixels of each color, as a cube of so many levels a side that begins one below
    `low`.
    """
    counts = np.zeros(side**3, np.int64)
    for rows in cut_into_bands(*own.shape):
        offset = rgb[rows][own[rows]].astype(np.int32) - (low - 1)
        code = (offset[:, 0] * side + offset[:, 1]) * side + offset[:, 2]
        counts += np.bincount(code, minlength=side**3)
    return counts.reshape(side, side, side)


def _sum_neighbors(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, per color, the pixels of it and of those one level away: JPEG spreads one paint over
    several.
    """
    total = counts
    for axis in range(3):
        total = total + np.roll(total, 1, axis) + np.roll(total, -1, axis)
    return total


def _spread_highest(peaks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, per color, the highest peak among it and the colors one level away."""
    highest = peaks
    for axis in range(3):
        highest = np.maximum(
            highest, np.maximum(np.roll(highest, 1, axis), np.roll(highest, -1, axis))
        )
    return highest


def _most_frequent(counts: NDArray[np.int64], place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the color with most pixels among a place and the colors one level away."""
    first = np.maximum(place - 1, 0)
    cube = counts[tuple(slice(a, b + 2) for a, b in zip(first, place, strict=True))]
    return np.asarray(first + np.array(np.unravel_index(int(cube.argmax()), cube.shape)))


def _is_other_peak(
    peaks: NDArray[np.int64],
    place: NDArray[np.int64],
    other: NDArray[np.int64],
    apart: int,
    limits: Thresholds,
) -> bool:
    """Whether two colors are far enough apart, with few pixels of the colors between them."""
    steps = int(np.abs(place - other).max())
    if steps < apart:
        return False
    between = [
        np.round(place + (other - place) * step / steps).astype(int) for step in range(1, steps)
    ]
    lowest = min(int(peaks[tuple(color)]) for color in between)
    return lowest <= limits.valley * min(int(peaks[tuple(place)]), int(peaks[tuple(other)]))


def find_patches(
    rgb: Pixels, own: Mask, paints: Colors, *, lossy: bool, limits: Thresholds = THRESHOLDS
) -> NDArray[np.int32]:
    """Return each pixel's patch, from 1, in a window of the sheet; 0 where the surface is not.

    A patch is a connected area nearest to one paint. Specks belong to the patch around them; what
    is like no paint, such as a hairline that JPEG has softened, to none.
    """
    nearest = _nearest_paint(rgb, paints)
    patches = np.zeros(own.shape, np.int32)
    colors = [np.zeros(3, np.int16)]  # of each patch; 0 is none
    for paint in range(len(paints)):
        area = own & (nearest == paint)
        count = _add_patches(patches, len(colors) - 1, area, rgb, paints[paint], lossy, limits)
        colors += [paints[paint]] * (count + 1 - len(colors))
    return _fill_specks(patches, own, rgb, np.array(colors), limits) if len(colors) > 1 else patches


def _nearest_paint(rgb: Pixels, paints: Colors) -> NDArray[np.uint8]:
    nearest = np.empty(rgb.shape[:2], np.uint8)
    for rows in cut_into_bands(len(rgb), rgb.shape[1]):
        levels = rgb[rows].astype(np.int16)
        apart = [np.abs(levels - paint).sum(axis=2, dtype=np.int16) for paint in paints]
        nearest[rows] = np.argmin(np.stack(apart), axis=0)
    return nearest


def _add_patches(
    patches: NDArray[np.int32],
    count: int,
    area: Mask,
    rgb: Pixels,
    paint: NDArray[np.int16],
    lossy: bool,
    limits: Thresholds,
) -> int:
    """Number the connected areas of one paint that are large and even enough; return the last
    number.
    """
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(area.view(np.uint8), connectivity=4)
    for i in np.flatnonzero(stats[:, 4] >= limits.least_patch):
        if i == 0:
            continue
        x, y, width, height = (int(v) for v in stats[i, :4])
        patch = labels[y : y + height, x : x + width] == i
        if _is_even(rgb[y : y + height, x : x + width], patch, paint, lossy, limits):
            count += 1
            patches[y : y + height, x : x + width][patch] = count
    return count


def _is_even(
    window: Pixels, patch: Mask, paint: NDArray[np.int16], lossy: bool, limits: Thresholds
) -> bool:
    """Whether the patch shows its paint everywhere but beside its edge."""
    import cv2

    rim = limits.rim_lossy if lossy else limits.rim
    kernel = np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)
    padded = np.pad(patch.view(np.uint8), rim)
    inner = cv2.erode(padded, kernel)[rim:-rim, rim:-rim] > 0
    count = int(np.count_nonzero(inner))
    if count < limits.least_patch // 4:
        return False
    close = 0
    for rows in cut_into_bands(*inner.shape):
        apart = np.abs(window[rows][inner[rows]].astype(np.int16) - paint).max(axis=1)
        close += int(np.count_nonzero(apart <= (2 if lossy else 1)))
    return close / count >= limits.even


def _fill_specks(
    patches: NDArray[np.int32], own: Mask, rgb: Pixels, colors: Colors, limits: Thresholds
) -> NDArray[np.int32]:
    """Give the surface's pixels that have no patch to the nearest one, where they are nearly of its
    color.
    """
    import cv2

    rest = own & (patches == 0)
    if not rest.any():
        return patches
    _, nearest = cv2.distanceTransformWithLabels(
        (patches == 0).view(np.uint8), cv2.DIST_L1, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(nearest.max()) + 1, np.int32)
    known = patches > 0
    owner[nearest[known]] = patches[known]
    joined = owner[nearest[rest]]
    distance = np.abs(rgb[rest].astype(np.int16) - colors[joined]).max(axis=1)
    patches[rest] = np.where(distance <= limits.speck, joined, 0)
    return patches
