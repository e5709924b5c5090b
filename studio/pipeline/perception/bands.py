"""Whole-picture work done in bands of rows, so that what it needs beside the picture stays small.

A picture of 40 megapixels is 120 MB; the same as 64-bit indices is 320 MB. Results do not depend on
the bands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

BAND = 2**20  # pixels of a band: as 64-bit numbers 8 MB a channel
COLORS = 2**24

Mask = NDArray[np.bool_]  # [height, width]
Pixels = NDArray[np.uint8]


def cut_into_bands(
    height: int, width: int, multiple: int = 1, most: int | None = None
) -> Iterator[slice]:
    """Yield the rows of each band of at most `most` pixels (BAND); its height is a multiple of
    `multiple`, but for the last one's.
    """
    rows = max(1, (most or BAND) // max(1, width) // multiple) * multiple
    for top in range(0, height, rows):
        yield slice(top, min(height, top + rows))


def look_up(table: NDArray[Any], labels: NDArray[np.int32]) -> NDArray[Any]:
    """Return `table[labels]`; numpy copies all labels as 64-bit numbers for that."""
    found = np.empty(labels.shape, table.dtype)
    for rows in cut_into_bands(*labels.shape):
        found[rows] = table[labels[rows]]
    return found


def mark_labels(labels: NDArray[np.int32], chosen: set[int], count: int) -> Mask:
    """Return where the label is one of the chosen; `count`: labels that there are."""
    table = np.zeros(count, bool)
    table[sorted(chosen)] = True
    return look_up(table, labels)


def count_labels(labels: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """Return how many pixels each of `count` labels has."""
    total = np.zeros(count, np.int32)
    for rows in cut_into_bands(*labels.shape):
        values, counts = np.unique(labels[rows], return_counts=True)
        total[values] += counts.astype(np.int32)
    return total


def sample_mask(mask: Mask, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows and columns of every nth marked pixel, n so that about `most` are left."""
    step = max(1, int(np.count_nonzero(mask)) // most)
    found_rows, found_columns = [], []
    seen = 0
    for rows in cut_into_bands(*mask.shape):
        y, x = np.nonzero(mask[rows])
        chosen = slice(-seen % step, None, step)
        found_rows.append(y[chosen] + rows.start)
        found_columns.append(x[chosen])
        seen += len(y)
    return np.concatenate(found_rows), np.concatenate(found_columns)


def count_colors(
    pixels: Pixels, mask: Mask | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the colors of [..., 3] pixels as whole numbers, rising, and how often each occurs."""
    if pixels.size <= 3 * BAND:
        return np.unique(write_codes(pixels if mask is None else pixels[mask]), return_counts=True)
    table = np.zeros(COLORS, np.uint32)
    width = pixels.size // 3 // pixels.shape[0]
    for rows in cut_into_bands(pixels.shape[0], width):
        band = pixels[rows] if mask is None else pixels[rows][mask[rows]]
        values, counts = np.unique(write_codes(band), return_counts=True)
        table[values] += counts.astype(np.uint32)
    codes = np.flatnonzero(table).astype(np.int32)
    return codes, table[codes].astype(np.int64)


def write_codes(pixels: Pixels) -> NDArray[np.int32]:
    """Return each pixel's color as one number, 0xrrggbb."""
    flat = pixels.reshape(-1, 3)
    codes = flat[:, 0].astype(np.int32) << 16
    codes |= flat[:, 1].astype(np.int32) << 8
    codes |= flat[:, 2]
    return codes
