"""Labelling of a layout tree by rules: headings, buttons, navs, lists, cards.

A model may label the same nodes. The rules use only the tree: sizes, colors, places and how siblings
repeat. No code is written here.
"""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.labelling.rules.card_titles import label_card_titles
from studio.pipeline.labelling.rules.components import label_components
from studio.pipeline.labelling.rules.disclosures import label_disclosures
from studio.pipeline.labelling.rules.groups import label_group
from studio.pipeline.labelling.rules.heading_levels import (
    label_equal_headings,
    order_heading_levels,
)
from studio.pipeline.labelling.rules.landmarks import label_landmarks
from studio.pipeline.labelling.rules.leaves import label_leaf
from studio.pipeline.labelling.rules.subtitles import unmark_subtitles
from studio.pipeline.labelling.rules.text_facts import PageFacts, collect_page_facts
from studio.pipeline.labelling.rules.trails import label_trails
from studio.pipeline.layout.nodes import Node


def label_tree(page: Node) -> Node:
    """Return the same tree with a tag, a role and flags on every node."""
    facts = collect_page_facts(page)
    labelled = label_landmarks(_label_node(page, facts), facts)
    headed = unmark_subtitles(label_equal_headings(labelled, facts.body))
    headed = label_trails(label_disclosures(label_card_titles(headed)))
    return order_heading_levels(label_components(headed))


def _label_node(node: Node, facts: PageFacts) -> Node:
    labelled = replace(node, children=tuple(_label_node(child, facts) for child in node.children))
    return label_leaf(labelled, facts) or label_group(labelled, facts)
