"""The page's own children: bands across the page stay; the rest forms sections.

What is between two bands is one section.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.layout.cuts import make_group
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.paragraphs import Ids

TOP = 24.0  # px; a bar starts this close to the page's top
BAR = 110.0  # px; the tallest bar
FOOT = 220.0  # px; the tallest foot
APART = 48.0  # px; a gap that separates a foot from what is above it


def find_sections(page: Node, ids: Ids) -> Node:
    if page.flow != "column" or len(page.children) < 2:
        return page
    sections: list[Node] = []
    loose: list[Node] = []
    for child in page.children:
        if is_band(child, page):
            sections += _close_section(loose, page, ids, first=not sections, last=False)
            loose = []
            sections.append(child)
        else:
            loose.append(child)
    sections += _close_section(loose, page, ids, first=not sections, last=True)
    return replace(page, children=tuple(sections))


def is_band(node: Node, page: Node) -> bool:
    return node.flow != "rule" and node.box.width >= page.box.width - 4


def _close_section(
    loose: list[Node], page: Node, ids: Ids, *, first: bool, last: bool
) -> list[Node]:
    """Return loose children as one section, without the bar above and the foot below them."""
    if not loose:
        return []
    head: list[Node] = []
    foot: list[Node] = []
    if first and len(loose) > 1 and _is_bar(loose[0], loose[1]):
        head = [loose[0]]
        loose = loose[1:]
    if last and len(loose) > 1 and _is_foot(loose, page):
        foot = [loose[-1]]
        loose = loose[:-1]
    body = [loose[0]] if len(loose) == 1 else [make_group("column", loose, ids)]
    return [*head, *body, *foot]


def _is_bar(node: Node, after: Node) -> bool:
    return (
        node.flow == "row"
        and node.ink.y <= TOP + 16
        and node.box.height <= BAR
        and after.ink.y > node.ink.bottom
    )


def _is_foot(loose: Sequence[Node], page: Node) -> bool:
    node, before = loose[-1], loose[-2]
    is_low = page.box.bottom - node.ink.bottom <= FOOT and node.box.height <= FOOT
    is_separate = before.flow == "rule" or node.ink.y - before.ink.bottom >= APART
    return is_low and is_separate and node.flow != "table"
