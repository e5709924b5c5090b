"""Lines that run through letters: where they are, and the letters without them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.pixels import Mask


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares of the line's ink, measured on struck prices and words at 12 to 24 px."""

    width: float = (
        0.93  # that one run covers where the line is struck; letters alone cover under half of it
    )
    top: float = 0.38  # of the height: Devanagari's headline lies above
    bottom: float = 0.8  # of the height: underlines lie below
    thickness: float = 0.14  # of the height, but 2 px at least
    least_height: int = 6  # px
    least_width: float = 1.5  # heights: a lone dash is no struck text


LIMITS = Thresholds()


def find_strike(ink: Mask) -> tuple[int, int] | None:
    """The rows of a line that runs through the letters of a trimmed line of ink; None where there
    is none.
    """
    height, width = ink.shape
    if height < LIMITS.least_height or width < LIMITS.least_width * height:
        return None
    first = int(LIMITS.top * height)
    runs = longest_run(ink[first : int(LIMITS.bottom * height)])
    full = np.flatnonzero(runs >= LIMITS.width * width) + first
    if not len(full) or len(full) > max(2, round(LIMITS.thickness * height)):
        return None
    start, end = int(full[0]), int(full[-1]) + 1
    return (start, end) if end - start == len(full) else None


def bridge_strike(alpha: NDArray[np.float32], first: int, last: int) -> NDArray[np.float32]:
    """What the letters show behind the struck rows: as much as above and below them."""
    above, below = alpha[max(0, first - 1)], alpha[min(len(alpha) - 1, last)]
    return np.broadcast_to(np.minimum(above, below), (last - first, alpha.shape[1]))


def longest_run(mask: Mask) -> NDArray[np.int64]:
    """Return the length of the longest run of true cells in each row."""
    count: NDArray[np.int64] = np.cumsum(mask, axis=1, dtype=np.int64)
    since = count - np.maximum.accumulate(np.where(mask, 0, count), axis=1)
    return np.asarray(since.max(axis=1), dtype=np.int64)
