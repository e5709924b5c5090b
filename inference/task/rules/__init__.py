"""Labels a layout tree by rules: what is a heading, a button, a nav, a list, a card. A model may label the same nodes.

Looks only at the tree: sizes, colours, places and how siblings repeat. Writes no code.
"""

from __future__ import annotations

from dataclasses import replace

from inference.task.layout.nodes import Node
from inference.task.rules.facts import PageFacts, page_facts
from inference.task.rules.groups import label_group
from inference.task.rules.landmarks import label_landmarks
from inference.task.rules.leaves import label_leaf


def label_tree(page: Node) -> Node:
    """The same tree with a tag, a role and flags on every node."""
    facts = page_facts(page)
    return label_landmarks(_label(page, facts), facts)


def _label(node: Node, facts: PageFacts) -> Node:
    labelled = replace(node, children=tuple(_label(child, facts) for child in node.children))
    return label_leaf(labelled, facts) or label_group(labelled, facts)
