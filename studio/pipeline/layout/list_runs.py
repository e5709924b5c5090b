"""Runs of similar neighbors in a column become a group.

They are bulleted lines, links at one pitch, or icons with text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.layout.cuts import describe_look, make_group
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.paragraphs import Ids

FEWEST = 3  # items of a list without markers
PITCH_SLACK = 3.0  # px by which pitches of a list may differ


def find_lists(node: Node, ids: Ids) -> Node:
    children = [find_lists(child, ids) for child in node.children]
    if node.flow == "column":
        children = _gather_items(children, ids)
    return replace(node, children=tuple(children))


def _gather_items(children: list[Node], ids: Ids) -> list[Node]:
    gathered: list[Node] = []
    i = 0
    while i < len(children):
        end = i + 1
        while end < len(children) and _continues(children[i:end], children[end]):
            end += 1
        members = children[i:end]
        if _is_list(members) and len(members) < len(children):
            gathered.append(make_group("column", members, ids))
            i = end
        else:
            gathered.append(children[i])
            i += 1
    return gathered


def _is_list(members: Sequence[Node]) -> bool:
    fewest = 2 if members[0].marker else FEWEST
    return len(members) >= fewest


def _continues(members: Sequence[Node], node: Node) -> bool:
    last = members[-1]
    if describe_item_look(last) is None or describe_item_look(last) != describe_item_look(node):
        return False
    if last.marker and abs(last.box.x - node.box.x) <= 12:
        return node.ink.y - last.ink.bottom <= 2.2 * node.style.leading
    if len(members) < 2:
        return node.box.y - last.box.bottom < 60
    pitch = node.box.y - last.box.y
    return abs(pitch - (last.box.y - members[-2].box.y)) <= PITCH_SLACK


def describe_item_look(node: Node) -> tuple[object, ...] | None:
    """Return what makes two neighbors items of one list; None for a node that is no item."""
    if node.marker:
        return ("marked", node.marker[-1] if len(node.marker) > 1 else node.marker)
    if node.flow == "text":
        is_short = len(node.lines) == 1 and len(node.text.split()) <= 6
        return describe_look(node) if is_short and node.style.size < 24 else None
    if node.flow == "row" and node.surface is None and 2 <= len(node.children) <= 3:
        first, second = node.children[:2]
        is_small = (
            first.flow in ("picture", "shape", "column")
            and max(first.box.width, first.box.height) <= 40
        )
        if is_small and second.flow == "text":
            return ("iconic", describe_look(second)[:2])
    return None
