"""One line's ink, and what its columns and rows of ink say: words, a second row, a change of size, a
marker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.pixels import find_runs

# Ink is what differs from the ground by a quarter of the strongest difference; fainter pixels are
# antialiasing.
INK_SHARE = 0.25
# In line heights: a word space.
WORD_GAP = 0.22
NARROWEST_GAP = 3  # px of a word space, however low the line is
# A list's marker is a filled blob, as wide as high, at most this share of its line's height and not
# at its foot.
MARK = 0.62


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in px, shares of what the name says."""

    # Two lines that were taken for one: height of both, and of the lower in px and of the higher.
    two_rows: int = 20
    row: int = 6
    row_share: float = 0.45
    # A marker: its height at least, the share of its box that it fills, where its middle stands in
    # the line's height, and by how much its sides may differ.
    least_mark: int = 3
    solid: float = 0.7
    mark_middle: tuple[float, float] = (0.3, 0.8)
    mark_sides: int = 1
    # A change of size: the line's height, its pieces, and the smaller letters' height in px, of the
    # larger ones' and of the line's.
    changed_height: int = 18
    changed_pieces: int = 3
    small_pieces: int = 2
    small_letter: int = 7
    small_to_large: float = 0.6
    small_to_line: float = 0.25


LIMITS = Thresholds()


@dataclass(frozen=True, slots=True)
class InkLine:
    """One line's ink: its box (end exclusive), its alpha (0 ground, 1 full colour) and its two
    colours.
    """

    left: int
    top: int
    right: int
    bottom: int
    alpha: NDArray[np.float32]
    color: NDArray[np.uint8]
    ground: NDArray[np.uint8]
    flat: float  # share of the box that is exactly ground or ink: low on photos
    underline: bool = False
    mark: bool = False  # a list's marker that stood before a line, not letters
    strike: bool = False  # a line ran through the letters; it is not in the alpha

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def find_row_gap(line: InkLine) -> int | None:
    """The blank row between two lines that the detector took for one; dots and accents are too low
    to be a line.
    """
    bands = find_runs((line.alpha > INK_SHARE).any(axis=1), 1)
    if line.height < LIMITS.two_rows or len(bands) != 2:
        return None
    low, high = sorted(b - a for a, b in bands)
    are_lines = low >= LIMITS.row and low >= LIMITS.row_share * high
    return (bands[0][1] + bands[1][0]) // 2 if are_lines else None


def is_mark(line: InkLine, start: int, end: int) -> bool:
    """Whether the ink between two columns is a disc or a square in the middle of the line's height."""
    found = cut_part(line, start, end)
    if found is None or not LIMITS.least_mark <= found.height <= MARK * line.height:
        return False
    middle = (found.top + found.bottom) / 2 - line.top
    solid = float(found.alpha.mean()) >= LIMITS.solid
    is_square = abs(found.height - found.width) <= LIMITS.mark_sides
    highest, lowest = LIMITS.mark_middle
    return solid and is_square and highest <= middle / line.height <= lowest


def find_size_change(line: InkLine) -> int | None:
    """The column where large letters give way to small ones on the same row ('$29 /mo'), or the
    other way round.
    """
    inked = line.alpha > INK_SHARE
    runs = find_runs(inked.any(axis=0), 1)
    if line.height < LIMITS.changed_height or len(runs) < LIMITS.changed_pieces:
        return None
    heights = [np.ptp(np.flatnonzero(inked[:, a:b].any(axis=1))) + 1 for a, b in runs]
    for i in range(1, len(runs)):
        before, after = heights[:i], heights[i:]
        small, large = (after, before) if max(after) < max(before) else (before, after)
        highest = max(small)
        if (
            len(small) >= LIMITS.small_pieces
            and LIMITS.small_letter <= highest <= LIMITS.small_to_large * min(large)
            and highest >= LIMITS.small_to_line * line.height
        ):
            return (runs[i - 1][1] + runs[i][0]) // 2
    return None


def cut_part(line: InkLine, start: int, end: int) -> InkLine | None:
    """The line between two of its columns, trimmed to the ink there."""
    inked = line.alpha[:, start:end] > INK_SHARE
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return None
    y0, y1, x0, x1 = (
        int(rows[0]),
        int(rows[-1]) + 1,
        start + int(columns[0]),
        start + int(columns[-1]) + 1,
    )
    return replace(
        line,
        left=line.left + x0,
        top=line.top + y0,
        right=line.left + x1,
        bottom=line.top + y1,
        alpha=line.alpha[y0:y1, x0:x1],
    )


def find_words(line: InkLine) -> list[tuple[int, int]]:
    """Column ranges of ink that stand a word space or more apart."""
    inked = (line.alpha > INK_SHARE).any(axis=0)
    gap = max(NARROWEST_GAP, WORD_GAP * line.height)
    words: list[tuple[int, int]] = []
    for start, end in find_runs(inked, 1):
        if words and start - words[-1][1] < gap:
            words[-1] = (words[-1][0], end)
        else:
            words.append((start, end))
    return words


def parted_columns(line: InkLine, count: int) -> list[tuple[int, int]]:
    """Column ranges of so many words: the line's ink parted at its widest gaps."""
    runs = find_runs((line.alpha > INK_SHARE).any(axis=0), 1)
    gaps = sorted(range(1, len(runs)), key=lambda i: (runs[i - 1][1] - runs[i][0], i))[: count - 1]
    starts = [0, *sorted(gaps)]
    ends = [*starts[1:], len(runs)]
    return [(runs[a][0], runs[b - 1][1]) for a, b in zip(starts, ends, strict=True)] if runs else []
