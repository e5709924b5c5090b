"""Rows of choices of which one is chosen: segments, which are buttons, and tabs, which are links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.text_facts import NUMBER
from studio.pipeline.layout.color_classes import is_colorful, is_state_color
from studio.pipeline.layout.nodes import Node, Surface, Tag, make_group_id
from studio.pipeline.perception.hints import Border, Box

FEWEST_SEGMENTS = 3
FEWEST_TABS, FEWEST_PARTED_TABS = 3, 2  # without and with a line between them
MOST = 8
LONGEST = 3  # words of one
LARGEST = 24.0  # px of their letters
SIZES = 1.5  # px by which their sizes may seem to differ
TALLEST = 64.0  # px of the row
GAPS = 16.0  # px by which the gaps between segments may differ
NARROWEST_GAP, WIDEST_GAP = 16.0, 120.0  # px between two tabs
CHOSEN = ("button", "badge")


def label_segments(row: Node) -> Node:
    """Return a row of words of which one is painted, colored or underlined with all as controls."""
    choices = [child for child in row.children if child.flow != "rule"]  # lines stand between tabs
    if row.flow != "row" or row.box.height > TALLEST or not 2 <= len(choices) <= MOST:
        return row
    if _is_one_underlined(choices):
        return _label_underlined(row)
    are_parted = len(choices) < len(row.children)
    if not (_are_segments(choices) or _are_tabs(choices, are_parted=are_parted)):
        return row
    tag: Tag = "button" if _are_segments(choices) else "a"  # tabs lead to what they name
    painted = next((child for child in choices if child.surface is not None), None)
    buttons = tuple(
        _make_button(child, _find_padding(child, choices, painted, row), tag)
        for child in row.children
    )
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
    if max(gaps) - min(gaps) > GAPS:
        return False
    return not _is_call_to_action(children, children.index(painted[0]), gaps)


def _is_call_to_action(children: Sequence[Node], place: int, gaps: Sequence[float]) -> bool:
    """Return True for a painted choice at an end that is a button beside links.

    Segments stand at even distances by their words; links and a button by its edge.
    """
    painted, word = children[place], _get_word(children[place])
    assert word is not None
    if place == 0:
        own, others = gaps[0], gaps[1:]
        pad = painted.box.right - word.ink.right
    elif place == len(children) - 1:
        fill = painted.surface.fill if painted.surface is not None else None
        is_count = any(letter.isdigit() for letter in word.text)
        if fill is not None and is_colorful(fill) and not is_count:
            return True
        own, others = gaps[-1], gaps[:-1]
        pad = word.ink.x - painted.box.x
    else:
        return False
    usual = sum(others) / len(others)
    return abs(own - pad - usual) < abs(own - usual)


def _is_one_underlined(children: Sequence[Node]) -> bool:
    """Return True for words in even columns of which exactly one has a rule below it: the open tab."""
    if len(children) < FEWEST_SEGMENTS:
        return False
    open_tabs = [child for child in children if _is_underlined(child)]
    are_plain = all(child.flow == "text" or child in open_tabs for child in children)
    words = _list_words(children, with_rules=True)
    if len(open_tabs) != 1 or not are_plain or words is None or not _are_of_one_size(words):
        return False
    steps = [b.ink.cx - a.ink.cx for a, b in zip(words, words[1:], strict=False)]
    gaps = [b.ink.x - a.ink.right for a, b in zip(words, words[1:], strict=False)]
    return min(max(steps) - min(steps), max(gaps) - min(gaps)) <= GAPS


def _is_underlined(node: Node) -> bool:
    """Return True for a word with a rule right below it that is as wide as the word or wider."""
    if node.flow != "column" or node.surface is not None or len(node.children) != 2:
        return False
    text, rule = node.children
    return text.flow == "text" and rule.flow == "rule" and rule.box.width >= text.ink.width


def _label_underlined(row: Node) -> Node:
    buttons = tuple(
        _make_tab(child) if _is_underlined(child) else _make_button(child, (0.0, 0.0), "a")
        for child in row.children
    )
    return replace(row, children=buttons).labelled("div", "row")


def _make_tab(column: Node) -> Node:
    """Return the open tab: a link like a button, with the rule as its lower border."""
    text, rule = column.children
    color = rule.surface.fill if rule.surface is not None else None
    border = Border(max(1.0, rule.box.height), color or text.style.color, "b")
    surface = Surface(border=border)
    plain = text.labelled("p", "text")
    tab = Node(make_group_id(column), "column", column.box, column.ink, (plain,), surface)
    return tab.labelled("a", "button")


def _are_tabs(children: Sequence[Node], *, are_parted: bool) -> bool:
    """Return True for words of one look of which exactly one is in a color that states nothing."""
    fewest = FEWEST_PARTED_TABS if are_parted else FEWEST_TABS
    if len(children) < fewest or any(child.flow != "text" for child in children):
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
    if len(colors) != 2 or len(colored) != 1 or colors[colored[0]] != 1:
        return False
    return not is_state_color(colored[0])


def _list_words(children: Sequence[Node], *, with_rules: bool = False) -> list[Node] | None:
    parts = [child.children[0] if with_rules and child.children else child for child in children]
    words = [word for part in parts if (word := _get_word(part)) is not None]
    return words if len(words) == len(children) else None


def _are_of_one_size(words: Sequence[Node]) -> bool:
    sizes = [word.style.size for word in words]
    return max(sizes) - min(sizes) <= SIZES


def _find_padding(
    node: Node, choices: Sequence[Node], painted: Node | None, row: Node
) -> tuple[float, float]:
    """Return the room across and down around a choice's words: the painted one's, as far as there is."""
    if painted is None or node.flow != "text":
        return 0.0, 0.0
    word = _get_word(painted)
    assert word is not None
    pad = (painted.box.width - word.box.width) / 2
    place = next(i for i, choice in enumerate(choices) if choice is node)
    before = choices[place - 1] if place else None
    after = choices[place + 1] if place + 1 < len(choices) else None
    left = _measure_free(node.box.x, before.box.right if before else row.box.x, before)
    right = _measure_free(after.box.x if after else row.box.right, node.box.right, after)
    tall = max(0.0, (painted.box.height - node.box.height) / 2)
    return max(0.0, min(pad, left, right)), tall


def _measure_free(end: float, start: float, neighbor: Node | None) -> float:
    """Return the room between a choice and its neighbor that is its own: half, if both have to share."""
    free = end - start
    is_text = neighbor is not None and neighbor.flow == "text"
    return free / 2 if is_text else free


def _make_button(node: Node, padding: tuple[float, float], tag: Tag) -> Node:
    if node.flow != "text":
        return node  # a line between two, or the painted one, which is a button already
    text = node.labelled("p", "text")
    across, down = padding
    inner = node.box
    box = Box(inner.x - across, inner.y - down, inner.width + 2 * across, inner.height + 2 * down)
    button = Node(make_group_id(node), "column", box, node.ink, (text,))
    return button.labelled(tag, "button")
