"""What kind of row a row is: a line of words and buttons, or columns beside each other."""

from __future__ import annotations

from studio.pipeline.layout.nodes import Node


def is_block_row(node: Node) -> bool:
    """Whether a row's children are columns of their own (grid) rather than words and buttons in a
    line (flex).
    """
    widths = [child.box.width for child in node.children]
    boxed = all(child.surface is not None for child in node.children)
    if boxed and widths and min(widths) >= 140 and max(widths) - min(widths) <= 4:
        return True
    return any(
        child.box.height > 110
        or (child.flow == "text" and len(child.lines) > 1)
        or (
            child.flow in ("column", "stack", "table")
            and child.box.height > 84
            and child.box.width > 160
        )
        for child in node.children
    )
