"""Small pictures with text beside them: all lines that begin at the text's edge stand beside the picture.

The layout cuts such a thing into its first line, with the picture, and the lines below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.layout.nodes import Node, make_group_id
from studio.pipeline.perception.hints import bound_boxes

LARGEST = 80.0  # px of the picture, or of the box around an icon
ALIGNED = 4.0  # px by which the lines' left edges may differ
INDENT = 24.0  # px from the picture's left edge, from which a line is beside it
NEAR = 20.0  # px between two of the lines


def gather_media(column: Node) -> Node:
    """Return the column with each picture's lines in one column beside it."""
    gathered: list[Node] = []
    for child in column.children:
        joined = _join_line(gathered[-1], child) if gathered else None
        if joined is None:
            gathered.append(child)
        else:
            gathered[-1] = joined
    if len(gathered) == len(column.children):
        return column
    if len(gathered) == 1 and column.surface is None:
        row = gathered[0]
        return replace(column, flow="row", children=row.children, label=row.label)
    return replace(column, children=tuple(gathered))


def _join_line(row: Node, line: Node) -> Node | None:
    """Return the row with the line below its text, or None if the line does not belong there."""
    if row.flow != "row" or row.surface is not None or len(row.children) != 2:
        return None
    picture, text = row.children
    if not _is_small_picture(picture) or line.flow != "text" or line.marker:
        return None
    above = _get_last_line(text)
    if above is None or picture.box.cx > text.box.x:
        return None
    is_beside = line.box.x - picture.box.x >= INDENT and line.box.x >= picture.box.right
    is_flush = abs(line.box.x - above.box.x) <= ALIGNED
    is_near = line.box.y - above.box.bottom <= NEAR
    if not (is_beside and is_flush and is_near):
        return None
    parts = text.children if text.flow == "column" else (text,)
    lines = _make_column([*parts, line])
    box, ink = bound_boxes([row.box, line.box]), bound_boxes([row.ink, line.ink])
    return replace(row, children=(picture, lines), box=box, ink=ink)


def _is_small_picture(node: Node) -> bool:
    leaves = [inner for inner in node.walk() if not inner.children]
    are_pictures = all(leaf.flow == "picture" for leaf in leaves)
    return are_pictures and max(node.box.width, node.box.height) <= LARGEST


def _get_last_line(node: Node) -> Node | None:
    """Return the last text of a text or of a plain column of texts."""
    if node.flow == "text":
        return node
    is_plain = node.flow == "column" and node.surface is None
    if is_plain and all(child.flow == "text" for child in node.children):
        return node.children[-1]
    return None


def _make_column(parts: Sequence[Node]) -> Node:
    box = bound_boxes([part.box for part in parts])
    ink = bound_boxes([part.ink for part in parts])
    column = Node(make_group_id(parts[0]), "column", box, ink, tuple(parts))
    return column.labelled("div", "column")
