"""Rows of icons with a line each, side by side and below each other: lists in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.list_nodes import make_list
from studio.pipeline.layout.list_runs import describe_item_look
from studio.pipeline.layout.nodes import Node, make_group_id
from studio.pipeline.perception.hints import bound_boxes

FEWEST_ROWS = 2
ALIGNED = 6.0  # px by which the items of a column may differ in their left edges
MOST_COLUMNS = 4


def gather_icon_lists(column: Node) -> Node:
    """Return a column with its runs of rows of icon lines as one list for each column of them."""
    gathered: list[Node] = []
    run: list[Node] = []
    for child in column.children:
        if _is_item_row(child) and (not run or _stands_below(run[-1], child)):
            run.append(child)
            continue
        gathered += _close_run(run)
        run = [child] if _is_item_row(child) else []
        if not run:
            gathered.append(child)
    gathered += _close_run(run)
    if len(gathered) == len(column.children):
        return column
    return _replace_children(column, gathered)


def _replace_children(column: Node, children: Sequence[Node]) -> Node:
    if len(children) == 1 and column.surface is None:
        return replace(column, flow="row", children=children[0].children, label=children[0].label)
    return replace(column, children=tuple(children))


def _is_item_row(node: Node) -> bool:
    """Return True for a row of items that look alike: each an icon and a line."""
    if node.flow != "row" or node.surface is not None:
        return False
    if not 2 <= len(node.children) <= MOST_COLUMNS:
        return False
    looks = {describe_item_look(child) for child in node.children if child.flow == "row"}
    are_rows = all(child.flow == "row" for child in node.children)
    return are_rows and len(looks) == 1 and None not in looks


def _stands_below(above: Node, row: Node) -> bool:
    if len(above.children) < len(row.children):
        return False
    pairs = zip(above.children, row.children, strict=False)
    return all(
        abs(one.box.x - other.box.x) <= ALIGNED
        and describe_item_look(one) == describe_item_look(other)
        for one, other in pairs
    )


def _close_run(run: Sequence[Node]) -> list[Node]:
    if len(run) < FEWEST_ROWS:
        return list(run)
    lists = [make_list(_list_items(run, place)) for place in range(len(run[0].children))]
    box = bound_boxes([each.box for each in lists])
    ink = bound_boxes([each.ink for each in lists])
    row = Node(make_group_id(lists[0]), "row", box, ink, tuple(lists))
    return [row.labelled("div", "columns", "repeat")]


def _list_items(run: Sequence[Node], place: int) -> list[Node]:
    items = [row.children[place] for row in run if place < len(row.children)]
    return [item.labelled("div", "item") for item in items]
