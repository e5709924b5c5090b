"""Forms: the smallest groups that hold fields and the button that sends them."""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.labelling.rules.field_words import asks_for_search
from studio.pipeline.labelling.rules.forms import (
    ABOVE,
    ALIGNED,
    LONGEST_LABEL,
    label_field_names,
    label_form_choices,
)
from studio.pipeline.layout.nodes import Node, make_group_id
from studio.pipeline.perception.hints import bound_boxes

FEWEST_BOXES = 2  # empty boxes below words, from which they are fields
NARROWEST = 90.0  # px of a field's width
SHORTEST, TALLEST = 24.0, 200.0  # px of a field's height
TEXTAREA = 72.0  # px of height from which a field is a textarea
BOLD = 600  # the weight from which text counts as bold: what a field says is not
NARROWEST_BESIDE = 140.0  # px of a field without border, beside a button
SAME_HEIGHT = 8.0  # px by which it and the button may differ
GAP_BESIDE = 24.0  # px between them
MOST_TEXTS = 8  # texts of a form beside those of its fields …
TEXTS_A_FIELD = 4  # … of which each may have a label, a hint and choices
TALLEST_FORM = 1600.0  # px; what is taller is a page of several forms, unless it has one button
FEWEST_FIELDS = 6  # fields of such a page, or of so tall a form
FEWEST_BUTTONS = 2  # buttons of such a page
FEWEST_BEFORE = 2  # texts above the first field, from which they are no part of the form
BESIDE = ("field", "button", "choice")  # what one form in a row of other things consists of


def label_boxes_below_labels(node: Node) -> Node:
    """Return the node with empty boxes right below short words as fields, whatever their color.

    A single one may be anything; two of them in a column are a form's.
    """
    children = [label_boxes_below_labels(child) for child in node.children]
    if node.flow != "column" or node.label.role in ("field", "button", "choice"):
        return replace(node, children=tuple(children))
    places = [
        i + 1
        for i, (text, box) in enumerate(zip(children, children[1:], strict=False))
        if _is_labelled_box(text, box)
    ]
    if len(places) >= FEWEST_BOXES:
        for place in places:
            is_tall = children[place].box.height > TEXTAREA
            children[place] = children[place].labelled("textarea" if is_tall else "input", "field")
    return replace(node, children=tuple(children))


def _is_labelled_box(text: Node, box: Node) -> bool:
    if text.flow != "text" or len(text.lines) != 1 or len(text.text) > LONGEST_LABEL:
        return False
    surface = box.surface
    if box.flow not in ("shape", "column") or surface is None or surface.border is None:
        return False
    holds_words = any(n.flow in ("text", "picture") for n in box.walk())
    is_box = len(surface.border.sides) == 4 and surface.picture is None and not holds_words
    is_sized = box.box.width >= NARROWEST and SHORTEST <= box.box.height <= TALLEST
    is_below = -2 <= box.box.y - text.box.bottom <= ABOVE
    return is_box and is_sized and is_below and abs(box.box.x - text.box.x) <= ALIGNED


def label_fields_beside_buttons(node: Node) -> Node:
    """Return the node with a painted box beside a button of its height as a field.

    It has no border, so that its fill and its pale words alone would not tell.
    """
    if node.label.role in ("field", "button", "choice"):
        return node
    children = [label_fields_beside_buttons(child) for child in node.children]
    if node.flow == "row":
        for i, (box, button) in enumerate(zip(children, children[1:], strict=False)):
            if button.label.role == "button" and _is_box_beside(box, button):
                children[i] = box.labelled("input", "field")
    return replace(node, children=tuple(children))


def _is_box_beside(box: Node, button: Node) -> bool:
    """Return True for a box with nothing or one line at its left, right before the button."""
    surface = box.surface
    if surface is None or surface.fill is None or surface.picture is not None:
        return False
    if box.label.role not in ("panel", "shape", "card") or box.box.width < NARROWEST_BESIDE:
        return False
    if abs(box.box.height - button.box.height) > SAME_HEIGHT:
        return False
    if not -1 <= button.box.x - box.box.right <= GAP_BESIDE:
        return False
    texts = [inner for inner in box.walk() if inner.flow == "text"]
    if not texts:
        return all(inner.flow != "picture" for inner in box.walk())
    is_line = len(texts) == 1 and len(texts[0].lines) == 1 and texts[0].style.weight < BOLD
    return is_line and texts[0].ink.x - box.box.x < box.box.right - texts[0].ink.right


def label_forms(node: Node) -> Node:
    """Return the node with the smallest groups that hold nearby fields and a button as forms."""
    if not _contains(node, "field"):
        return node
    is_group = node.flow in ("column", "row") and node.label.tag in ("div", "article")
    if is_group and _contains(node, "button") and not _holds_page(node):
        with_field = [child for child in node.children if _contains(child, "field")]
        whole_forms = [child for child in with_field if _contains(child, "button")]
        if not whole_forms or len(with_field) > len(whole_forms):
            return _part_form(node) or _part_column(node) or label_as_form(node)
    parted = replace(node, children=tuple(label_forms(child) for child in node.children))
    return _label_form_page(parted) if is_group and _is_form_page(node) else parted


def _is_form_page(node: Node) -> bool:
    fields = sum(inner.label.role == "field" for inner in node.walk())
    return node.box.height > TALLEST_FORM and fields >= FEWEST_FIELDS


def _label_form_page(node: Node) -> Node:
    """Return a page of several forms with labels and choices also where a form has no button."""
    fields = [inner.box for inner in node.walk() if inner.label.role == "field"]
    children = [
        label_form_choices(label_field_names(child, fields)) if _contains(child, "field") else child
        for child in node.children
    ]
    return replace(node, children=tuple(children))


def label_search_forms(node: Node) -> Node:
    """Return the node with its search fields that stand in no form as forms of their own."""
    if node.label.tag == "form":
        return node
    if node.label.role == "field":
        words = next((inner.text for inner in node.walk() if inner.flow == "text"), "")
        return _wrap_in_form(node) if asks_for_search(words) else node
    return replace(node, children=tuple(label_search_forms(child) for child in node.children))


def _wrap_in_form(field: Node) -> Node:
    form = Node(make_group_id(field), "column", field.box, field.ink, (field,))
    return form.labelled("form", "form")


def _holds_page(node: Node) -> bool:
    """Return True for a group that is taller than a form, or has far more texts than its fields explain."""
    texts = sum(n.flow == "text" for n in node.walk())
    fields = sum(n.label.role in ("field", "choice") for n in node.walk())
    buttons = sum(n.label.role == "button" for n in node.walk())
    is_page = buttons >= FEWEST_BUTTONS or fields < FEWEST_FIELDS
    if node.box.height > TALLEST_FORM and is_page:
        return True
    return texts > MOST_TEXTS + TEXTS_A_FIELD * fields


def _part_form(row: Node) -> Node | None:
    """Return a row of links and one form, such as a header's search, with the form as its part."""
    if row.flow != "row":
        return None
    places = [i for i, child in enumerate(row.children) if child.label.role in BESIDE]
    fields = [i for i in places if row.children[i].label.role == "field"]
    if not fields:
        return None
    first, last = fields[0], fields[-1]
    while last + 1 in places:
        last += 1
    others = [*row.children[:first], *row.children[last + 1 :]]
    if last == first or not any(child.flow in ("text", "row") for child in others):
        return None
    parts = row.children[first : last + 1]
    box = bound_boxes([part.box for part in parts])
    form = Node(make_group_id(parts[0]), "row", box, box, parts).labelled("div", "row")
    children = (*row.children[:first], label_as_form(form), *row.children[last + 1 :])
    return replace(row, children=children)


def _part_column(column: Node) -> Node | None:
    """Return a column of a title, texts and one form, with the form as its part."""
    if column.flow != "column":
        return None
    children = column.children
    parts = [i for i, child in enumerate(children) if _contains_control(child)]
    fields = [i for i in parts if _contains(children[i], "field")]
    first, last = fields[0], parts[-1]
    if first and _may_be_label(children[first - 1], children[first]):
        first -= 1
    before = [n for child in children[:first] for n in child.walk() if n.flow == "text"]
    if len(before) < FEWEST_BEFORE or any(i < first for i in parts):
        return None
    inside = children[first : last + 1]
    box = bound_boxes([part.box for part in inside])
    form = Node(make_group_id(inside[0]), "column", box, box, inside).labelled("div", "column")
    form = label_as_form(form) if len(inside) > 1 else label_forms(inside[0])
    if not any(node.label.tag == "form" for node in form.walk()):
        return None
    return replace(column, children=(*children[:first], form, *children[last + 1 :]))


def _contains_control(node: Node) -> bool:
    return any(n.label.role in BESIDE for n in node.walk())


def _may_be_label(text: Node, field: Node) -> bool:
    is_short = text.flow == "text" and len(text.lines) == 1 and len(text.text) <= LONGEST_LABEL
    is_said = text.label.role in ("text", "heading")  # labels may be larger than the body
    return is_short and is_said and -2 <= field.box.y - text.box.bottom <= ABOVE


def label_as_form(node: Node) -> Node:
    keeps_role = node.label.role in ("card", "panel", "row", "columns", "cards")
    role = node.label.role if keeps_role else "form"
    fields = [n.box for n in node.walk() if n.label.role == "field"]
    children = tuple(
        label_form_choices(label_field_names(_mark_submit_button(child), fields))
        for child in node.children
    )
    return replace(node, label=replace(node.label, tag="form", role=role), children=children)


def _mark_submit_button(node: Node) -> Node:
    if node.label.role == "button":
        return node.labelled("button", "button", "primary")
    return replace(node, children=tuple(_mark_submit_button(child) for child in node.children))


def _contains(node: Node, role: str) -> bool:
    return any(n.label.role == role for n in node.walk())
