"""Labels of texts, pictures and controls: what one node is, whatever stands around it."""

from __future__ import annotations

from studio.pipeline.labelling.rules.text_facts import PageFacts, is_link, may_be_heading
from studio.pipeline.layout.color_classes import compute_luminance, is_colorful
from studio.pipeline.layout.nodes import Node, Tag

TAGS: tuple[Tag, ...] = ("h1", "h2", "h3", "h4", "h5", "h6")


def label_leaf(node: Node, facts: PageFacts) -> Node | None:
    """The node with its label, or None when it is a group."""
    if node.flow == "text":
        return _label_text(node, facts)
    if node.flow == "picture":
        assert node.picture is not None
        return node.labelled("img", "icon" if node.picture.kind == "icon" else "picture")
    if node.flow == "rule":
        return node.labelled("hr", "rule")
    if node.surface is not None and node.flow in ("shape", "column", "row"):
        return _label_control(node, facts)
    return None


def _label_text(node: Node, facts: PageFacts) -> Node:
    style = node.style
    if node.marker:
        return node.labelled("li", "item", "number" if node.marker[0].isdigit() else "bullet")
    if may_be_heading(node, facts.body) and not is_link(style, facts):
        level = facts.levels.get((style.size, style.weight >= 600), 6)
        return node.labelled(TAGS[level - 1], "heading")
    if is_link(style, facts) and len(node.lines) <= 2 and len(node.lines[0].runs) == 1:
        return node.labelled("a", "link")
    return node.labelled("p", "text")


def _label_control(node: Node, facts: PageFacts) -> Node | None:
    if node.spans != (1, 1):
        return None
    words = [n for n in node.walk() if n.flow == "text"]
    simple = all(
        c.flow in ("text", "picture") or (c.flow == "row" and not c.surface) for c in node.children
    )
    if not words:
        if _is_field(node) and not node.children:
            return node.labelled("input", "field")
        return node.labelled("div", "shape") if not node.children else None
    if len(words) > 1 or not simple or len(words[0].lines) > 1:
        return None
    if _is_field(node) and _starts_at_left(node, words[0]):
        return node.labelled("textarea" if node.box.height > 72 else "input", "field")
    if _is_button(node, words[0], facts):
        return node.labelled("a", "badge" if _is_badge(node, words[0], facts) else "button")
    return None


def _is_field(node: Node) -> bool:
    surface = node.surface
    if surface is None or surface.picture is not None:
        return False
    bordered = surface.border is not None and len(surface.border.sides) >= 3
    pale = (
        surface.fill is None
        or compute_luminance(surface.fill) > 0.82
        or compute_luminance(surface.fill) < 0.2
    )
    return (
        bordered
        and pale
        and node.box.width >= 90
        and 24 <= node.box.height <= (160 if node.children else 64)
    )


def _starts_at_left(node: Node, text: Node) -> bool:
    left, right = text.ink.x - node.box.x, node.box.right - text.ink.right
    bold = text.style.weight >= 600
    return (
        not bold
        and 2 <= left <= 40
        and right > 1.35 * left + 6
        and not is_colorful(text.style.color)
    )


def _is_button(node: Node, text: Node, facts: PageFacts) -> bool:
    surface = node.surface
    assert surface is not None
    if surface.picture is not None or not 14 <= node.box.height <= 84 or node.box.width > 620:
        return False
    content = text.ink
    for child in node.walk():
        if child.flow == "picture":
            content = content.union(child.ink)
    centred = abs(content.cx - node.box.cx) <= max(4.0, 0.04 * node.box.width)
    painted = surface.border is not None or surface.fill is not None
    return painted and centred and abs(content.cy - node.box.cy) <= 6 and len(text.text) <= 40


def _is_badge(node: Node, text: Node, facts: PageFacts) -> bool:
    return node.box.height <= 27 and text.style.size <= max(13.0, 0.9 * facts.body)
