"""Titles of cards that are no larger than the body: a bold line above what a card says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.components import (
    align_leaves,
    find_sibling_components,
    list_leaves,
)
from studio.pipeline.labelling.rules.text_facts import DATE, NUMBER, TERM
from studio.pipeline.layout.nodes import Node

BOLD = 600  # the weight from which text counts as bold
LONGEST = 8  # words of a title
LONG_TEXT = 6  # words from which the line below a title is a text, not a value
SMALLEST = 12.0  # px of a title
MOSTLY = 0.6  # share of a component's instances that must have such a title
SLACK = 0.5  # px by which a title may seem smaller than the text below it


def label_card_titles(page: Node) -> Node:
    """Return the page with the bold first lines of cards that repeat as headings."""
    found: set[int] = set()
    for component in find_sibling_components(page):
        found |= {title.id for title in _find_titles(component.instances)}
    return _label_titles(page, found) if found else page


def _label_titles(node: Node, ids: set[int]) -> Node:
    if node.id in ids:
        return node.labelled("h6", "heading")
    if node.label.role in ("nav", "list", "button", "badge", "field", "choice"):
        return node
    if node.label.role == "link" and node.children:
        return node
    return replace(node, children=tuple(_label_titles(child, ids) for child in node.children))


def _find_titles(cards: Sequence[Node]) -> Iterator[Node]:
    """Yield each card's title, if most of the cards have one in the same place."""
    titles = [title for card in cards if (title := _find_title(card)) is not None]
    if len(titles) < MOSTLY * len(cards):
        return
    first = titles[0]
    pivot = next(card for card in cards if any(node is first for node in list_leaves(card)))
    leaves = list_leaves(pivot)
    place = next(i for i, leaf in enumerate(leaves) if leaf is first)
    for card in cards:
        others = list_leaves(card)
        slots = dict(align_leaves(leaves, others))
        if place in slots and others[slots[place]].label.role in ("text", "link"):
            yield others[slots[place]]


def _find_title(card: Node) -> Node | None:
    """Return the bold line above a card's text or price that is no heading yet."""
    leaves = list_leaves(card)
    texts = [leaf for leaf in leaves if leaf.flow == "text"]
    if len(texts) < 2 or any(leaf.label.role in ("heading", "field") for leaf in leaves):
        return None
    title, below = texts[:2]
    is_above = title.box.bottom <= below.box.y + below.style.size
    if not is_above or not _may_be_title(title):
        return None
    is_set_off = below.style.weight < BOLD and title.style.size >= below.style.size - SLACK
    is_text = len(below.lines) > 1 or len(below.text.split()) >= LONG_TEXT
    is_price = bool(NUMBER.match(below.text)) and not below.text.strip().isdigit()
    has_picture = any(leaf.flow == "picture" for leaf in leaves)
    return title if (is_set_off and (is_text or has_picture)) or is_price else None


def _may_be_title(text: Node) -> bool:
    style = text.style
    is_said = text.label.role == "text" or (text.label.role == "link" and not style.underline)
    if not is_said or style.weight < BOLD or style.size < SMALLEST:
        return False
    is_short = len(text.lines) <= 2 and len(text.text.split()) <= LONGEST
    says_more = any(c.isalpha() for c in text.text) and len(text.text) > 2
    is_value = NUMBER.match(text.text) or DATE.match(text.text) or TERM.match(text.text)
    return is_short and says_more and not is_value
