"""Lines that look like titles, links or buttons and are none: a smaller line below a title that heads
nothing, a smaller or colored one above it, a bold word beside its value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studio.pipeline.layout.nodes import Node

SMALLER = 0.85  # times the title's size, up to which the line below is no title of its own
NEAR = 1.2  # times the title's size between the two
TALLEST_PILL = 44.0  # px; a taller box above a title is a button
SECTION_TITLE = (
    2.0  # times the size of a pill's words, from which a title is a section's, not a card's
)
LONGEST_EYEBROW = 5  # words; a longer line above a title is a sentence of its own


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
    for above, title in zip(group.children, group.children[1:], strict=False):
        line = _find_line(above)
        if line is None or title.label.role != "heading":
            continue
        if line.style.size >= _get_largest(above, line) * title.style.size:
            continue
        if title.ink.y - above.ink.bottom <= NEAR * title.style.size:
            yield above


def _get_largest(above: Node, line: Node) -> float:
    """Return the share of a title's size from which what stands above it is more than an eyebrow."""
    if above.flow != "text":
        return 1 / SECTION_TITLE  # a smaller title's pill is a card's category, which is a link
    return 1.0 if line.label.role == "link" else SMALLER


def _find_line(node: Node) -> Node | None:
    """Return the words of a line, or of a low box around one, that may stand above a title."""
    if node.flow == "text":
        is_short = len(node.lines) == 1 and len(node.text.split()) <= LONGEST_EYEBROW
        is_marked = node.label.role in ("link", "heading") and not node.style.underline
        return node if is_short and is_marked else None
    if node.label.role not in ("button", "badge") or node.box.height > TALLEST_PILL:
        return None
    texts = [inner for inner in node.walk() if inner.flow == "text"]
    return texts[0] if len(texts) == 1 else None


def _find_terms(row: Node) -> Iterator[Node]:
    """Yield bold words that stand before other words of their size: terms and labels.

    What stands after a count ("01 Air freight") is a title.
    """
    if row.flow != "row":
        return
    texts = [child for child in row.children if child.flow == "text"]
    for term in texts:
        if term.label.role != "heading":
            continue
        others = [text for text in texts if text.ink.x > term.ink.x and _is_value(text)]
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
        return node.labelled("p", "text") if node.flow == "text" else node.labelled("a", "badge")
    return replace(node, children=tuple(_unmark(child, ids) for child in node.children))
