"""Controls that only their surroundings show: tick boxes in a form, icon buttons among buttons, lists'
parts between rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from studio.pipeline.layout.nodes import Flag, Node
from studio.pipeline.perception.hints import Box, bound_boxes

MARK = (10.0, 26.0)  # px; least and largest side of a tick box
SQUARE = 1.2  # times the shorter side, up to which a mark is square
LONGEST_LABEL = 40  # characters
LARGEST_LABEL = 22.0  # px; larger words above a field are the form's title
ABOVE = 16.0  # px between a label and the field below it
ALIGNED = 12.0  # px by which their left edges may differ
NEAR = 18.0  # px between a mark and its words
SAME_SIZE = 4.0  # px by which like buttons may differ
KEY = 2  # characters up to which a button is a key of a pad
MOST_KEYS = 0.7  # share of a row that must be keys; a glyph may be taken for something else
KEYS = 3  # keys side by side from which they are a pad


def label_field_names(node: Node, fields: Sequence[Box]) -> Node:
    """Return the part of a form with short texts right above a field as labels."""
    if node.flow == "text" and node.label.role in ("text", "heading"):
        is_small = node.style.size <= LARGEST_LABEL
        is_short = is_small and len(node.text) <= LONGEST_LABEL and len(node.lines) == 1
        if is_short and any(_is_above(node.box, field) for field in fields):
            return node.labelled("label", "text")
    if node.label.role in ("field", "button", "choice"):
        return node
    children = tuple(label_field_names(child, fields) for child in node.children)
    return replace(node, children=children)


def _is_above(text: Box, field: Box) -> bool:
    return -2 <= field.y - text.bottom <= ABOVE and abs(text.x - field.x) <= ALIGNED


def label_form_choices(form: Node) -> Node:
    """Return the form with small square pictures before words as check boxes or radio buttons.

    Several side by side are taken to exclude each other: radio buttons.
    """
    if form.flow == "row" and form.label.role not in ("choice", "button", "field"):
        pairs = list(_pair_marks(form.children))
        if pairs and len(pairs) * 2 == len(form.children):
            if len(pairs) == 1:
                return _label_choice(form, "check")
            choices = tuple(_group_choice(mark, text) for mark, text in pairs)
            return replace(form, children=choices)
    children = tuple(label_form_choices(child) for child in form.children)
    are_choices = all(child.label.role == "choice" and child.children for child in children)
    if form.flow == "row" and len(children) > 1 and are_choices:
        children = tuple(_label_choice(child, "radio") for child in children)
    return replace(form, children=children)


def _pair_marks(children: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    for mark, text in zip(children[::2], children[1::2], strict=False):
        sides = sorted((mark.box.width, mark.box.height))
        is_mark = mark.flow == "picture" and MARK[0] <= sides[0] and sides[1] <= MARK[1]
        is_square = sides[1] <= SQUARE * sides[0]
        is_said = text.flow == "text" and len(text.lines) == 1
        if is_mark and is_square and is_said and text.ink.x - mark.box.right <= 2 * NEAR:
            yield mark, text


def _group_choice(mark: Node, text: Node) -> Node:
    box = bound_boxes([mark.box, text.box])
    group = Node(-mark.id, "row", box, box, (mark, text))
    return _label_choice(group, "radio")


def _label_choice(row: Node, kind: str) -> Node:
    mark, text = row.children
    flag: Flag = "number" if kind == "radio" else "bullet"
    children = (mark.labelled("input", "choice", flag), text)
    return replace(row.labelled("label", "choice"), children=children)


def label_like_buttons(page: Node) -> Node:
    """Return the page with boxes that look like its buttons but hold only an icon as buttons."""
    buttons = [node for node in page.walk() if node.label.role == "button" and node.surface]
    found = _label_like(page, buttons) if buttons else page
    return _label_keys(found)


def _label_like(node: Node, buttons: Sequence[Node]) -> Node:
    if node.surface is not None and node.label.role in ("panel", "card", "shape", "group"):
        leaves = [n for n in node.walk() if not n.children]
        is_plain = not any(n.surface for child in node.children for n in child.walk())
        are_icons = bool(node.children) and all(n.label.role == "icon" for n in leaves)
        are_icons = are_icons and is_plain
        if are_icons and any(_are_like_boxes(node, button) for button in buttons):
            icon = leaves[0]
            return replace(node.labelled("a", "button"), children=(icon,))
    return replace(node, children=tuple(_label_like(child, buttons) for child in node.children))


def _are_like_boxes(one: Node, other: Node) -> bool:
    if one.surface is None or other.surface is None or one.surface.fill != other.surface.fill:
        return False
    width, height = abs(one.box.width - other.box.width), abs(one.box.height - other.box.height)
    return max(width, height) <= SAME_SIZE


def _label_keys(node: Node) -> Node:
    """Return the node with rows of buttons of a glyph each as the keys of a pad."""
    children = tuple(_label_keys(child) for child in node.children)
    node = replace(node, children=children)
    buttons = [child for child in children if child.label.role == "button"]
    is_row = node.flow in ("row", "grid") and node.label.role != "nav"
    if not is_row or len(children) < KEYS or not buttons:
        return node
    words = [n.text for child in children for n in child.walk() if n.flow == "text"]
    is_pad = bool(words) and max(len(word) for word in words) <= KEY
    if not is_pad or len(buttons) < MOST_KEYS * len(children):
        return node
    keys = tuple(
        child.labelled("button", "button", "repeat") if child in buttons else child
        for child in children
    )
    return replace(node.labelled("div", "columns", "repeat"), children=keys)
