"""A part of a layout tree as characters: five for each node, that say what can be seen of it and
around it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from studio.pipeline.labelling.model.alphabet import ABOUT, KINDS, PAINTS, TYPES
from studio.pipeline.labelling.model.steps import WalkStep
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.color_classes import compute_luminance, is_colorful
from studio.pipeline.layout.cuts import describe_look
from studio.pipeline.layout.nodes import Node

FLOWS = ("text", "picture", "rule", "shape", "column", "row", "grid", "table", "stack")
SIZES = (0.8, 0.95, 1.08, 1.25, 1.5, 1.9, 2.6)  # times the body's size: where one bucket ends
LETTERS = (2, 5, 10, 18, 32, 60, 140)
TWELFTHS = 12
ROUGHLY = ("text", "heading", "link", "button", "field")
TOPS, BOTTOMS = (90, 250, 700), (160, 420)  # px from the page's top and bottom


def describe_steps(steps: Sequence[WalkStep], facts: PageFacts) -> list[str]:
    """The characters of each step, five; its label is the rules' guess."""
    return [_describe_node(step, facts) for step in steps]


def _describe_node(step: WalkStep, facts: PageFacts) -> str:
    node = step.node
    shape, place, look_, words, near = ABOUT
    begins = int(TWELFTHS * max(0.0, node.box.x) / facts.width)
    wide = int(TWELFTHS * node.box.width / (facts.width + 1))
    return (
        shape(FLOWS.index(node.flow), step.depth - 1, *_describe_siblings(step))
        + place(begins, wide, int(2 * math.log2(max(1.0, node.box.height / 4))))
        + look_(_describe_look(node, facts), KINDS.index(get_rule_guess(node)))
        + words(
            *_describe_words(node),
            _bucket_number(node.box.y, TOPS),
            _bucket_number(facts.height - node.box.bottom, BOTTOMS),
        )
        + near(*_describe_neighborhood(step))
    )


def get_rule_guess(node: Node) -> str:
    """What the rules' label says, in the walk's words."""
    if node.flow in ("picture", "rule", "table") or node.marker:
        return "fixed"
    role, tag = node.label.role, node.label.tag
    if tag == "label":
        return "label"
    if role == "field":
        return "select" if tag == "select" else "field"
    if role in (
        "link",
        "heading",
        "text",
        "button",
        "badge",
        "panel",
        "card",
        "cards",
        "nav",
        "list",
    ):
        return role
    if role == "item":
        return "link" if tag == "a" else "text"
    landmarks = {
        "header": "header",
        "footer": "footer",
        "hero": "section",
        "section": "section",
        "sidebar": "aside",
        "form": "form",
        "shape": "panel",
    }
    return "form" if tag == "form" else landmarks.get(role, "group")


def _bucket_number(value: float, ends: Sequence[float]) -> int:
    return sum(value > end for end in ends)


def _describe_look(node: Node, facts: PageFacts) -> int:
    """How a text is set, or how anything else is painted; the last: not at all."""
    if node.flow != "text":
        return TYPES + PAINTS if node.surface is None else TYPES + _describe_paint(node)
    style = node.style
    size = _bucket_number(style.size / facts.body, SIZES)
    strong = style.weight >= 600
    link = style.underline or (is_colorful(style.color) and style.color != facts.ink)
    return ((size * 2 + strong) * 2 + link) * 3 + ("left", "center", "right").index(node.align)


def _describe_words(node: Node) -> tuple[int, int, int]:
    text = (
        node.text
        if node.flow == "text"
        else next((n.text for n in node.walk() if n.flow == "text"), "")
    )
    if not text:
        return 0, 0, 0
    first, last = text[0], text[-1]
    patterns = (
        "@" in text,
        first in "$€£" or last == "%",
        first.isdigit(),
        text.isupper() and len(text) > 2,
        last in ".!?",
        last == ":",
        first.islower(),
        "|" in text or "/" in text or "©" in text,
    )
    pattern = next((i + 1 for i, holds in enumerate(patterns) if holds), 0)
    return _bucket_number(len(text), LETTERS), pattern, int(len(node.lines) > 1)


def _describe_paint(node: Node) -> int:
    surface = node.surface
    assert surface is not None
    fill = 0
    if surface.picture is not None or surface.gradient is not None:
        fill = 4
    elif surface.fill is not None:
        fill = 3 if is_colorful(surface.fill) else 1 if compute_luminance(surface.fill) > 0.7 else 2
    border = 0
    if surface.border is not None:
        border = (
            1 if len(surface.border.sides) >= 3 else 2 if surface.border.sides in ("t", "b") else 3
        )
    round_ = 0 if surface.radius < 1 else 2 if surface.radius >= 0.4 * node.box.height else 1
    return ((fill * 4 + border) * 3 + round_) * 2 + (surface.shadow is not None)


def _describe_siblings(step: WalkStep) -> tuple[int, int, int]:
    siblings, place = step.parent.children, _describe_place(step)
    where = 3 if len(siblings) == 1 else 0 if place == 0 else 2 if place == len(siblings) - 1 else 1
    mine = describe_look(step.node)[:2]
    alike = sum(describe_look(child)[:2] == mine for child in siblings)
    return (
        where,
        _bucket_number(alike, (1, 2, 5)),
        _bucket_number(len(step.node.children), (0, 1, 2, 5)),
    )


def _describe_neighborhood(step: WalkStep) -> tuple[int, int, int]:
    siblings, place = step.parent.children, _describe_place(step)
    before = siblings[place - 1] if place else None
    after = siblings[place + 1] if place + 1 < len(siblings) else None
    return KINDS.index(get_rule_guess(step.parent)), _round_roughly(before), _round_roughly(after)


def _round_roughly(node: Node | None) -> int:
    if node is None:
        return 0
    guess = get_rule_guess(node)
    if guess in ROUGHLY:
        return 1 + ROUGHLY.index(guess)
    return 1 + len(ROUGHLY) + (node.flow == "picture")


def _describe_place(step: WalkStep) -> int:
    return next(i for i, child in enumerate(step.parent.children) if child.id == step.node.id)
