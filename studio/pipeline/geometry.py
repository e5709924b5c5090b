"""Many boxes against many, at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Box


def overlaps(one: Sequence[Box], other: Sequence[Box]) -> NDArray[np.float64]:
    """Intersection over union of each pair, shape [len(one), len(other)]."""
    left, right = (
        np.array([(b.x, b.y, b.right, b.bottom) for b in boxes], np.float64).reshape(-1, 4)
        for boxes in (one, other)
    )
    near = np.maximum(left[:, None, :2], right[None, :, :2])
    far = np.minimum(left[:, None, 2:], right[None, :, 2:])
    shared = np.clip(far - near, 0, None).prod(axis=2)
    areas = [(sides[:, 2:] - sides[:, :2]).prod(axis=1) for sides in (left, right)]
    total: NDArray[np.float64] = areas[0][:, None] + areas[1][None] - shared
    share: NDArray[np.float64] = np.divide(
        shared, total, out=np.zeros_like(shared), where=total > 0
    )
    return share
