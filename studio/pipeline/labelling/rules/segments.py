"""Rows of choices of which one is chosen: segmented controls and tabs. All of them are buttons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.text_facts import NUMBER
from studio.pipeline.layout.color_classes import is_colorful
from studio.pipeline.layout.nodes import Node, make_group_id

FEWEST_SEGMENTS, FEWEST_TABS = 3, 2
MOST = 8
LONGEST = 3  # words of one
LARGEST = 24.0  # px of their letters
SIZES = 1.5  # px by which their sizes may seem to differ
TALLEST = 64.0  # px of the row
GAPS = 16.0  # px by which the gaps between segments may differ
NARROWEST_GAP, WIDEST_GAP = 16.0, 120.0  # px between two tabs
CHOSEN = ("button", "badge")


def label_segments(row: Node) -> Node:
    """Return a row of words of which one is painted or colored with all of them as buttons."""
    choices = [child for child in row.children if child.flow != "rule"]  # lines stand between tabs
    if row.flow != "row" or row.box.height > TALLEST or not 2 <= len(choices) <= MOST:
        return row
    if not (_are_segments(choices) or _are_tabs(choices)):
        return row
    buttons = tuple(_make_button(child) for child in row.children)
    return replace(row, children=buttons).labelled("div", "row")


def _get_word(node: Node) -> Node | None:
    """Return the short text that a choice consists of."""
    texts = [inner for inner in node.walk() if inner.flow == "text"]
    others = [inner for inner in node.walk() if inner.flow in ("picture", "rule", "shape")]
    if len(texts) != 1 or others or len(texts[0].lines) != 1:
        return None
    text = texts[0]
    is_short = len(text.text.split()) <= LONGEST and text.style.size <= LARGEST
    return text if is_short and not text.text.rstrip().endswith(":") else None


def _are_segments(children: Sequence[Node]) -> bool:
    """Return True for words at even distances of which exactly one is painted."""
    if len(children) < FEWEST_SEGMENTS:
        return False
    painted = [child for child in children if child.surface is not None]
    are_plain = all(child.flow == "text" or child in painted for child in children)
    if len(painted) != 1 or painted[0].label.role not in CHOSEN or not are_plain:
        return False
    words = _list_words(children)
    if words is None or not _are_of_one_size(words):
        return False
    gaps = [b.ink.x - a.ink.right for a, b in zip(words, words[1:], strict=False)]
    return max(gaps) - min(gaps) <= GAPS


def _are_tabs(children: Sequence[Node]) -> bool:
    """Return True for words of one look of which exactly one is in a color."""
    if len(children) < FEWEST_TABS or any(child.flow != "text" for child in children):
        return False
    words = _list_words(children)
    if words is None or not _are_of_one_size(words) or any(w.style.underline for w in words):
        return False
    if len({word.style.weight for word in words}) > 1 or any(NUMBER.match(w.text) for w in words):
        return False
    gaps = [b.ink.x - a.ink.right for a, b in zip(words, words[1:], strict=False)]
    if min(gaps) < NARROWEST_GAP or max(gaps) > WIDEST_GAP:
        return False
    colors = Counter(word.style.color for word in words)
    colored = [color for color in colors if is_colorful(color)]
    return len(colors) == 2 and len(colored) == 1 and colors[colored[0]] == 1


def _list_words(children: Sequence[Node]) -> list[Node] | None:
    words = [word for child in children if (word := _get_word(child)) is not None]
    return words if len(words) == len(children) else None


def _are_of_one_size(words: Sequence[Node]) -> bool:
    sizes = [word.style.size for word in words]
    return max(sizes) - min(sizes) <= SIZES


def _make_button(node: Node) -> Node:
    if node.flow != "text":
        return node  # a line between two, or the painted one, which is a button already
    text = node.labelled("p", "text")
    button = Node(make_group_id(node), "column", node.box, node.ink, (text,))
    return button.labelled("button", "button")
