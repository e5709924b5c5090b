"""Cells of tables that are told by what stands in a row, whatever groups hold it."""

from __future__ import annotations

from collections.abc import Sequence

from studio.pipeline.layout.bands import split_into_bands
from studio.pipeline.layout.nodes import Flow, Node, make_group_id
from studio.pipeline.perception.hints import bound_boxes

CONTROLS = ("button", "badge", "field")


def list_leaf_cells(row: Node) -> list[Node]:
    """Return the texts, pictures and controls of a row, from left to right."""
    leaves = _list_leaves(row)
    return sorted(leaves, key=lambda leaf: leaf.ink.x)


def _list_leaves(node: Node) -> list[Node]:
    if not node.children or node.label.role in CONTROLS:
        return [node]
    return [leaf for child in node.children for leaf in _list_leaves(child)]


def join_cell_parts(parts: Sequence[Node]) -> Node:
    """Return what stands in one cell as one node: lines below each other, parts side by side."""
    if len(parts) == 1:
        return parts[0]
    columns = split_into_bands(parts, vertical=False)
    if len(columns) > 1:
        return _make_group("row", columns)
    lines = split_into_bands(parts, vertical=True)
    if len(lines) > 1:
        return _make_group("column", lines)
    return _make_group("row", [[part] for part in parts])


def _make_group(flow: Flow, bands: Sequence[Sequence[Node]]) -> Node:
    children = tuple(join_cell_parts(band) for band in bands)
    box = bound_boxes([child.box for child in children])
    group = Node(make_group_id(children[0]), flow, box, box, children)
    return group.labelled("div", "row" if flow == "row" else "column")
