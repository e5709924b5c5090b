"""Compares two pictures at one scale, in bands of rows: all that is computed on the way is ninety
bytes for each cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.scoring.likeness.alignment import (
    AROUND,
    Floats,
    Layer,
    Windows,
    measure_layer,
    warp_rows,
)
from studio.pipeline.scoring.likeness.pyramid import Nudged
from studio.pipeline.scoring.likeness.weights import THRESHOLDS

BAND = 2**18  # cells: what is computed on the way takes 24 MB
MARGIN = 8  # cells around a band: windows reach 2, their shifts and their neighbors 2 more


@dataclass(frozen=True, slots=True)
class LayerFit:
    """How well the cells of two layers agree.

    `lost`: 0-1; `visible`: how much is drawn there, 0-1; `shift_x` and `shift_y`: the shift at which
    a cell agrees best; `wanted` and `got`: its contrast in the mockup and in the render.
    """

    lost: Floats
    visible: Floats
    shift_x: Floats
    shift_y: Floats
    wanted: Floats
    got: Floats


@dataclass(frozen=True, slots=True)
class LayerPair:
    """The mockup's layer and the render's values, which lie `across` and `down` from its cells.

    `unmoved`: whether the render is compared where it lies, too: half a cell of the coarser grid
    may have been rounded the wrong way, or an edge mistaken for its neighbor. `nudged`: the mockup
    a pixel or two aside, so that content which is off by parts of a cell is compared exactly.
    """

    one: Layer
    other: Floats
    across: Floats
    down: Floats
    unmoved: bool
    nudged: Sequence[Nudged] = ()

    def compare(self, kept: Sequence[str]) -> LayerFit:
        """Compare all cells; of the results only those named in `kept` are, the others are empty."""
        height, width = self.one.values.shape[:2]
        shapes = {name: (height, width) if name in kept else (0, 0) for name in LayerFit.__slots__}
        whole = LayerFit(**{name: np.empty(shapes[name], np.float32) for name in shapes})
        for rows in cut_into_bands(height, width, most=BAND):
            start = max(0, rows.start - MARGIN)
            part = self._compare_rows(slice(start, min(height, rows.stop + MARGIN)))
            own = slice(rows.start - start, rows.stop - start)
            for name in kept:
                getattr(whole, name)[rows] = getattr(part, name)[own]
        return whole

    def _compare_rows(self, rows: slice) -> LayerFit:
        one = Layer(self.one.values[rows], self.one.mean[rows], self.one.contrast[rows])
        across, down = self.across[rows], self.down[rows]
        other = measure_layer(warp_rows(self.other, across, down, rows))
        windows = Windows(one, other)
        agreed, shift_x, shift_y = windows.best_agreement(AROUND)
        if self.unmoved:
            still = Windows(one, measure_layer(self.other[rows]))
            agreed_still, still_x, still_y = still.best_agreement(AROUND)
            better = agreed_still > agreed
            agreed = np.maximum(agreed, agreed_still)
            shift_x = np.where(better, still_x - across, shift_x)
            shift_y = np.where(better, still_y - down, shift_y)
        for nudged in self.nudged:
            aside = measure_layer(nudged.read(rows))
            found = Windows(aside, other).agreement((0, 0)) - THRESHOLDS.nudge_cost
            better = found > agreed
            np.copyto(agreed, found, where=better)
            shift_x[better], shift_y[better] = nudged.across, nudged.down
        contrast = np.sqrt(one.contrast), np.sqrt(other.contrast)
        strongest = np.maximum(*contrast)
        return LayerFit(
            compute_lost(agreed), compute_visible(strongest), shift_x, shift_y, *contrast
        )


def compute_lost(agreed: Floats) -> Floats:
    """Return how much of each window is lost, 0-1, from how much agrees."""
    lost = np.maximum(1 - agreed - THRESHOLDS.forgiven, 0) / (1 - THRESHOLDS.forgiven)
    return np.asarray(lost, np.float32)


def compute_visible(contrast: Floats) -> Floats:
    """Return how well contrast (CIELAB) can be seen, 0-1."""
    return np.asarray(contrast / (contrast + THRESHOLDS.half_visible), np.float32)
