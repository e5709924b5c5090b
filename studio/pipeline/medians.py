"""Medians of weighted numbers."""

from __future__ import annotations

from collections.abc import Sequence


def compute_weighted_median(pairs: Sequence[tuple[float, float]]) -> float:
    """Return the value of (value, weight) pairs at which half of the weight is reached; 0 without any."""
    ordered = sorted(pairs)
    half = sum(weight for _, weight in ordered) / 2
    reached = 0.0
    for value, weight in ordered:
        reached += weight
        if reached >= half:
            return value
    return ordered[-1][0] if ordered else 0.0
