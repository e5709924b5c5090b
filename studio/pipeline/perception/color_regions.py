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
from studio.pipeline.perception.bands import count_labels
from studio.pipeline.perception.flooding import number_areas
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
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    area: NDArray[np.int32]

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
    step = STEP_LOSSY if sheet.lossy else STEP
    areas = number_areas(sheet.rgb, step, calm=sheet.lossy)
    left, top, right, bottom = areas.boxes.T
    area = count_labels(areas.labels, len(areas.boxes))
    flooded = Surfaces(areas.labels, left, top, right - left, bottom - top, area)
    return split_leaks(sheet.rgb, flooded, lossy=sheet.lossy)


def split_leaks(rgb: Pixels, surfaces: Surfaces, *, lossy: bool) -> Surfaces:
    """Return the surfaces with those parted that have leaked from one paint into another; the
    labels change in place.
    """
    from scipy.ndimage import find_objects

    labels = surfaces.labels
    places: dict[int, tuple[int, int, int, int]] = {}
    total = len(surfaces.area)
    for surface in (
        int(i) for i in np.flatnonzero(surfaces.area >= paints.THRESHOLDS.least_surface)
    ):
        own, x, y = surfaces.mask(surface), int(surfaces.x[surface]), int(surfaces.y[surface])
        if surface == 0:
            continue
        window = rgb[y : y + own.shape[0], x : x + own.shape[1]]
        found = paints.find_paints(window, own, lossy=lossy)
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
    boxes = np.zeros((4, total), np.int32)
    boxes[:, : len(before.area)] = np.stack([before.x, before.y, before.width, before.height])
    for name, (left, top, right, bottom) in places.items():
        boxes[:, name] = (left, top, right - left, bottom - top)
    x, y, width, height = boxes
    return Surfaces(labels, x, y, width, height, count_labels(labels, total))
