"""A part of a layout tree as characters: eleven facts for each node, its number last, so that it can be spoken of."""

from __future__ import annotations

import math
from collections.abc import Sequence

from inference.task.layout.colors import is_colourful, luminance
from inference.task.layout.cuts import look
from inference.task.layout.nodes import Node
from inference.task.rules.facts import PageFacts
from inference.task.walk.alphabet import (
    ACROSS,
    FLOW,
    GAP,
    GUESS,
    ID,
    KIN,
    KINDS,
    LEADING,
    PAINT,
    TALL,
    TYPE,
    WORDS,
)  # fmt: skip
from inference.task.walk.steps import Step

FLOWS = ("text", "picture", "rule", "shape", "column", "row", "grid", "table", "stack")
SIZES = (0.8, 0.95, 1.08, 1.25, 1.5, 1.9, 2.6)  # times the body's size: where one bucket ends
LETTERS = (2, 5, 10, 18, 32, 60, 140)
TWELFTHS = 12


def question(steps: Sequence[Step], facts: PageFacts) -> str:
    """Eleven characters for each step; the steps' labels are the rules' guesses."""
    return "".join(_facts_of(step, facts) + ID(i) for i, step in enumerate(steps))


def _facts_of(step: Step, facts: PageFacts) -> str:
    node = step.node
    begins = int(TWELFTHS * max(0.0, node.box.x) / facts.width)
    wide = int(TWELFTHS * node.box.width / (facts.width + 1))
    return (
        FLOW(FLOWS.index(node.flow) * 8 + min(7, step.depth))
        + ACROSS(min(11, begins) * TWELFTHS + min(11, wide))
        + TALL(int(2 * math.log2(max(1.0, node.box.height / 4))))
        + GAP(round(gap_above(step)) + 1)
        + TYPE(_type(node, facts))
        + LEADING(_leading(node))
        + WORDS(_words(node))
        + PAINT(_paint(node, facts))
        + KIN(_kin(step))
        + GUESS(KINDS.index(guess_of(node)))
    )


def gap_above(step: Step) -> float:
    """Px between a node and what stands above it, or the top of what holds it."""
    top = step.parent.box.y if step.before is None else step.before.box.bottom
    return step.node.box.y - top


def guess_of(node: Node) -> str:
    """What the rules' label says, in the walk's words."""
    if node.flow in ("picture", "rule", "table") or node.marker:
        return "fixed"
    role, tag = node.label.role, node.label.tag
    if tag == "label":
        return "label"
    if role in ("link", "heading", "text", "button", "badge", "field", "panel", "card", "cards", "nav", "list"):
        return role
    if role == "item":
        return "link" if tag == "a" else "text"
    landmarks = {
        "header": "header", "footer": "footer", "hero": "section", "section": "section", "sidebar": "aside",
        "form": "form", "shape": "panel",
    }  # fmt: skip
    return "form" if tag == "form" else landmarks.get(role, "group")


def _bucket(value: float, ends: Sequence[float]) -> int:
    return sum(value > end for end in ends)


def _type(node: Node, facts: PageFacts) -> int:
    if node.flow != "text":
        return 8 * 2 * 2 * 3
    style = node.style
    size = _bucket(style.size / facts.body, SIZES)
    strong = style.weight >= 600
    link = style.underline or (is_colourful(style.color) and style.color != facts.ink)
    return ((size * 2 + strong) * 2 + link) * 3 + ("left", "center", "right").index(node.align)


def _leading(node: Node) -> int:
    if node.flow != "text":
        return 0
    return min(31, max(1, round(20 * (node.style.leading / node.style.size - 0.85)))) * 2 + (len(node.lines) > 1)


def _words(node: Node) -> int:
    text = node.text if node.flow == "text" else next((n.text for n in node.walk() if n.flow == "text"), "")
    if not text:
        return 0
    first, last = text[0], text[-1]
    patterns = (
        "@" in text, first in "$€£" or last == "%", first.isdigit(), text.isupper() and len(text) > 2, last in ".!?",
        last == ":", first.islower(), "|" in text or "/" in text or "©" in text,
    )  # fmt: skip
    pattern = next((i + 1 for i, holds in enumerate(patterns) if holds), 0)
    return _bucket(len(text), LETTERS) * 9 + pattern


def _paint(node: Node, facts: PageFacts) -> int:
    surface = node.surface
    if surface is None:
        return 5 * 4 * 3 * 2
    fill = 0
    if surface.picture is not None or surface.gradient is not None:
        fill = 4
    elif surface.fill is not None:
        light = luminance(surface.fill)
        fill = 3 if is_colourful(surface.fill) else 1 if light > 0.7 else 2
    border = 0
    if surface.border is not None:
        border = 1 if len(surface.border.sides) >= 3 else 2 if surface.border.sides in ("t", "b") else 3
    round_ = 0 if surface.radius < 1 else 2 if surface.radius >= 0.4 * node.box.height else 1
    return ((fill * 4 + border) * 3 + round_) * 2 + (surface.shadow is not None)


def _kin(step: Step) -> int:
    siblings = step.parent.children
    place = next(i for i, child in enumerate(siblings) if child.id == step.node.id)
    where = 3 if len(siblings) == 1 else 0 if place == 0 else 2 if place == len(siblings) - 1 else 1
    mine = look(step.node)[:2]
    alike = sum(look(child)[:2] == mine for child in siblings)
    return (where * 4 + _bucket(alike, (1, 2, 5))) * 5 + _bucket(len(step.node.children), (0, 1, 2, 5))
