"""Labels of texts, pictures and controls: what a node is on its own."""

from __future__ import annotations

import re
from dataclasses import replace

from studio.pipeline.labelling.rules.link_words import is_contact, leads_on
from studio.pipeline.labelling.rules.text_facts import (
    PageFacts,
    is_link,
    may_be_heading,
    states_a_fact,
)
from studio.pipeline.layout.color_classes import compute_luminance, is_colorful
from studio.pipeline.layout.nodes import Node, Tag
from studio.pipeline.layout.paragraphs import restore_marker

BOLD = 600  # the weight from which text counts as bold
# Digits only (an amount, a date, a telephone number), rights: no title, and no link for its color alone.
NOT_WORDS = re.compile(r"^[\W\d_]*$|^(©|copyright)", re.I)
TITLE = 1.3  # times the body size, from which colored words are a title and no link
CENTER_SLACK = 0.04  # share of a button's width by which its words may be off the middle
FILLED_SLACK = 0.08  # the same for one in a strong color, which may hold an arrow that was not read
TEXTAREA = 72  # px of height from which a field is a textarea
PALE, DEEP = 0.82, 0.2  # luminance above and below which a fill may be a field's
ICON = 28.0  # px; the widest icon in a field
EMPTY_FIELD = 160.0  # px from which a box with nothing but an icon is a field
LONGEST_FIELD = 60  # characters; a longer text in a box is an alert or a card
ARROW, ARROW_PAD = 16.0, 28.0  # px; a select's arrow, and its distance from the right edge
STEP_NUMBER = re.compile(r"0\d")  # "01" in a painted box counts steps and is no button
# What a tag says that lies on a card: no button says it.
TAG_WORDS = re.compile(
    r"^(?:(?:most )?popular|best ?(?:seller|value|choice)|recommended|sold out|-\d+ ?%"
    r"|beliebt|populaire)!?$",
    re.I,
)
# A low tag says these, too; on a box as high as a button they make or filter something.
LOW_TAG_WORDS = re.compile(r"^(?:sale|new|hot|featured|neu|nouveau|nuevo|novo|oferta)!?$", re.I)
TALLEST_TAG = 28.0  # px
TAGS: tuple[Tag, ...] = ("h1", "h2", "h3", "h4", "h5", "h6")


def label_leaf(node: Node, facts: PageFacts) -> Node | None:
    """Return the node with its label, or None when it is a group."""
    if node.flow == "text":
        return _label_text(node, facts)
    if node.flow == "picture":
        assert node.picture is not None
        return node.labelled("img", "icon" if node.picture.kind == "icon" else "picture")
    if node.flow == "rule":
        return node.labelled("hr", "rule")
    if node.surface is not None and node.flow in ("shape", "column", "row"):
        control = _label_control(node, facts)
        return _unmark_headings(control) if control is not None else None
    return None


def _unmark_headings(control: Node) -> Node:
    """Return the control with its words as plain text, however large they are."""
    if control.label.role == "heading":
        return control.labelled("p", "text")
    return replace(control, children=tuple(_unmark_headings(c) for c in control.children))


def _label_text(node: Node, facts: PageFacts) -> Node:
    style = node.style
    is_numbered = node.marker[:1].isdigit() and len(node.lines) == 1
    if is_numbered and may_be_heading(node, facts.body):
        node = restore_marker(node)  # "2. Data we collect", larger than the text below it
    if node.marker:
        return node.labelled("li", "item", "number" if node.marker[0].isdigit() else "bullet")
    if is_contact(node.text) or leads_on(node.text):
        return node.labelled("a", "link")
    if NOT_WORDS.search(node.text) and not style.underline:
        return node.labelled("p", "text")
    is_title = not style.underline and style.size >= TITLE * facts.body
    if may_be_heading(node, facts.body) and (is_title or not is_link(style, facts)):
        level = facts.levels.get((style.size, style.weight >= BOLD), 6)
        return node.labelled(TAGS[level - 1], "heading")
    is_fact = not style.underline and states_a_fact(node.text, style.color)
    if is_link(style, facts) and len(node.lines) <= 2 and len(node.lines[0].runs) == 1:
        return node.labelled("p", "text") if is_fact else node.labelled("a", "link")
    return node.labelled("p", "text")


def _label_control(node: Node, facts: PageFacts) -> Node | None:
    if node.spans != (1, 1):
        return None
    texts = [n for n in node.walk() if n.flow == "text"]
    is_simple = all(
        c.flow in ("text", "picture") or (c.flow == "row" and not c.surface) for c in node.children
    )
    if not texts:
        are_icons = all(c.flow == "picture" and c.box.width <= ICON for c in node.children)
        if _is_field(node) and are_icons and node.box.width >= EMPTY_FIELD:
            return node.labelled("input", "field")
        return node.labelled("div", "shape") if not node.children else None
    if len(texts) > 1 or not is_simple or len(texts[0].lines) > 1:
        return None
    if _is_field(node) and _starts_at_left(node, texts[0]):
        if _has_arrow(node, texts[0]):
            return node.labelled("select", "field")
        return node.labelled("textarea" if node.box.height > TEXTAREA else "input", "field")
    if _is_button(node, texts[0], facts):
        return node.labelled("a", "badge" if _is_badge(node, texts[0], facts) else "button")
    return None


def _is_field(node: Node) -> bool:
    surface = node.surface
    if surface is None or surface.picture is not None:
        return False
    if surface.border is None or len(surface.border.sides) < 3:
        return False
    if surface.fill is not None and DEEP <= compute_luminance(surface.fill) <= PALE:
        return False
    tallest = 160 if node.children else 64
    return node.box.width >= 90 and 24 <= node.box.height <= tallest


def _has_arrow(node: Node, text: Node) -> bool:
    """Return True for a field with a small flat icon at its right end, as a select has."""
    icons = [n.box for n in node.walk() if n.flow == "picture"]
    return len(icons) == 1 and (
        icons[0].x > text.ink.right
        and node.box.right - icons[0].right <= ARROW_PAD
        and icons[0].width <= ARROW
        and icons[0].height <= 0.9 * icons[0].width
    )


def _starts_at_left(node: Node, text: Node) -> bool:
    left = text.ink.x - node.box.x
    right = node.box.right - text.ink.right
    if text.style.weight >= BOLD or is_colorful(text.style.color) or len(text.text) > LONGEST_FIELD:
        return False
    return 2 <= left <= 52 and right > 1.35 * left + 6


def _is_button(node: Node, text: Node, facts: PageFacts) -> bool:
    surface = node.surface
    assert surface is not None
    if surface.picture is not None or not 14 <= node.box.height <= 84 or node.box.width > 620:
        return False
    content = text.ink
    for child in node.walk():
        if child.flow == "picture":
            content = content.union(child.ink)
    is_filled = surface.fill is not None and is_colorful(surface.fill)
    slack = FILLED_SLACK if is_filled else CENTER_SLACK
    is_centered = abs(content.cx - node.box.cx) <= max(4.0, slack * node.box.width)
    is_painted = surface.border is not None or surface.fill is not None
    return (
        is_painted and is_centered and abs(content.cy - node.box.cy) <= 6 and len(text.text) <= 40
    )


def _is_badge(node: Node, text: Node, facts: PageFacts) -> bool:
    if STEP_NUMBER.fullmatch(text.text) or TAG_WORDS.match(text.text):
        return True
    if LOW_TAG_WORDS.match(text.text) and node.box.height <= TALLEST_TAG:
        return True
    return node.box.height <= 27 and text.style.size <= max(13.0, 0.9 * facts.body)
