"""Tables of rows whose cells hold more than text: badges, buttons, pictures, two lines.

The layout finds tables of texts. Here rows of a column become one where their parts stand in common
columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.table_cells import join_cell_parts, list_leaf_cells
from studio.pipeline.layout.cuts import describe_look
from studio.pipeline.layout.nodes import Node
from studio.pipeline.perception.hints import bound_boxes

FEWEST_ROWS = 3
FEWEST_LEAF_ROWS = 4  # rows of a table whose cells are told by the gaps between all parts
FEWEST_COLUMNS = 3
MOST_OTHERS = 2  # rows at a run's start that may be no part of the table: a title and its controls
TALLEST_ROW = 120.0  # px; taller rows are cards
FULL = 0.6  # share of the columns that each row fills
APART = 14.0  # px; parts nearer to each other are one cell, such as an icon and its word
TEXTUAL = 0.5  # share of cells that are texts
Cells = list[Node]


def gather_row_tables(node: Node) -> Node:
    """Return the column with its runs of rows in common columns as tables."""
    if node.flow != "column":
        return node
    children: list[Node] = []
    run: list[Node] = []
    for child in node.children:
        if _read_row(child) is not None or (run and child.flow == "rule"):
            run.append(child)
            continue
        children += _close_run(run)
        run = []
        children.append(child)
    children += _close_run(run)
    if len(children) == 1 and children[0].flow == "table" and node.surface is None:
        return replace(children[0], box=node.box, ink=node.ink)
    return replace(node, children=tuple(children))


def _read_row(node: Node) -> tuple[Node, list[Node]] | None:
    """Return the row in a node, and the rules around it; None if it is no row of a table."""
    if node.flow == "row" and node.box.height <= TALLEST_ROW:
        if any(inner.flow == "rule" for inner in node.walk()):
            return None  # a toolbar: lines stand between its parts
        return (node, []) if len(_list_cells(node)) >= FEWEST_COLUMNS - 1 else None
    if node.flow != "column" or node.surface is not None:
        return None
    rows = [child for child in node.children if child.flow == "row"]
    rules = [child for child in node.children if child.flow == "rule"]
    if len(rows) != 1 or len(rules) != len(node.children) - 1:
        return None
    inner = _read_row(rows[0])
    return (inner[0], rules) if inner is not None else None


def _list_cells(row: Node) -> Cells:
    """Return a row's parts, through rows inside that only keep parts together."""
    cells: Cells = []
    for child in row.children:
        if child.flow == "row" and child.surface is None and child.label.role != "choice":
            cells += _list_cells(child)
        else:
            cells.append(child)
    return cells


def _close_run(run: Sequence[Node]) -> list[Node]:
    """Return the run as one table, or as it is."""
    end = len(run)
    while end and run[end - 1].flow == "rule":
        end -= 1
    rows: list[Node] = []
    rules: list[Node] = []
    for child in run[:end]:
        if child.flow == "rule":
            rules.append(child)
            continue
        read = _read_row(child)
        assert read is not None
        rows.append(read[0])
        rules += read[1]
    for first in _order_starts(rows):
        top = rows[first].box.y
        own_rules = [rule for rule in rules if not first or rule.box.y >= top]
        table = _make_table(rows[first:], own_rules)
        if table is not None:
            others = run[: run.index(_find_owner(run, rows[first]))]
            return [*others, table, *run[end:]]
    return list(run)


def _order_starts(rows: Sequence[Node]) -> list[int]:
    """Return where a table may start: first where the only painted row is, which is its head."""
    starts = list(range(min(MOST_OTHERS + 1, len(rows))))
    painted = [i for i, row in enumerate(rows) if row.surface is not None]
    if len(painted) == 1 and painted[0] in starts:
        starts.remove(painted[0])
        starts.insert(0, painted[0])
    return starts


def _find_owner(run: Sequence[Node], row: Node) -> Node:
    """Return the run's part that is the row or holds it."""
    return next(part for part in run if any(node is row for node in part.walk()))


def _make_table(rows: Sequence[Node], rules: Sequence[Node]) -> Node | None:
    """Return the rows as a table: by their own parts, or by all that stands in them."""
    if len(rows) < FEWEST_ROWS:
        return None
    by_parts = _arrange_table(rows, rules, [_list_cells(row) for row in rows])
    if by_parts is not None or len(rows) < FEWEST_LEAF_ROWS:
        return by_parts
    return _arrange_table(rows, rules, [list_leaf_cells(row) for row in rows])


def _arrange_table(
    rows: Sequence[Node], rules: Sequence[Node], cells: Sequence[Cells]
) -> Node | None:
    """Return the rows as a table if their cells stand in common columns."""
    tracks = _find_tracks([cell for row in cells for cell in row])
    if len(tracks) < FEWEST_COLUMNS or not _are_cells(cells, rows, rules):
        return None
    made = []
    for row, parts in zip(rows, cells, strict=True):
        joined = list(_join_parts(parts, tracks))
        if len(joined) < FULL * len(tracks):
            return None
        made.append(replace(row, children=tuple(joined)))
    children = sorted([*made, *rules], key=lambda child: child.box.y)
    box = bound_boxes([child.box for child in children])
    # The rows' own ids stay theirs; a node that is made here has the negative of its first part's.
    return Node(
        -rows[0].id, "table", box, box, tuple(children), columns=len(tracks), tracks=tuple(tracks)
    )


def _are_cells(cells: Sequence[Cells], rows: Sequence[Node], rules: Sequence[Node]) -> bool:
    """Return True if the rows are a table's: texts mostly, ruled or headed or many."""
    parts = [cell for row in cells for cell in row]
    if sum(part.flow == "text" for part in parts) < TEXTUAL * len(parts):
        return False
    if any(part.label.role == "field" for part in parts):
        return False
    looks = [{describe_look(cell) for cell in row if cell.flow == "text"} for row in cells]
    has_head = not looks[0] & looks[1]
    painted = [row.surface is not None for row in rows]
    are_painted = sum(painted) >= len(rows) - 1
    is_head_painted = painted[0] and not painted[1]
    return len(rules) >= len(rows) - 2 or has_head or are_painted or is_head_painted


def _find_tracks(cells: Sequence[Node]) -> list[tuple[float, float]]:
    """Return the extents of columns: what overlaps across, or nearly touches, is one."""
    tracks: list[tuple[float, float]] = []
    for cell in sorted(cells, key=lambda cell: cell.ink.x):
        if tracks and cell.ink.x < tracks[-1][1] + APART:
            tracks[-1] = (tracks[-1][0], max(tracks[-1][1], cell.ink.right))
        else:
            tracks.append((cell.ink.x, cell.ink.right))
    return tracks


def _join_parts(parts: Sequence[Node], tracks: Sequence[tuple[float, float]]) -> Iterator[Node]:
    for left, right in tracks:
        inside = [part for part in parts if left - 1 <= part.ink.cx <= right + 1]
        if inside:
            yield join_cell_parts(inside)
