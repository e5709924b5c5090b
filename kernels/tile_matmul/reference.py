"""Reference of the tile product in numpy: exact sums within a group, then float32."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kernels.int4 import GROUP
from kernels.tile_matmul.pack import Tiles, unpack


def quantize_rows(x: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return (int8 values of x [tokens, columns], their scales [tokens, columns / 32])."""
    groups = x.reshape(len(x), -1, GROUP)
    largest = np.abs(groups).max(-1)
    divisor = np.where(largest > 0, largest, 1)
    factor = np.where(largest > 0, np.float32(127) / divisor, 0).astype(np.float32)
    q = np.rint(groups * factor[..., None]).astype(np.int8)
    return q.reshape(x.shape), (largest / np.float32(127)).astype(np.float32)


def tile_matmul(x: NDArray[np.float32], weight: Tiles) -> NDArray[np.float32]:
    """Return x [tokens, columns] times the weight, [tokens, rows] float32."""
    q, scales = quantize_rows(x)
    values, steps = unpack(weight)
    left = q.reshape(len(q), -1, GROUP).astype(np.int32)
    right = values.reshape(len(values), -1, GROUP).astype(np.int32)
    sums = np.einsum("tgk,ngk->tng", left, right).astype(np.float32)
    out = np.zeros(sums.shape[:2], np.float32)
    for group in range(sums.shape[2]):
        out += sums[:, :, group] * (steps[None, :, group] * scales[:, None, group])
    return out
