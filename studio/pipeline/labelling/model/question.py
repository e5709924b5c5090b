"""Layout tree nodes as characters: five per node, which encode its look and its surroundings."""

from __future__ import annotations

import math
from collections.abc import Sequence

from studio.pipeline.labelling.model.alphabet import ABOUT, KINDS, PAINTS, TYPES
from studio.pipeline.labelling.model.steps import WalkStep
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.color_classes import compute_luminance, is_colorful
from studio.pipeline.layout.cuts import describe_look
from studio.pipeline.layout.nodes import Node, Surface

BOLD = 600  # the weight from which text counts as bold
PALE = 0.7  # luminance from which a fill counts as light
ROUND = 0.4  # share of a box's height from which a radius makes round ends
FLOWS = ("text", "picture", "rule", "shape", "column", "row", "grid", "table", "stack")
SIZES = (0.8, 0.95, 1.08, 1.25, 1.5, 1.9, 2.6)  # times the body's size: ends of buckets
LETTERS = (2, 5, 10, 18, 32, 60, 140)
TWELFTHS = 12
ROUGHLY = ("text", "heading", "link", "button", "field")
TOPS, BOTTOMS = (90, 250, 700), (160, 420)  # px from the page's top and bottom


def describe_steps(steps: Sequence[WalkStep], facts: PageFacts) -> list[str]:
    """Return the five characters of each step; its label in them is the rules' guess."""
    return [_describe_node(step, facts) for step in steps]


def _describe_node(step: WalkStep, facts: PageFacts) -> str:
    node = step.node
    shape, place, look_, words, near = ABOUT
    left = int(TWELFTHS * max(0.0, node.box.x) / facts.width)
    width = int(TWELFTHS * node.box.width / (facts.width + 1))
    return (
        shape(FLOWS.index(node.flow), step.depth - 1, *_describe_siblings(step))
        + place(left, width, int(2 * math.log2(max(1.0, node.box.height / 4))))
        + look_(_describe_look(node, facts), KINDS.index(get_rule_guess(node)))
        + words(
            *_describe_words(node),
            _bucket_number(node.box.y, TOPS),
            _bucket_number(facts.height - node.box.bottom, BOTTOMS),
        )
        + near(*_describe_neighborhood(step))
    )


def get_rule_guess(node: Node) -> str:
    """Return the rules' label as a kind of the walk."""
    if node.flow in ("picture", "rule", "table") or node.marker:
        return "fixed"
    role, tag = node.label.role, node.label.tag
    if tag in ("label", "nav"):
        return tag
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
    """Return how a text is set, or how a box is painted; the last value: not painted."""
    if node.flow != "text":
        return TYPES + PAINTS if node.surface is None else TYPES + _describe_paint(node)
    style = node.style
    size = _bucket_number(style.size / facts.body, SIZES)
    bold = int(style.weight >= BOLD)
    link = int(style.underline or (is_colorful(style.color) and style.color != facts.ink))
    align = ("left", "center", "right").index(node.align)
    return ((size * 2 + bold) * 2 + link) * 3 + align


def _describe_words(node: Node) -> tuple[int, int, int]:
    text = next((child.text for child in node.walk() if child.flow == "text"), "")
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
    fill = _describe_fill(surface)
    border = _describe_border(surface)
    if surface.radius < 1:
        corners = 0
    elif surface.radius < ROUND * node.box.height:
        corners = 1
    else:
        corners = 2
    shadow = int(surface.shadow is not None)
    return ((fill * 4 + border) * 3 + corners) * 2 + shadow


def _describe_fill(surface: Surface) -> int:
    if surface.picture is not None or surface.gradient is not None:
        return 4
    if surface.fill is None:
        return 0
    if is_colorful(surface.fill):
        return 3
    return 1 if compute_luminance(surface.fill) > PALE else 2


def _describe_border(surface: Surface) -> int:
    if surface.border is None:
        return 0
    if len(surface.border.sides) >= 3:
        return 1
    return 2 if surface.border.sides in ("t", "b") else 3


def _describe_siblings(step: WalkStep) -> tuple[int, int, int]:
    siblings = step.parent.children
    own_look = describe_look(step.node)[:2]
    alike = sum(describe_look(child)[:2] == own_look for child in siblings)
    return (
        _describe_position(_find_index(step), len(siblings)),
        _bucket_number(alike, (1, 2, 5)),
        _bucket_number(len(step.node.children), (0, 1, 2, 5)),
    )


def _describe_neighborhood(step: WalkStep) -> tuple[int, int, int]:
    siblings = step.parent.children
    index = _find_index(step)
    before = siblings[index - 1] if index else None
    after = siblings[index + 1] if index + 1 < len(siblings) else None
    return KINDS.index(get_rule_guess(step.parent)), _round_roughly(before), _round_roughly(after)


def _round_roughly(node: Node | None) -> int:
    if node is None:
        return 0
    guess = get_rule_guess(node)
    if guess in ROUGHLY:
        return 1 + ROUGHLY.index(guess)
    return 1 + len(ROUGHLY) + (1 if node.flow == "picture" else 0)


def _describe_position(index: int, count: int) -> int:
    """Return 0 for the first of several, 1 for one between, 2 for the last, 3 for an only one."""
    if count == 1:
        return 3
    if index == 0:
        return 0
    return 2 if index == count - 1 else 1


def _find_index(step: WalkStep) -> int:
    return next(i for i, child in enumerate(step.parent.children) if child.id == step.node.id)
