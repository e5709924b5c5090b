"""Sequences that repeat in a column (title, text, date, rule; title, text, date, rule) become
groups of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.layout.cuts import describe_look, make_group
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.paragraphs import Ids

LONGEST = 6


def find_repeats(node: Node, ids: Ids) -> Node:
    children = [find_repeats(child, ids) for child in node.children]
    if node.flow == "column":
        children = _group_repeats(children, ids)
    return replace(node, children=tuple(children))


def _group_repeats(children: list[Node], ids: Ids) -> list[Node]:
    by_rules = _split_by_rules(children)
    if by_rules is not None:
        return [part[0] if len(part) == 1 else make_group("column", part, ids) for part in by_rules]
    out: list[Node] = []
    i = 0
    while i < len(children):
        period, times = _find_period(children, i)
        if period:
            out += [
                make_group("column", children[k : k + period], ids)
                for k in range(i, i + period * times, period)
            ]
            i += period * times
        else:
            out.append(children[i])
            i += 1
    return out


def _split_by_rules(children: Sequence[Node]) -> list[list[Node]] | None:
    """Parts that end in a rule, where at least two of them begin alike and hold several things;
    else None.
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
    out: list[list[Node]] = []
    for part in parts:
        whole = len(part) >= 3 and str(describe_look(part[0])) == common
        out += [part] if whole else [[node] for node in part]
    return out


def _find_period(children: Sequence[Node], start: int) -> tuple[int, int]:
    """The shortest period of at least two that repeats from here, and how often; (0, 0) when none
    does.
    """
    looks = [describe_look(child) for child in children[start:]]
    for period in range(2, LONGEST + 1):
        times = 1
        while looks[times * period : (times + 1) * period] == looks[:period]:
            times += 1
        varied = len(set(looks[:period])) == period
        if (
            varied
            and times >= 2
            and times * period >= 6
            and _leads(children[start : start + period])
        ):
            return period, times
    return 0, 0


def _leads(part: Sequence[Node]) -> bool:
    """Whether the first of a part is what it begins with: a picture, a box, or its largest text."""
    first = part[0]
    if first.flow == "rule":
        return False
    sizes = [node.style.size for node in part if node.flow == "text"]
    return first.flow != "text" or first.style.size >= max(sizes)
