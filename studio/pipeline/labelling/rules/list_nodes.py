"""Lists made of their items, and groups of lines taken apart so that their lines can be items."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studio.pipeline.layout.nodes import Label, Node, make_group_id
from studio.pipeline.perception.hints import bound_boxes


def make_list(items: Sequence[Node]) -> Node:
    """Return a list of these items below each other."""
    box = bound_boxes([item.box for item in items])
    ink = bound_boxes([item.ink for item in items])
    label = Label("ul", "list")
    return Node(make_group_id(items[0]), "column", box, ink, tuple(items), label=label)


def take_apart(node: Node, is_part: Callable[[Node], bool]) -> tuple[Node, ...]:
    """Return the children of a column without paint that holds only such parts and rules.

    Any other node is returned as it is.
    """
    is_plain = node.flow == "column" and node.surface is None
    is_plain = is_plain and all(child.flow == "rule" or is_part(child) for child in node.children)
    return node.children if is_plain else (node,)
