"""The assignment of blocks with the highest text similarity.

Neighbors are joined first where that helps much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.scoring.design2code.blocks import TextBlock

# All four as in the reference implementation.
LEAST = 0.5  # similarity from which two blocks are a pair
GAIN = 0.05  # of the mean similarity, from which neighbors are joined
BONUS = 0.1  # weight of the pairs around a pair
NEIGHBORS = 2  # pairs around a pair that count

Costs = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Pairs of prediction, reference and their text similarity; and the blocks in no pair."""

    pairs: tuple[tuple[TextBlock, TextBlock, float], ...]
    unmatched: tuple[TextBlock, ...]


def pair_blocks(prediction: Sequence[TextBlock], reference: Sequence[TextBlock]) -> Pairing:
    likeness = _Likeness()
    left, right = _merge_neighbors(list(prediction), list(reference), likeness)
    rows, columns = _solve_assignment(_apply_context(likeness.costs(left, right)))
    pairs = [
        (i, j, likeness(left[i].text, right[j].text)) for i, j in zip(rows, columns, strict=True)
    ]
    kept = [(i, j, value) for i, j, value in pairs if value >= LEAST]
    taken_left, taken_right = {i for i, _, _ in kept}, {j for _, j, _ in kept}
    unmatched = [block for i, block in enumerate(left) if i not in taken_left]
    unmatched += [block for j, block in enumerate(right) if j not in taken_right]
    return Pairing(tuple((left[i], right[j], value) for i, j, value in kept), tuple(unmatched))


class _Likeness:
    """SequenceMatcher's ratio of (prediction, reference), cached.

    The search for merges needs the same ones again. The ratio is not symmetric and its 'autojunk' (from
    200 characters) changes it, so both stay as they are.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], float] = {}

    def __call__(self, prediction: str, reference: str) -> float:
        return self.column([prediction], reference)[0]

    def column(self, predictions: Sequence[str], reference: str) -> list[float]:
        """Return the ratios of many predictions with one reference.

        The matcher prepares its second text once, which is most of the work.
        """
        matcher: SequenceMatcher[str] | None = None
        for text in predictions:
            if (text, reference) not in self.known:
                if matcher is None:
                    matcher = SequenceMatcher(None, "", reference)
                matcher.set_seq1(text)
                self.known[text, reference] = matcher.ratio()
        return [self.known[text, reference] for text in predictions]

    def costs(self, left: Sequence[TextBlock], right: Sequence[TextBlock]) -> Costs:
        texts = [block.text for block in left]
        return -np.array([self.column(texts, block.text) for block in right]).T


def _merge_neighbors(
    left: list[TextBlock], right: list[TextBlock], likeness: _Likeness
) -> tuple[list[TextBlock], list[TextBlock]]:
    """Return both sides with neighbors joined, prediction first, until no joining helps."""
    while True:
        merged_left = _merge_side(left, partial(_compute_costs, likeness, right))
        left = merged_left or left
        merged_right = _merge_side(right, partial(likeness.costs, left))
        right = merged_right or right
        if merged_left is None and merged_right is None:
            return left, right


def _compute_costs(likeness: _Likeness, right: list[TextBlock], left: list[TextBlock]) -> Costs:
    return likeness.costs(left, right)


def _merge_side(
    blocks: list[TextBlock], costs: Callable[[list[TextBlock]], Costs]
) -> list[TextBlock] | None:
    """Return the side with its best joinings made, none of which share a block.

    None if no joining is worth it.
    """
    current = _get_assignment_costs(costs(blocks))
    gains = []
    for i in range(len(blocks) - 1):
        candidate = [*blocks[:i], _join_blocks(blocks[i], blocks[i + 1]), *blocks[i + 2 :]]
        gain = _compute_gain(current, _get_assignment_costs(costs(candidate)))
        if gain > GAIN:
            gains.append((gain, i))
    if not gains:
        return None
    starts: set[int] = set()
    for _, i in sorted(gains, key=lambda item: -item[0]):
        if not starts & {i - 1, i, i + 1}:
            starts.add(i)
    ends = {i + 1 for i in starts}
    return [
        _join_blocks(block, blocks[i + 1]) if i in starts else block
        for i, block in enumerate(blocks)
        if i not in ends
    ]


def _join_blocks(one: TextBlock, other: TextBlock) -> TextBlock:
    x = min(one.x, other.x)
    y = min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    bottom = max(one.y + one.height, other.y + other.height)
    red, green, blue = ((a + b) // 2 for a, b in zip(one.color, other.color, strict=True))
    return TextBlock(f"{one.text} {other.text}", x, y, right - x, bottom - y, (red, green, blue))


def _solve_assignment(costs: Costs) -> tuple[list[int], list[int]]:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(costs)
    return rows.tolist(), columns.tolist()


def _get_assignment_costs(costs: Costs) -> list[float]:
    """Return the costs of the best assignment's pairs."""
    rows, columns = _solve_assignment(costs)
    return [float(value) for value in costs[rows, columns]]


def _compute_gain(before: list[float], after: list[float]) -> float:
    """Return how much the mean cost falls among pairs that are not in both.

    A gain that comes with a worse best pair counts as 0.
    """
    old, new = Counter(before), Counter(after)
    old, new = old - new, new - old
    removed = list(old.elements())
    added = list(new.elements())
    gain = _mean(removed) - _mean(added)
    if gain > 0 and not (removed and added and min(removed) > min(added)):
        return 0.0
    return gain


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _apply_context(costs: Costs) -> Costs:
    """Return the costs, lower for likely pairs whose neighbors are likely too.

    The two lowest costs around a pair are added, at a tenth.
    """
    height, width = costs.shape
    frame = np.pad(costs, 1, constant_values=np.inf)
    around = [
        frame[1 + i : 1 + i + height, 1 + j : 1 + j + width]
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        if (i, j) != (0, 0)
    ]
    lowest = np.sort(np.stack(around), axis=0)[:NEIGHBORS]
    bonus = np.where(np.isfinite(lowest), lowest, 0.0).sum(axis=0)
    return np.where(costs < -LEAST, costs + BONUS * bonus, costs)
