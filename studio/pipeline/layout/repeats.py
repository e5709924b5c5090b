"""Sequences that repeat in a column become groups.

An example is title, text, date, rule; title, text, date, rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from studio.pipeline.layout.cuts import describe_look, make_group
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.paragraphs import Ids

LONGEST = 6  # nodes of a period
FEWEST = 6  # nodes of all repetitions
SLACK = 4.0  # px by which a band across the page may seem narrower than it


def find_repeats(page: Node, ids: Ids) -> Node:
    """Return the page with repeated sequences as groups; a band across the page ends a sequence."""
    return _find_repeats(page, page.box.width - SLACK, ids)


def _find_repeats(node: Node, across: float, ids: Ids) -> Node:
    children = [_find_repeats(child, across, ids) for child in node.children]
    if node.flow == "column":
        children = _group_repeats(children, across, ids)
    return replace(node, children=tuple(children))


def _group_repeats(children: list[Node], across: float, ids: Ids) -> list[Node]:
    by_rules = _split_by_rules(children)
    if by_rules is not None:
        return [part[0] if len(part) == 1 else make_group("column", part, ids) for part in by_rules]
    groups: list[Node] = []
    i = 0
    while i < len(children):
        period, times = _find_period(_take_until_band(children[i:], across))
        if period:
            groups += [
                make_group("column", children[k : k + period], ids)
                for k in range(i, i + period * times, period)
            ]
            i += period * times
        else:
            groups.append(children[i])
            i += 1
    return groups


def _take_until_band(children: Sequence[Node], across: float) -> list[Node]:
    return list(takewhile(lambda child: not _is_band(child, across), children))


def _is_band(node: Node, across: float) -> bool:
    return node.surface is not None and node.flow != "rule" and node.box.width >= across


def _split_by_rules(children: Sequence[Node]) -> list[list[Node]] | None:
    """Return parts that end in a rule; None if there are none.

    At least two of them must start with a similar node and hold several things.
    """
    parts: list[list[Node]] = [[]]
    for child in children:
        parts[-1].append(child)
        if child.flow == "rule":
            parts.append([])
    parts = [part for part in parts if part]
    firsts = [str(describe_look(part[0])) for part in parts if len(part) >= 3]
    if len(firsts) < 2:
        return None
    common = max(set(firsts), key=lambda first: (firsts.count(first), first))
    if firsts.count(common) < 2:
        return None
    split: list[list[Node]] = []
    for part in parts:
        is_repeat = len(part) >= 3 and str(describe_look(part[0])) == common
        split += [part] if is_repeat else [[node] for node in part]
    return split


def _find_period(children: Sequence[Node]) -> tuple[int, int]:
    """Return the shortest period of at least two that the children begin with, and how often.

    (0, 0) if none does.
    """
    looks = [describe_look(child) for child in children]
    if len(looks) < FEWEST:
        return 0, 0
    for period in range(2, LONGEST + 1):
        times = 1
        while looks[times * period : (times + 1) * period] == looks[:period]:
            times += 1
        if times < 2 or times * period < FEWEST:
            continue
        is_varied = len(set(looks[:period])) == period
        if is_varied and _leads(children[:period]):
            return period, times
    return 0, 0


def _leads(part: Sequence[Node]) -> bool:
    """Return True if a part starts with a picture, a box, or its largest text."""
    first = part[0]
    if first.flow == "rule":
        return False
    sizes = [node.style.size for node in part if node.flow == "text"]
    return first.flow != "text" or first.style.size >= max(sizes)
