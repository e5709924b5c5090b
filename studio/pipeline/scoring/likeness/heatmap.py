"""Where the difference is, as a picture: the mockup dimmed, and what differs glowing on it."""

from __future__ import annotations

import numpy as np

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.scoring.likeness.picture_maps import QUARTER, Map, Pixels

DIMMED = 0.35  # of the mockup's contrast stays, in grey, so that the glow is the only colour
LIGHT = 150.0


def draw_heatmap(mockup: Pixels, difference: Map) -> bytes:
    """A PNG of the mockup's size; `difference` is 0–1 on the quarter-size canvas (its overhang is
    cut off).
    """
    import cv2

    height, width = mockup.shape[:2]
    rows, columns = round(height / QUARTER) or 1, round(width / QUARTER) or 1
    levels = (difference[:rows, :columns].clip(0, 1) * 255).astype(np.uint8)
    spread = np.asarray(cv2.resize(levels, (width, height)), np.uint8)
    mixed = np.empty_like(mockup)
    for band in cut_into_bands(height, width):
        mixed[band] = _mix(mockup[band], spread[band])
    return bytes(cv2.imencode(".png", mixed, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])


def _mix(mockup: Pixels, spread: Pixels) -> Pixels:
    """Return the rows in BGR; `spread`: the difference, 0-255."""
    import cv2

    # Inferno rises evenly in lightness, so twice as bright reads as twice as different, in grey
    # print as well.
    glow = cv2.applyColorMap(spread, cv2.COLORMAP_INFERNO)
    grey = cv2.cvtColor(mockup, cv2.COLOR_RGB2GRAY)
    ground = cv2.cvtColor(
        (grey * DIMMED + LIGHT * (1 - DIMMED)).astype(np.uint8), cv2.COLOR_GRAY2BGR
    )
    strength = cv2.cvtColor(
        (np.sqrt(spread / np.float32(255)) * 255).astype(np.uint8), cv2.COLOR_GRAY2BGR
    )
    mixed = cv2.add(
        cv2.multiply(ground, 255 - strength, scale=1 / 255),
        cv2.multiply(glow, strength, scale=1 / 255),
    )
    return np.asarray(mixed, np.uint8)
