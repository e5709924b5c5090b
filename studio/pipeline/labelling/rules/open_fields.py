"""Fields without a box of their own: words above a rule, in a pill with a button, or on a plain fill.

What they look like is not enough, so their words have to ask for input ("Your email").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from studio.pipeline.labelling.rules.field_words import asks_for_message, invites_input
from studio.pipeline.labelling.rules.list_nodes import take_apart
from studio.pipeline.layout.nodes import Node, Surface, is_text, make_group_id
from studio.pipeline.perception.hints import Border, Box

BOLD = 600  # the weight from which text counts as bold: what a field says is not
FEWEST = 2  # lines above rules, from which they are fields
NARROWEST = 140.0  # px of a field's width
WIDEST = 720.0
LEAST_DROP, DROP, FAR_DROP = (
    2.0,
    40.0,
    170.0,
)  # px from words to their rule; the last is a textarea's
INDENT = 26.0  # px by which the words may be right of their rule's left end
FILL = 0.75  # share of the rule's width that the words leave free at least in part
TALLEST_PILL = 96.0  # px
SHORTEST, TALLEST = 28.0, 72.0  # px of a filled field's height; a taller one is a textarea …
TALLEST_AREA = 260.0  # … up to this
EDGE = 12.0  # px between a pill's field and its button
LABEL_GAP = 24.0  # px between a label and the words of its field
ENTRIES = 3  # of a sidebar, one after another
ENTRY_SLACK = 5.0  # px by which their left edges and their pitches may differ
SIZE_SLACK = 1.5  # px by which their sizes may seem to differ
LARGEST_GAP = 30.0  # px between a textarea's top and its words


def gather_underlined_fields(column: Node) -> Node:
    """Return a column with its words above rules as fields, if some of them ask for input."""
    parts = [part for child in column.children for part in _take_ruled_lines(child)]
    pairs = list(_pair_words(parts))
    labels = [_find_label(parts, place) for place, _ in pairs]
    texts = [text for _, group in pairs for text, _ in group]
    asking = sum(
        _asks(text, label)
        for (_, group), label in zip(pairs, labels, strict=True)
        for text, _ in group
    )
    labelled = sum(label is not None for label in labels)
    is_form = len(texts) >= FEWEST and 2 * asking >= len(texts)
    if not is_form and 2 * labelled <= len(pairs):
        return column
    by_place = dict(pairs)
    children: list[Node] = []
    last = -1
    for i, child in enumerate(parts):
        if i == last:
            continue  # the rules of the fields before
        if i not in by_place:
            children.append(child)
            continue
        last = i + 1
        above = children[-1].box.bottom if children else column.box.y
        fields = [_make_underlined(text, rule, above) for text, rule in by_place[i]]
        is_row = child.flow == "row"
        children.append(_make_row(child, fields) if is_row else fields[0])
    return replace(column, children=tuple(children))


def _take_ruled_lines(node: Node) -> tuple[Node, ...]:
    """Return the words and rules of a group that holds nothing else, each for itself."""
    has_rule = any(child.flow == "rule" for child in node.children)
    return take_apart(node, is_text) if has_rule else (node,)


def _find_label(children: Sequence[Node], place: int) -> Node | None:
    """Return the words right above a line of words, if they ask for input: "Full name"."""
    above = children[place - 1] if place else None
    if above is None or above.flow != "text" or not invites_input(above.text):
        return None
    is_near = children[place].box.y - above.box.bottom <= LABEL_GAP
    return above if is_near and abs(above.ink.x - children[place].ink.x) <= INDENT else None


def _asks(text: Node, label: Node | None) -> bool:
    """Return True for words that ask for input; an address alone is a contact, and a link leads on."""
    if label is not None and "@" in text.text:
        return True
    return invites_input(text.text) and text.label.role != "link"


def _pair_words(children: Sequence[Node]) -> Iterator[tuple[int, list[tuple[Node, Node]]]]:
    """Yield the place of each line of words that has a rule right below each of them."""
    for i, (above, below) in enumerate(zip(children, children[1:], strict=False)):
        texts = above.children if above.flow == "row" else (above,)
        rules = below.children if below.flow == "row" else (below,)
        if len(texts) == len(rules) and all(map(_is_field_line, texts, rules)):
            yield i, list(zip(texts, rules, strict=True))


def _is_field_line(text: Node, rule: Node) -> bool:
    if text.flow != "text" or rule.flow != "rule" or len(text.lines) != 1:
        return False
    if text.style.weight >= BOLD or not NARROWEST <= rule.box.width <= WIDEST:
        return False
    drop = rule.box.y - text.box.bottom
    is_under = LEAST_DROP <= drop <= (FAR_DROP if asks_for_message(text.text) else DROP)
    is_at_left = -3 <= text.ink.x - rule.box.x <= INDENT
    return is_under and is_at_left and text.ink.width <= FILL * rule.box.width


def _make_underlined(text: Node, rule: Node, above: float) -> Node:
    drop = rule.box.y - text.box.bottom
    is_area = drop > DROP
    top = max(above, text.box.y - min(drop, LARGEST_GAP if not is_area else LEAST_DROP))
    box = Box(rule.box.x, top, rule.box.width, rule.box.bottom - top)
    color = rule.surface.fill if rule.surface is not None else None
    border = Border(max(1.0, rule.box.height), color or "#000000", "b")
    field = Node(make_group_id(text), "column", box, box, (text,), Surface(border=border))
    return field.labelled("textarea" if is_area else "input", "field")


def _make_row(row: Node, fields: Sequence[Node]) -> Node:
    box = row.box
    for field in fields:
        box = box.union(field.box)
    return replace(row, children=tuple(fields), box=box, ink=box)


def label_field_in_pill(row: Node) -> Node:
    """Return a painted row of words that ask for input and a button with the words as a field."""
    if row.flow != "row" or row.surface is None or row.box.height > TALLEST_PILL:
        return row
    if len(row.children) != 2 or row.children[1].label.role != "button":
        return row
    text, button = row.children
    is_plain = text.flow == "text" and len(text.lines) == 1 and text.style.weight < BOLD
    room = button.box.x - text.box.x
    if not is_plain or not invites_input(text.text) or room < NARROWEST:
        return row
    height = min(button.box.height, row.box.height)
    box = Box(text.box.x, text.box.cy - height / 2, room - EDGE, height)
    field = Node(make_group_id(text), "column", box, box, (text,)).labelled("input", "field")
    return replace(row, children=(field, button))


def unmark_active_entry(column: Node) -> Node:
    """Return a sidebar whose filled entry was taken for a field with the entry as a panel.

    Lines without paint stand at its words' left edge, each one as far from the next.
    """
    children = list(column.children)
    for i, child in enumerate(column.children):
        is_filled = child.surface is not None and child.surface.border is None
        if child.label.role != "field" or not is_filled:
            continue
        starts = range(max(0, i - ENTRIES + 1), i + 1)
        runs = [column.children[start : start + ENTRIES] for start in starts]
        if any(_are_entries(run, child) for run in runs):
            children[i] = child.labelled("div", "panel")
    return replace(column, children=tuple(children))


def _are_entries(run: Sequence[Node], active: Node) -> bool:
    """Return True for lines of one left edge, size and pitch, of which only the active is painted."""
    if len(run) < ENTRIES or any(node.surface is not None for node in run if node is not active):
        return False
    words = [word for node in run if (word := _find_entry(node)) is not None]
    if len(words) < len(run):
        return False
    lefts = [word.ink.x for word in words]
    sizes = [word.style.size for word in words]
    pitches = [below.box.cy - above.box.cy for above, below in pairwise(words)]
    is_aligned = max(lefts) - min(lefts) <= ENTRY_SLACK and max(sizes) - min(sizes) <= SIZE_SLACK
    return is_aligned and max(pitches) - min(pitches) <= ENTRY_SLACK


def _find_entry(node: Node) -> Node | None:
    """Return the only line of a sidebar's entry."""
    texts = [inner for inner in node.walk() if inner.flow == "text"]
    return texts[0] if len(texts) == 1 and len(texts[0].lines) == 1 else None


def label_filled_field(box: Node) -> Node:
    """Return a filled box without border whose only words ask for input as a field."""
    surface = box.surface
    if surface is None or surface.fill is None or surface.picture is not None:
        return box
    if box.flow not in ("column", "row") or not NARROWEST <= box.box.width <= WIDEST:
        return box
    texts = [node for node in box.walk() if node.flow == "text"]
    if len(texts) != 1 or len(texts[0].lines) != 1 or texts[0].style.weight >= BOLD:
        return box
    text = texts[0]
    is_at_left = text.ink.x - box.box.x < 0.5 * (box.box.right - text.ink.right)
    if not is_at_left or not invites_input(text.text):
        return box
    if SHORTEST <= box.box.height <= TALLEST:
        return box.labelled("input", "field")
    is_area = box.box.height <= TALLEST_AREA and text.box.y - box.box.y <= LARGEST_GAP
    return box.labelled("textarea", "field") if is_area else box
