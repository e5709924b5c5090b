"""Levels of headings: one h1, no level left out on the way down, equals get equal levels.

The labels before say only which heading looks larger than which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median_low

from studio.pipeline.labelling.rules.text_facts import (
    DATED,
    LONGEST,
    NUMBER,
    SHORTEST_TITLE,
    TERM,
)
from studio.pipeline.layout.nodes import Node, Tag

DEEPEST = 6
LARGE = 1.3  # times the body's size, from which a sentence that looks like a heading is one
TITLE = 0.7  # times the largest heading's size, from which the first heading is the page's title
TOP = "h0"  # the title's rank, above all others
LANDMARKS = ("section", "header", "footer", "main", "aside")  # what a heading heads ends with these


def label_equal_headings(page: Node, body: float) -> Node:
    """Return the page with texts that look like its headings as headings too.

    A whole sentence is no heading by itself, but the equal of one is. `body` is the body's size.
    """
    tags = {
        _get_look(node): node.label.tag
        for node in page.walk()
        if node.label.role == "heading" and node.style.size >= LARGE * body
    }
    return _label_equals(page, tags)


def _get_look(node: Node) -> tuple[object, ...]:
    return node.style.size, node.style.weight, node.style.color, node.style.font


def _label_equals(node: Node, tags: dict[tuple[object, ...], Tag]) -> Node:
    if node.flow == "text":
        is_short = SHORTEST_TITLE <= len(node.text) <= LONGEST and not NUMBER.match(node.text)
        is_term = TERM.match(node.text) or DATED.match(node.text)
        is_plain = node.label.tag == "p" and is_short and not is_term
        tag = tags.get(_get_look(node)) if is_plain else None
        return node.labelled(tag, "heading") if tag is not None else node
    if node.label.role in ("button", "badge", "field", "choice", "list", "nav") or (
        node.flow == "table"
    ):
        return node
    return replace(node, children=tuple(_label_equals(child, tags) for child in node.children))


def order_heading_levels(page: Node) -> Node:
    """Return the page with its headings' levels made from the ranks of their looks.

    Headings of cards that are larger than the one that heads the cards are below it all the same.
    """
    heads = [node for node in page.walk() if node.label.role == "heading"]
    repeated = _find_repeated_headings(page)
    title = _find_title([node for node in heads if node.id not in repeated], heads)
    looks = {node.id: _get_rank(node, title) for node in heads}
    found: dict[int, str] = {}
    _rank_headings(page, looks, repeated, TOP, found)
    ranks = [found[node.id] for node in heads]
    levels = _find_levels(ranks)
    out: dict[int, int] = {}
    above = 0
    for rank, run in groupby(zip(ranks, heads, strict=True), key=lambda pair: pair[0]):
        for _, node in run:
            level = levels[rank]
            # One after the other of a look are equals, so all of them come up together.
            out[node.id] = min(level, above + 1) if above else level
        above = out[node.id]
    return _set_levels(page, out)


def _find_repeated_headings(node: Node) -> set[int]:
    """Return the headings in things that stand side by side or below each other under one name."""
    names = Counter(child.label.name for child in node.children if child.children)
    found: set[int] = set()
    for child in node.children:
        is_repeated = child.label.name != "" and names[child.label.name] > 1
        if is_repeated and child.label.tag not in LANDMARKS:
            found |= {inner.id for inner in child.walk() if inner.label.role == "heading"}
        else:
            found |= _find_repeated_headings(child)
    return found


def _find_title(own: Sequence[Node], heads: Sequence[Node]) -> Node | None:
    """Return the page's title: the first heading that is nearly as large as the largest.

    `own` are the headings outside of cards; one of them is the title where any is large enough.
    """
    largest = max((node.style.size for node in heads), default=0.0)
    large = [node for node in own if node.style.size >= TITLE * largest]
    large += [node for node in heads if node.style.size >= TITLE * largest]
    return large[0] if large else None


def _get_rank(node: Node, title: Node | None) -> str:
    """Return what headings are sorted by: the title is above all, its equals are below it."""
    if title is None or node.id == title.id:
        return TOP
    return max(node.label.tag, title.label.tag)


def _rank_headings(
    node: Node, looks: dict[int, str], repeated: set[int], above: str, out: dict[int, str]
) -> str:
    """Write each heading's rank into `out`; return the last one that is in no card.

    `above` is that rank before the node.
    """
    if node.id in looks and node.label.role == "heading":
        look = looks[node.id]
        is_larger = node.id in repeated and look < above
        out[node.id] = above + look if is_larger else look  # between its head's rank and the next
        return above if node.id in repeated else look
    last = TOP if node.label.tag in LANDMARKS else above
    for child in node.children:
        last = _rank_headings(child, looks, repeated, last, out)
    return above if node.label.tag in LANDMARKS else last


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
