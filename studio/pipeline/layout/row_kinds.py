"""Kinds of rows: a line of text and buttons, or columns beside each other."""

from __future__ import annotations

from studio.pipeline.layout.nodes import Node


def is_block_row(node: Node) -> bool:
    """Return True if a row's children are columns of their own (grid).

    Otherwise they are text and buttons in a line (flex).
    """
    widths = [child.box.width for child in node.children]
    are_boxes = all(child.surface is not None for child in node.children)
    if are_boxes and widths and min(widths) >= 140 and max(widths) - min(widths) <= 4:
        return True
    return any(_is_block(child) for child in node.children)


def _is_block(node: Node) -> bool:
    if node.box.height > 110:
        return True
    if node.flow == "text":
        return len(node.lines) > 1
    is_group = node.flow in ("column", "stack", "table")
    return is_group and node.box.height > 84 and node.box.width > 160
