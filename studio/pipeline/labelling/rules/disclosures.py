"""Questions that open: boxes of one size with a line each, and a plus or a chevron at one end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.color import compute_contrast
from studio.pipeline.layout.nodes import Node

FEWEST = 3  # boxes of one look
FEWEST_WORDS = 2
LONGEST = 120  # characters of a question
NARROWEST = 240.0  # px of a box
SHORTEST, TALLEST = 32.0, 130.0  # px of its height
LARGEST_ICON = 52.0  # px; with the box around it
LARGEST_SIGN = 24.0  # px of the plus or chevron at the right end
AT_END = 0.12  # share of the box's width within which the sign ends
CHEVRON = 1.3  # times its height, from which a sign is a chevron that points down
SQUARE = 0.2  # share by which a plus may be wider or higher
SIZE_STEP = 8.0  # px by which sizes of like boxes may differ
MOSTLY = 0.6  # share of the boxes that must ask a question, or have the sign
PLACEHOLDER = 6.0  # contrast below which a field's words are a placeholder, and no question of ours
MARKS = ("?", "？", "؟", ";")  # how a question ends; the last is Greek


def label_disclosures(page: Node) -> Node:
    """Return the page with boxes that open as such: their words are the titles of what is closed."""
    groups: dict[tuple[object, ...], list[Node]] = defaultdict(list)
    asked = {id(node) for form in page.walk() if _is_form(form) for node in form.walk()}
    for node in page.walk():
        text = _find_question(node)
        if text is not None and id(node) not in asked:
            groups[_get_look(node, text)].append(node)
    found: set[int] = set()
    for boxes in groups.values():
        if len(boxes) >= FEWEST and _open(boxes):
            found |= {box.id for box in boxes}
    return _label_boxes(page, found) if found else page


def _is_form(node: Node) -> bool:
    """Return True for a form that has a field which asks nothing: its questions are fields, too.

    Outlined questions above a button look like a form whose fields all ask.
    """
    if node.label.tag != "form":
        return False
    fields = [inner for inner in node.walk() if inner.label.role == "field"]
    return not all(_get_words(field).rstrip().endswith(MARKS) for field in fields)


def _find_question(node: Node) -> Node | None:
    """Return the only text of a painted box of a line's height, which may hold one small icon."""
    if node.surface is None or node.flow not in ("row", "column"):
        return None
    if node.label.role in ("choice", "link"):
        return None
    if node.label.role == "button" and not _has_sign(node):
        return None
    if node.box.width < NARROWEST or not SHORTEST <= node.box.height <= TALLEST:
        return None
    leaves = [inner for inner in node.walk() if not inner.children]
    texts = [leaf for leaf in leaves if leaf.flow == "text"]
    others = [leaf for leaf in leaves if leaf.flow != "text"]
    if len(texts) != 1 or len(others) > 1 or len(texts[0].lines) > 2:
        return None
    are_small = all(max(leaf.box.width, leaf.box.height) <= LARGEST_ICON for leaf in others)
    text = texts[0]
    if node.label.role == "field" and _is_placeholder(text):
        return None
    is_said = len(text.text.split()) >= FEWEST_WORDS and len(text.text) <= LONGEST
    return text if are_small and is_said and not text.marker else None


def _is_placeholder(text: Node) -> bool:
    line = text.lines[0].runs[0].line
    return compute_contrast(text.style.color, line.background) < PLACEHOLDER


def _get_look(box: Node, text: Node) -> tuple[object, ...]:
    assert box.surface is not None
    width = round(box.box.width / SIZE_STEP)
    return width, box.surface.fill, box.surface.border is not None, round(text.style.size)


def _open(boxes: Sequence[Node]) -> bool:
    """Return True if most of the boxes ask a question, or end with a sign that says they open."""
    asking = sum(_get_words(box).rstrip().endswith(MARKS) for box in boxes)
    signed = sum(_has_sign(box) for box in boxes)
    return asking >= MOSTLY * len(boxes) or signed >= MOSTLY * len(boxes)


def _get_words(box: Node) -> str:
    return next((inner.text for inner in box.walk() if inner.flow == "text"), "")


def _has_sign(box: Node) -> bool:
    """Return True for a plus or a chevron that points down at the right end of the box."""
    if box.label.role == "field":
        return False  # a select has a chevron, too
    signs = [inner.box for inner in box.walk() if inner.flow == "picture"]
    if len(signs) != 1 or max(signs[0].width, signs[0].height) > LARGEST_SIGN:
        return False
    sign = signs[0]
    is_at_end = box.box.right - sign.right <= AT_END * box.box.width
    is_chevron = sign.width >= CHEVRON * sign.height
    is_plus = abs(sign.width - sign.height) <= SQUARE * sign.height
    return is_at_end and (is_chevron or is_plus)


def _label_boxes(node: Node, ids: set[int]) -> Node:
    if node.id not in ids:
        return replace(node, children=tuple(_label_boxes(child, ids) for child in node.children))
    children = tuple(_label_title(child) for child in node.children)
    return replace(node.labelled("div", "panel", "discloses"), children=children)


def _label_title(node: Node) -> Node:
    """Return a part of the box with its words as a title, and nothing else in it a control."""
    if node.flow == "text":
        return node.labelled("h6", "heading")
    if node.label.role in ("button", "badge"):
        node = node.labelled("div", "panel")
    return replace(node, children=tuple(_label_title(child) for child in node.children))
