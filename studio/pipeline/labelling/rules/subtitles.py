"""Lines that look like titles or links and are none: a smaller line below a title that heads nothing,
a colored one above it, a bold word beside its value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studio.pipeline.layout.nodes import Node

SMALLER = 0.85  # times the title's size, up to which the line below is no title of its own
NEAR = 1.2  # times the title's size between the two


def unmark_subtitles(page: Node) -> Node:
    """Return the page with lines that only look like headings or links as texts."""
    found = {node.id for group in page.walk() for node in _find_subtitles(group)}
    found |= {node.id for group in page.walk() for node in _find_eyebrows(group)}
    found |= {node.id for group in page.walk() for node in _find_terms(group)}
    return _unmark(page, found) if found else page


def _find_subtitles(group: Node) -> Iterator[Node]:
    if group.flow != "column":
        return
    parts = [child for child in group.children if child.flow != "rule"]
    for i, (title, line) in enumerate(zip(parts, parts[1:], strict=False)):
        if title.label.role != "heading" or line.label.role != "heading":
            continue
        is_smaller = line.style.size <= SMALLER * title.style.size
        is_near = line.ink.y - title.ink.bottom <= NEAR * title.style.size
        if is_smaller and is_near and not _heads_text(parts[i + 2 :]):
            yield line


def _find_eyebrows(group: Node) -> Iterator[Node]:
    if group.flow != "column":
        return
    for line, title in zip(group.children, group.children[1:], strict=False):
        if line.flow != "text" or line.label.role != "link" or line.style.underline:
            continue
        if title.label.role != "heading" or title.style.size <= line.style.size:
            continue
        if title.ink.y - line.ink.bottom <= NEAR * title.style.size:
            yield line


def _find_terms(row: Node) -> Iterator[Node]:
    """Yield bold words that stand beside other words of their size: terms and labels."""
    if row.flow != "row":
        return
    texts = [child for child in row.children if child.flow == "text"]
    for term in texts:
        if term.label.role != "heading":
            continue
        others = [text for text in texts if text is not term and _is_value(text)]
        if any(term.style.size <= other.style.size / SMALLER for other in others):
            yield term


def _is_value(text: Node) -> bool:
    return text.label.role == "text" and len(text.lines) == 1


def _heads_text(following: list[Node]) -> bool:
    """Return True if text comes before the next heading."""
    for part in following:
        for node in part.walk():
            if node.label.role == "heading":
                return False
            if node.flow in ("text", "table") and node.label.role not in ("button", "link"):
                return True
            if node.label.role in ("button", "field", "badge"):
                return False
    return False


def _unmark(node: Node, ids: set[int]) -> Node:
    if node.id in ids:
        return node.labelled("p", "text")
    return replace(node, children=tuple(_unmark(child, ids) for child in node.children))
