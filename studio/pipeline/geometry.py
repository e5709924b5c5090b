"""Computations on many boxes at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Box


def overlaps(one: Sequence[Box], other: Sequence[Box]) -> NDArray[np.float64]:
    """Return intersection over union of each pair, shape [len(one), len(other)]."""
    first = _stack_corners(one)
    second = _stack_corners(other)
    start = np.maximum(first[:, None, :2], second[None, :, :2])
    end = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.clip(end - start, 0, None).prod(axis=2)
    first_areas = (first[:, 2:] - first[:, :2]).prod(axis=1)
    second_areas = (second[:, 2:] - second[:, :2]).prod(axis=1)
    total: NDArray[np.float64] = first_areas[:, None] + second_areas[None] - shared
    share: NDArray[np.float64] = np.divide(
        shared, total, out=np.zeros_like(shared), where=total > 0
    )
    return share


def _stack_corners(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Return left, top, right and bottom of each box, shape [boxes, 4]."""
    corners = [(box.x, box.y, box.right, box.bottom) for box in boxes]
    return np.array(corners, np.float64).reshape(-1, 4)
