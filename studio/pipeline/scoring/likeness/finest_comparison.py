"""Compares two pictures at a pixel a cell, in bands of rows, from one byte a pixel each.

As a `LayerPair` the finest scale of a page of 16 million pixels would take 450 MB: three floats for
each pixel of the mockup, one of the render, two of the displacement. Here only the result is kept,
also as a byte a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.scoring.likeness.alignment import (
    BESIDE,
    Floats,
    Windows,
    enlarge_rows,
    measure_layer,
)
from studio.pipeline.scoring.likeness.layer_comparison import (
    BAND,
    MARGIN,
    compute_lost,
    compute_visible,
)
from studio.pipeline.scoring.likeness.pyramid import Light, to_lightness
from studio.pipeline.scoring.likeness.weights import THRESHOLDS

SOFTNESS = 0.6  # px of blur (sigma), so that another antialiasing is no difference
SOFT_REACH = 4  # px that the blur reaches, rounded up


@dataclass(frozen=True, slots=True)
class FinestFit:
    """`lost`: 0-255 for each pixel; `loss`: its mean, 0-1, weighted by how much is drawn there."""

    lost: NDArray[np.uint8]
    loss: float


def compare_finest(wanted: Light, got: Light, dx: Floats, dy: Floats) -> FinestFit:
    """Compare two pictures of one size; `dx` and `dy`: how many of its cells each cell of a coarser
    grid has moved in `got`.
    """
    height, width = wanted.shape
    lost = np.empty((height, width), np.uint8)
    total = weight = 0.0
    for rows in cut_into_bands(height, width, most=BAND):
        start = max(0, rows.start - MARGIN)
        part = slice(start, min(height, rows.stop + MARGIN))
        own = slice(rows.start - start, rows.stop - start)
        found, visible = (values[own] for values in _compare_rows(wanted, got, dx, dy, part))
        lost[rows] = np.rint(255 * found)
        total += float((found * visible).sum())
        weight += float(visible.sum())
    return FinestFit(lost, total / max(weight, 1e-6))


def _compare_rows(
    wanted: Light, got: Light, dx: Floats, dy: Floats, rows: slice
) -> tuple[Floats, Floats]:
    """Return what is lost in these rows, and how much is drawn there."""
    by = wanted.shape[1] / dx.shape[1]
    across, down = (enlarge_rows(field, wanted.shape, round(by), rows) for field in (dx, dy))
    one = measure_layer(_soften_rows(wanted, rows))
    other = measure_layer(_fetch_rows(got, across, down, rows))
    windows = Windows(one, other, 2 * THRESHOLDS.plain)
    agreed, _, _ = windows.best_agreement(BESIDE)
    strongest = np.sqrt(np.maximum(one.contrast, other.contrast))
    return compute_lost(agreed), compute_visible(strongest)


def _soften_rows(light: Light, rows: slice) -> Floats:
    """Return the softened lightness of these rows, in CIELAB units."""
    import cv2

    start = max(0, rows.start - SOFT_REACH)
    values = to_lightness(light[start : rows.stop + SOFT_REACH])
    soft: Any = cv2.GaussianBlur(values, (0, 0), SOFTNESS)
    return np.asarray(soft[rows.start - start : rows.stop - start])


def _fetch_rows(light: Light, across: Floats, down: Floats, rows: slice) -> Floats:
    """Return the softened rows with each pixel fetched from where it has moved to."""
    import cv2

    if not (across.any() or down.any()):
        return _soften_rows(light, rows)
    height = light.shape[0]
    first = min(max(0, rows.start + int(down.min())), height - 1)
    last = max(min(height, rows.stop + int(down.max())), first + 1)
    columns = np.arange(light.shape[1], dtype=np.float32)[None] + across
    lines = np.arange(rows.start - first, rows.stop - first, dtype=np.float32)[:, None] + down
    source = _soften_rows(light, slice(first, last))
    return np.asarray(
        cv2.remap(source, columns, lines, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    )
