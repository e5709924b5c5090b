"""Applies a model's kinds to the tree.

Where they agree with the rules, the rules' label stays with all its detail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studio.pipeline.labelling.model.question import get_rule_guess
from studio.pipeline.labelling.rules.components import label_components
from studio.pipeline.labelling.rules.form_groups import label_as_form
from studio.pipeline.labelling.rules.groups import label_as_cards, label_as_list, label_as_nav
from studio.pipeline.labelling.rules.heading_levels import order_heading_levels
from studio.pipeline.labelling.rules.landmarks import label_as_landmark
from studio.pipeline.labelling.rules.leaves import TAGS
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.row_kinds import is_block_row

# Kinds that rules recognize by shape and place more reliably than a small model.
SURE = ("header", "footer", "nav", "form", "field", "list")
# (The rules' label, the model's): on unseen sites the rules were right at least as often.
DOUBTED = {
    ("group", "cards"),
    ("group", "nav"),
    ("button", "card"),
    ("section", "cards"),
    ("label", "heading"),
}
SEEN = {("field", "select")}  # only the model sees the arrow
LANDMARKS: dict[str, tuple[str, str]] = {
    "header": ("header", "header"),
    "footer": ("footer", "footer"),
    "section": ("section", "section"),
    "aside": ("aside", "sidebar"),
}


def apply_labels(page: Node, said: Mapping[int, str], facts: PageFacts) -> Node:
    """Return the tree with the kinds `said`, by node id.

    Nodes without one keep the rules' label.
    """
    children = tuple(_apply_kind(child, said, facts) for child in page.children)
    return order_heading_levels(label_components(replace(page, children=children)))


def _apply_kind(node: Node, said: Mapping[int, str], facts: PageFacts) -> Node:
    node = replace(node, children=tuple(_apply_kind(child, said, facts) for child in node.children))
    kind = said.get(node.id, "fixed")
    guess = get_rule_guess(node)
    is_trusted = (guess, kind) in SEEN or (guess not in SURE and (guess, kind) not in DOUBTED)
    if kind not in ("fixed", guess) and is_trusted:
        node = _change_label(node, kind, facts)
    if kind == "cards":
        node = replace(node, label=replace(node.label, flags=node.label.flags | {"repeat"}))
    return node


def _change_label(node: Node, kind: str, facts: PageFacts) -> Node:
    if kind == "heading":
        level = facts.levels.get((node.style.size, node.style.weight >= 600), 6)
        return node.labelled(TAGS[level - 1], "heading")
    if kind in ("text", "link", "label"):
        tag: Any = {"text": "p", "link": "a", "label": "label"}[kind]
        return node.labelled(tag, "link" if kind == "link" else "text")
    if kind in ("button", "badge"):
        return node.labelled("a", "button" if kind == "button" else "badge")
    if kind == "field":
        return node.labelled("textarea" if node.box.height > 72 else "input", "field")
    if kind == "select":
        return node.labelled("select", "field")
    if kind == "nav":
        return label_as_nav(node)
    if kind == "list":
        return label_as_list(node)
    if kind == "cards":
        return label_as_cards(node)
    if kind == "form":
        return label_as_form(_label_as_group(node))
    if kind == "card":
        return node.labelled("article", "card")
    if kind in LANDMARKS:
        tag, role = LANDMARKS[kind]
        return label_as_landmark(_label_as_group(node), tag, role)
    return _label_as_group(node)


def _label_as_group(node: Node) -> Node:
    if not node.children:
        return node.labelled("div", "shape")
    if node.flow == "stack":
        return node.labelled("div", "stack")
    if node.flow == "row":
        return node.labelled("div", "columns" if is_block_row(node) else "row")
    return node.labelled("div", "panel" if node.surface else "column")
