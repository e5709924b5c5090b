"""Tells paint from photograph: one colour over most of a surface, or a smooth gradient, is paint."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import sample_mask
from studio.pipeline.perception.color_regions import Surfaces
from studio.pipeline.perception.gradients import fit_gradient
from studio.pipeline.perception.pixels import (
    Mask,
    MockupPixels,
    Pixels,
    compute_channel_distance,
    find_common_color,
)

# Share of a surface within a few levels of its commonest colour. Pages: .68 and more, shadows
# included; photos: .45.
PAINTED = 0.58
LEVELS = 3
LEVELS_LOSSY = 8
# A gradient strays this little from a line through its rows, in levels (Chromium dithers, shadows
# reach far): up to 1.9 where a photo's calmest edge strays by 3.6.
STRAY = 2.6


def paint_share(sheet: MockupPixels, surfaces: Surfaces, surface: int) -> float:
    """How much of a surface is its commonest colour, or nearly."""
    window, mask = _cut_window(sheet, surfaces, surface)
    # Ten thousand pixels tell as much as a million.
    pixels = window[sample_mask(mask, 10_000)]
    return float(
        (
            compute_channel_distance(pixels, find_common_color(pixels))
            <= (LEVELS_LOSSY if sheet.lossy else LEVELS)
        ).mean()
    )


def is_gradient(sheet: MockupPixels, surfaces: Surfaces, surface: int) -> bool:
    """Whether the colour changes steadily from top to bottom and hardly within a row, but for
    shadows in the middle.
    """
    window, mask = _cut_window(sheet, surfaces, surface)
    # Cards and their shadows lie in the middle; the outer twentieth shows the bare gradient.
    edge = max(4, mask.shape[1] // 20)
    stray = [
        _measure_stray(window[:, side], mask[:, side])
        for side in (slice(0, edge), slice(-edge, None))
    ]
    return min(stray) <= STRAY


def fits_a_gradient(sheet: MockupPixels, surfaces: Surfaces, surface: int) -> bool:
    """Whether the colors of a surface are those of a gradient that style sheets can write."""
    return fit_gradient(*_cut_window(sheet, surfaces, surface)) is not None


def _measure_stray(strip: Pixels, mask: Mask) -> float:
    """Distance of the 95th percentile from a straight or gently bent line through the strip's rows."""
    rows, columns = sample_mask(mask, 4000)
    if len(rows) < 40:
        return 255.0
    y, values = rows / mask.shape[0], strip[rows, columns].astype(np.float64)
    knots = np.linspace(0, 1, 9)
    basis: NDArray[np.float64] = np.stack(
        [np.interp(y, knots, np.eye(9)[i]) for i in range(9)], axis=1
    )
    fit, *_ = np.linalg.lstsq(basis, values, rcond=None)
    return float(np.quantile(np.abs(values - basis @ fit).max(axis=1), 0.95))


def _cut_window(sheet: MockupPixels, surfaces: Surfaces, surface: int) -> tuple[Pixels, Mask]:
    mask = surfaces.mask(surface)
    y, x = int(surfaces.y[surface]), int(surfaces.x[surface])
    return sheet.rgb[y : y + mask.shape[0], x : x + mask.shape[1]], mask
