"""Levels of headings: one h1, no level left out on the way down, equals get equal levels.

The labels before say only which heading looks larger than which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median_low

from studio.pipeline.layout.nodes import Node

DEEPEST = 6


def order_heading_levels(page: Node) -> Node:
    """Return the page with its headings' levels made from the ranks of their looks."""
    heads = [node for node in page.walk() if node.label.role == "heading"]
    levels = _find_levels([node.label.tag for node in heads])
    out: dict[int, int] = {}
    has_title = False
    above = 0
    for rank, run in groupby(heads, key=lambda node: node.label.tag):
        for node in run:
            level = levels[rank]
            level = 2 if level == 1 and has_title else level
            # One after the other of a look are equals, so all of them come up together.
            out[node.id] = min(level, above + 1) if above else level
            has_title = has_title or level == 1
        above = out[node.id]
    return _set_levels(page, out)


def _find_levels(ranks: Sequence[str]) -> dict[str, int]:
    """Return a level for each rank: one below the larger headings that it stands under.

    Where a rank stands under different ones, the middle one of these decides.
    """
    levels: dict[str, int] = {}
    for rank in sorted(set(ranks)):
        if not levels:
            levels[rank] = 1
            continue
        above = [
            levels[last]
            for place, other in enumerate(ranks)
            if other == rank and (last := _find_last_larger(ranks[:place], rank))
        ]
        levels[rank] = min(DEEPEST, median_low(above or [1]) + 1)
    return levels


def _find_last_larger(ranks: Sequence[str], rank: str) -> str:
    return next((other for other in reversed(ranks) if other < rank), "")


def _set_levels(node: Node, levels: dict[int, int]) -> Node:
    label = node.label
    if node.id in levels:
        label = replace(label, tag=f"h{levels[node.id]}")  # type: ignore[arg-type]
    children = tuple(_set_levels(child, levels) for child in node.children)
    return replace(node, label=label, children=children)
