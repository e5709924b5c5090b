"""Text blocks, found in pictures of a page whose texts have probe colors.

Knows no HTML and no scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.scoring.design2code.probe import FIRST, OFFSET, STEP, ProbeText
from studio.pipeline.scoring.likeness.picture_maps import Pixels

NEAR = 4  # distance from a probe color; antialiased edges are farther away and do not count
SHIFT_SLACK = 8  # by which a text pixel may differ from the second copy's color shift
LEVELS = 16


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A text and its box.

    `x`, `y`, `width`, `height` are shares of the page's own size; `color` is 0–255; `text` is lower case.
    """

    text: str
    x: float
    y: float
    width: float
    height: float
    color: tuple[float, float, float]

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.width, self.height

    def offset(self, other: TextBlock) -> float:
        """Return the larger of both axes' distances between the centers."""
        across = abs(self.x + self.width / 2 - other.x - other.width / 2)
        return max(across, abs(self.y + self.height / 2 - other.y - other.height / 2))


def find_blocks(
    texts: Sequence[ProbeText], original: Pixels, first: Pixels, second: Pixels
) -> list[TextBlock]:
    """Return one block per text node, in document order.

    It has the pixels of its color in `first`, colored as in `original`. Copies of different sizes cannot
    be compared: then there are no blocks.
    """
    from scipy.ndimage import find_objects

    if first.shape != second.shape:
        return []
    codes = _read_codes(first, second)
    places = find_objects(codes)
    means = _mean_colors(codes, original)
    height, width = codes.shape
    blocks = []
    for text in texts:
        if text.code >= len(places) or places[text.code] is None:
            continue
        rows, columns = places[text.code]
        blocks.append(
            TextBlock(
                text=text.text.lower(),
                x=columns.start / width,
                y=rows.start / height,
                width=(columns.stop - columns.start) / width,
                height=(rows.stop - rows.start) / height,
                color=means[text.code + 1],
            )
        )
    return blocks


def merge_same_boxes(blocks: Sequence[TextBlock]) -> list[TextBlock]:
    """Return the blocks with those of one box merged.

    Text nodes of one element have one box. Texts are joined, and colors averaged one after another.
    """
    merged: dict[tuple[float, float, float, float], TextBlock] = {}
    for block in blocks:
        existing = merged.get(block.box)
        if existing is None:
            merged[block.box] = block
        else:
            red, green, blue = (
                (a + b) / 2 for a, b in zip(existing.color, block.color, strict=True)
            )
            merged[block.box] = replace(
                existing, text=f"{existing.text} {block.text}", color=(red, green, blue)
            )
    return list(merged.values())


def _read_codes(first: Pixels, second: Pixels) -> NDArray[np.int32]:
    """Return per pixel the number of the probe color plus one; 0 where there is no text."""
    first_levels, second_levels = first.astype(np.int16), second.astype(np.int16)
    follows = (np.abs((first_levels + OFFSET) % 256 - second_levels) <= SHIFT_SLACK).all(axis=2)
    level = np.clip((first_levels - FIRST + STEP // 2) // STEP, 0, LEVELS - 1)
    near = (np.abs(first_levels - FIRST - level * STEP) <= NEAR).all(axis=2)
    number = (level[..., 0].astype(np.int32) * LEVELS + level[..., 1]) * LEVELS + level[..., 2]
    codes: NDArray[np.int32] = np.where(follows & near, number + 1, 0).astype(np.int32)
    return codes


def _mean_colors(codes: NDArray[np.int32], original: Pixels) -> list[tuple[float, float, float]]:
    """Return per code the mean of the original's pixels there.

    It is cut to whole numbers, as in the reference implementation.
    """
    height, width = min(codes.shape[0], original.shape[0]), min(codes.shape[1], original.shape[1])
    flat = codes[:height, :width].ravel()
    picture = original[:height, :width].reshape(-1, 3)
    count = np.maximum(np.bincount(flat, minlength=LEVELS**3 + 1), 1)
    sums = [
        np.bincount(flat, weights=picture[:, channel], minlength=LEVELS**3 + 1)
        for channel in range(3)
    ]
    means = np.stack([(total / count).astype(int) for total in sums], axis=1)
    return [(float(r), float(g), float(b)) for r, g, b in means.tolist()]
