"""A picture at every scale at which it is compared, and the same a pixel or two aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.scoring.likeness.alignment import Floats, move
from studio.pipeline.scoring.likeness.picture_maps import Pixels

Light = NDArray[np.uint8]  # [height, width], OpenCV's lightness: 255 is white

# CSS px a cell; the coarse ones first, for they say where to look. One px is compared last, in
# `finest_comparison`.
SCALES = (16, 8, 4, 2)
LIGHTNESS = np.float32(100 / 255)  # CIELAB a level of OpenCV's 8 bits
# Colour is halved against lightness.
HALVED = np.array([1, 0.5, 0.5], np.float32)
# CSS px: nobody sees that content is off by so little, but windows of cells do.
NUDGES = ((0, 1), (0, -1), (1, 0), (-1, 0), (0, 2), (0, -2), (2, 0), (-2, 0))


@dataclass(frozen=True, slots=True)
class Nudged:
    """A picture at one scale, whose content lies `across` and `down` of a cell aside.

    `values` are bytes where the scale has been made from bytes: eight of these as floats would take
    170 MB of a page of 16 million pixels.
    """

    values: Floats | Pixels | Light
    across: float
    down: float

    def read(self, rows: slice = slice(None)) -> Floats:
        """Return some rows in CIELAB units, as `shrink_stepwise` has them."""
        part = self.values[rows]
        if part.dtype == np.float32:
            return part.astype(np.float32, copy=False)
        return to_lab(part) if part.ndim == 3 else to_lightness(part)


def measure_lightness(picture: Pixels) -> Light:
    """Return the lightness of [height, width, 3] RGB pixels."""
    import cv2

    height, width = picture.shape[:2]
    light = np.empty((height, width), np.uint8)
    for rows in cut_into_bands(height, width):
        light[rows] = cv2.cvtColor(picture[rows], cv2.COLOR_RGB2LAB)[..., 0]
    return light


def shrink_stepwise(picture: Pixels, light: Light) -> dict[int, Floats]:
    """Return the picture at each scale of SCALES in CIELAB; the finest in lightness alone."""
    quarter = to_lab(halve(halve(picture)))
    eighth = halve(quarter)
    return {16: halve(eighth), 8: eighth, 4: quarter, 2: to_lightness(halve(light))}


def nudge_picture(picture: Pixels, light: Light) -> Mapping[int, list[Nudged]]:
    """Return the picture at each scale of SCALES, with its content moved by each of NUDGES."""
    nudged: dict[int, list[Nudged]] = {scale: [] for scale in SCALES}
    for dx, dy in NUDGES:
        quarter = halve(halve(move(picture, -dx, -dy)))
        eighth = halve(to_lab(quarter))
        layers: dict[int, Any] = {16: halve(eighth), 8: eighth, 4: quarter}
        if abs(dx + dy) == 1:  # two pixels are a whole cell of the scale of 2
            layers[2] = halve(move(light, -dx, -dy))
        for scale, values in layers.items():
            nudged[scale].append(Nudged(values, dx / scale, dy / scale))
    return nudged


def halve(values: Any) -> Any:
    import cv2

    size = max(1, round(values.shape[1] / 2)), max(1, round(values.shape[0] / 2))
    return cv2.resize(values, size, interpolation=cv2.INTER_AREA)


def to_lab(picture: Any) -> Floats:
    """Return 8-bit RGB in CIELAB.

    In floats: 8 bits would round colours to whole units, which is what sets a card off from a dark
    ground.
    """
    import cv2

    values = picture.astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(values, cv2.COLOR_RGB2LAB) * HALVED, np.float32)


def to_lightness(light: Any) -> Floats:
    """Return 8-bit lightness in CIELAB units."""
    return np.asarray(light.astype(np.float32) * LIGHTNESS)
