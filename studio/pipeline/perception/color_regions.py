"""Cuts a sheet into surfaces: connected areas whose colour changes only slowly, so gradients and
shadows stay whole.

The raw material for rectangles, rules and pictures. Knows nothing of text or of what a surface is
for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception import paints
from studio.pipeline.perception.pixels import Mask, MockupPixels, Pixels

# Largest step between neighbours of one surface. Pale fills differ from white by 5 or more;
# gradients climb by 1.
STEP = 2
STEP_LOSSY = 4
# Fewer pixels than this are ink, antialiasing or texture.
SMALL = 48


@dataclass(frozen=True, slots=True)
class Surfaces:
    """`labels` gives each pixel its surface; the other arrays are indexed by surface (0: none)."""

    labels: NDArray[np.int32]
    x: NDArray[np.int64]
    y: NDArray[np.int64]
    width: NDArray[np.int64]
    height: NDArray[np.int64]
    area: NDArray[np.int64]

    def mask(self, surface: int) -> Mask:
        """The surface's own pixels within its bounding box."""
        y, x = self.y[surface], self.x[surface]
        window = self.labels[y : y + self.height[surface], x : x + self.width[surface]]
        return np.asarray(window == surface)

    def part(self, surface: int, left: int, top: int, right: int, bottom: int) -> Mask:
        """The surface's own pixels within a box (end exclusive)."""
        return np.asarray(self.labels[top:bottom, left:right] == surface)


def find_surfaces(sheet: MockupPixels) -> Surfaces:
    """Every surface of the sheet, by joining neighbours that differ by at most a step."""
    import cv2

    rgb = sheet.rgb
    if sheet.lossy:
        # Calms the ripples of JPEG but keeps edges of 10 levels and more.
        rgb = np.asarray(cv2.bilateralFilter(rgb, 5, 14, 3), dtype=np.uint8)
    step = STEP_LOSSY if sheet.lossy else STEP
    height, width = rgb.shape[:2]
    # A picture of twice the size, with a cell between each two neighbours that says whether they
    # are joined: this way OpenCV's fast labelling follows differences instead of a mask.
    joined = np.zeros((2 * height - 1, 2 * width - 1), np.uint8)
    joined[::2, ::2] = 1
    joined[::2, 1::2] = _mark_near_pixels(rgb[:, 1:], rgb[:, :-1], step)
    joined[1::2, ::2] = _mark_near_pixels(rgb[1:], rgb[:-1], step)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    small = np.ascontiguousarray(labels[::2, ::2], dtype=np.int32)
    area = np.bincount(small.ravel(), minlength=len(stats))
    x, y, w, h = (stats[:, i].astype(np.int64) for i in range(4))
    flooded = Surfaces(small, (x + 1) // 2, (y + 1) // 2, (w + 1) // 2, (h + 1) // 2, area)
    return split_leaks(sheet.rgb, flooded, lossy=sheet.lossy)


def split_leaks(rgb: Pixels, surfaces: Surfaces, *, lossy: bool) -> Surfaces:
    """Return the surfaces with those parted that have leaked from one paint into another."""
    from scipy.ndimage import find_objects

    labels = surfaces.labels.copy()
    places: dict[int, tuple[int, int, int, int]] = {}
    total = len(surfaces.area)
    for surface in (
        int(i) for i in np.flatnonzero(surfaces.area >= paints.THRESHOLDS.least_surface)
    ):
        own, x, y = surfaces.mask(surface), int(surfaces.x[surface]), int(surfaces.y[surface])
        if surface == 0:
            continue
        window = rgb[y : y + own.shape[0], x : x + own.shape[1]]
        found = paints.find_paints(window[own].astype(np.int16), lossy=lossy)
        if len(found) < 2:
            continue
        patches = paints.find_patches(window, own, found, lossy=lossy)
        if patches.max() < 2:
            continue
        target = labels[y : y + own.shape[0], x : x + own.shape[1]]
        target[own] = 0
        for number, (rows, columns) in enumerate(find_objects(patches), 1):
            name = surface if number == 1 else total
            target[rows, columns][patches[rows, columns] == number] = name
            places[name] = (x + columns.start, y + rows.start, x + columns.stop, y + rows.stop)
            total += number > 1
    return _measure_again(labels, surfaces, places, total) if places else surfaces


def _measure_again(
    labels: NDArray[np.int32],
    before: Surfaces,
    places: dict[int, tuple[int, int, int, int]],
    total: int,
) -> Surfaces:
    """Return the surfaces with new labels, and with the boxes (end exclusive) of those that have
    changed.
    """
    boxes = np.zeros((4, total), np.int64)
    boxes[:, : len(before.area)] = np.stack([before.x, before.y, before.width, before.height])
    for name, (left, top, right, bottom) in places.items():
        boxes[:, name] = (left, top, right - left, bottom - top)
    x, y, width, height = boxes
    return Surfaces(labels, x, y, width, height, np.bincount(labels.ravel(), minlength=total))


def _mark_near_pixels(a: NDArray[np.uint8], b: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    import cv2

    distance = cv2.absdiff(np.ascontiguousarray(a), np.ascontiguousarray(b))
    return np.asarray((distance <= step).all(axis=2), dtype=np.uint8)
