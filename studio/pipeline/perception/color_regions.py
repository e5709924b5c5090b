"""Cuts a sheet into surfaces: connected areas whose colour changes only slowly, so gradients and
shadows stay whole.

The raw material for rectangles, rules and pictures. Knows nothing of text or of what a surface is
for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.pixels import Mask, MockupPixels

# Largest step between neighbours of one surface. Pale fills differ from white by 5 or more;
# gradients climb by 1.
STEP = 2
STEP_LOSSY = 4
# Fewer pixels than this are ink, antialiasing or texture.
SMALL = 48


@dataclass(frozen=True, slots=True)
class Surfaces:
    """`labels` gives each pixel its surface; the other arrays are indexed by surface (0 is unused)."""

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
    return Surfaces(small, (x + 1) // 2, (y + 1) // 2, (w + 1) // 2, (h + 1) // 2, area)


def _mark_near_pixels(a: NDArray[np.uint8], b: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    import cv2

    distance = cv2.absdiff(np.ascontiguousarray(a), np.ascontiguousarray(b))
    return np.asarray((distance <= step).all(axis=2), dtype=np.uint8)
