"""A column of links or notes beside the content, whose rows do not belong to the content's rows."""

from __future__ import annotations

from collections.abc import Sequence

from studio.pipeline.layout.bands import split_into_bands
from studio.pipeline.layout.nodes import Node
from studio.pipeline.perception.hints import bound_boxes

NARROW = 0.3  # share of the width that a sidebar takes at most
FEWEST = 5  # texts of a sidebar; a column of icons belongs to the words beside it
SHORTEST = 200.0  # px
GUTTER = 16.0  # px between a sidebar and the content, at least
FLUSH = 0.6  # share of a sidebar's items that start at one of its two usual left edges
EDGE = 3.0  # px by which edges may differ
PAIRED = 0.6  # share of a sidebar's lines beside a line of the content: then it is a list of pairs


def find_sidebar_runs(rows: Sequence[Sequence[Node]]) -> dict[int, int]:
    """Return the runs of rows that a sidebar stands beside: first row → the row after the last."""
    runs: dict[int, int] = {}
    failed: set[int] = set()
    start = 0
    while start < len(rows):
        end = _find_gutter_end(rows, start)
        if end - start >= 2 and end not in failed:
            items = [node for row in rows[start:end] for node in row]
            columns = split_into_bands(items, vertical=False)
            if len(columns) == 2 and _is_beside(columns[0], columns[1]):
                runs[start] = end
                start = end
                continue
            failed.add(end)
        start += 1
    return runs


def _find_gutter_end(rows: Sequence[Sequence[Node]], start: int) -> int:
    """Return the row after the last one down to which one gutter reaches from row `start`."""
    extents: list[tuple[float, float]] = []
    for end in range(start, len(rows)):
        merged: list[tuple[float, float]] = []
        added = [(node.ink.x, node.ink.right) for node in rows[end]]
        for left, right in sorted([*extents, *added]):
            if merged and left < merged[-1][1] + GUTTER:
                merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
            else:
                merged.append((left, right))
        if len(merged) < 2 and end > start:
            return end
        extents = merged
    return len(rows)


def _is_beside(left: Sequence[Node], right: Sequence[Node]) -> bool:
    return _is_sidebar(left, right) or _is_sidebar(right, left)


def _is_sidebar(side: Sequence[Node], content: Sequence[Node]) -> bool:
    box, other = bound_boxes([n.ink for n in side]), bound_boxes([n.ink for n in content])
    extent = box.union(other)
    gutter = max(other.x - box.right, box.x - other.right)
    if gutter < GUTTER or box.width > NARROW * extent.width or box.height < SHORTEST:
        return False
    if other.height < 0.6 * box.height or box.height < 0.3 * other.height:
        return False
    words = sum(node.flow == "text" for node in side)
    if words < FEWEST or any(n.surface is not None and n.children for n in side):
        return False
    return _are_flush(side) and not _are_paired(side, content)


def _are_flush(side: Sequence[Node]) -> bool:
    """Return True if most items start at one of two edges, such as titles and links below them."""
    lefts = [node.ink.x for node in side]
    edges = sorted(lefts, key=lambda x: -sum(abs(x - other) <= EDGE for other in lefts))
    first = edges[0]
    second = next((x for x in edges if abs(x - first) > EDGE), first)
    flush = sum(min(abs(x - first), abs(x - second)) <= EDGE for x in lefts)
    return flush >= FLUSH * len(lefts)


def _are_paired(side: Sequence[Node], content: Sequence[Node]) -> bool:
    """Return True if the lines of both stand beside each other, as names and values do."""
    lines = [node.ink.cy for node in content if node.flow == "text" and len(node.lines) == 1]
    texts = [node for node in side if node.flow == "text"]
    paired = sum(any(abs(node.ink.cy - y) <= EDGE for y in lines) for node in texts)
    return paired >= PAIRED * max(1, len(texts))
