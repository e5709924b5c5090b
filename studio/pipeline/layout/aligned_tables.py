"""Tables among a column's children: consecutive rows of short cells in aligned columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.layout.cuts import make_group
from studio.pipeline.layout.nodes import Node, Surface
from studio.pipeline.layout.paragraphs import Ids, make_text_nodes
from studio.pipeline.layout.ruled_tables import Cell, Lattice
from studio.pipeline.perception.hints import Box, bound_boxes

MOST_LINES = 4
TALLEST_CELL = 64.0  # px
WIDEST_CONTROL, TALLEST_CONTROL = 160.0, 44.0  # px, of a badge or button in a cell
WIDEST_PICTURE = 80.0  # px, of a picture in a cell
FARTHEST = 90.0  # px from one row's ink to the next row's

LARGEST_CELL = 1.6  # times the smallest text of a table: a card's title or price is larger

SHARED = 0.5  # share of the columns that have cells in several rows

SIZE_SLACK = 0.12  # share by which the texts of two columns may differ: else a title and its text

Track = tuple[float, float]


def find_tables(node: Node, ids: Ids) -> Node:
    """Return the tree with runs of table rows gathered into table nodes.

    A table's children are rows with their cells.
    """
    children = [find_tables(child, ids) for child in node.children]
    if node.flow != "column":
        return replace(node, children=tuple(children))
    children = _join_heads_and_bodies(children)
    gathered: list[Node] = []
    i = 0
    while i < len(children):
        end = _find_run_end(children, i)
        if end is None:
            gathered.append(children[i])
            i += 1
        else:
            gathered.append(_build_table_node(children[i:end], ids))
            i = end
    if len(gathered) == 1 and gathered[0].flow == "table" and node.children:
        table = gathered[0]
        if node.surface is None:
            return replace(table, id=node.id)
    return replace(node, children=tuple(gathered))


def _join_heads_and_bodies(children: list[Node]) -> list[Node]:
    """Return a head row and the panel of the body right below it as one sequence of rows."""
    joined: list[Node] = []
    for child in children:
        head = joined[-1] if joined else None
        body = child.children[0] if len(child.children) == 1 and child.surface is not None else None
        if head is None or body is None or body.flow != "table":
            joined.append(child)
        elif _is_row(head) and _touches(head, child):
            joined += _fill_rows(body.children, child)
        else:
            joined.append(child)
    return joined


def _touches(a: Node, b: Node) -> bool:
    return (
        abs(b.box.y - a.box.bottom) <= 3
        and abs(a.box.x - b.box.x) <= 3
        and abs(a.box.right - b.box.right) <= 3
    )


def _fill_rows(rows: Sequence[Node], panel: Node) -> list[Node]:
    """Return the rows on their panel's background, as wide as the panel and from rule to rule."""
    surface = Surface(panel.surface.fill if panel.surface else None)
    filled = []
    for i, row in enumerate(rows):
        if row.flow == "rule" or row.surface is not None:
            filled.append(row)
            continue
        top = rows[i - 1].box.bottom if i else panel.box.y
        bottom = rows[i + 1].box.y if i + 1 < len(rows) else panel.box.bottom
        filled.append(
            replace(row, box=Box(panel.box.x, top, panel.box.width, bottom - top), surface=surface)
        )
    return filled


def _find_run_end(children: Sequence[Node], start: int) -> int | None:
    """Return where the table that starts here ends; None if none starts."""
    if not _is_row(children[start]):
        return None
    tracks = _find_column_tracks(children[start])
    rows = [children[start]]
    separated = 0  # rows that begin below a rule
    end = start + 1
    for i in range(start + 1, len(children)):
        child = children[i]
        if child.flow == "rule":
            continue
        if not _is_row(child) or child.ink.y - rows[-1].ink.bottom > FARTHEST:
            break
        merged = _merge_tracks(tracks, _find_column_tracks(child))
        if merged is None:
            break
        tracks = merged
        end = i + 1
        if children[i - 1].flow == "rule":
            separated += 1
        rows.append(child)
    if len(rows) < 2 or len(tracks) < 2 or not _are_table_rows(rows, tracks):
        return None
    if not _share_columns(rows, tracks):
        return None
    filled = sum(row.surface is not None for row in rows)
    marked = separated + filled
    if marked == 0 or marked < 0.5 * (len(rows) - 1):
        return None
    if len(rows) < 3 and marked < 2:
        return None
    return _include_last_rule(children, end, rows)


def _are_table_rows(rows: Sequence[Node], tracks: Sequence[Track]) -> bool:
    """Return False for rows of cards (titles and prices) and for rows of a title and its text."""
    sizes = [cell.style.size for row in rows for cell in _list_cells(row) if cell.flow == "text"]
    if not sizes or max(sizes) > LARGEST_CELL * min(sizes):
        return False
    if len(tracks) > 2:
        return True
    pairs = [
        (cells[0], cells[1])
        for row in rows
        if len(cells := [cell for cell in _list_cells(row) if cell.flow == "text"]) == 2
    ]
    alike = [pair for pair in pairs if _have_one_size(*pair)]
    return len(pairs) > len(rows) / 2 and len(alike) == len(pairs)


def _share_columns(rows: Sequence[Node], tracks: Sequence[Track]) -> bool:
    """Return True if most columns have cells in several rows; bands of a page have none in common."""
    cells = [_find_column_tracks(row) for row in rows]
    shared = 0
    for left, right in tracks:
        filled = sum(any(a <= right and b >= left for a, b in row) for row in cells)
        shared += filled > 1
    return shared >= SHARED * len(tracks)


def _have_one_size(one: Node, other: Node) -> bool:
    larger = max(one.style.size, other.style.size)
    return abs(one.style.size - other.style.size) <= SIZE_SLACK * larger


def _include_last_rule(children: Sequence[Node], end: int, rows: Sequence[Node]) -> int:
    if end == len(children) or children[end].flow != "rule":
        return end
    rule = children[end].box
    width = bound_boxes([row.box for row in rows]).width
    is_near = rule.y - rows[-1].ink.bottom < 30
    return end + 1 if is_near and abs(rule.width - width) < 40 else end


def _is_row(node: Node) -> bool:
    if node.flow != "row" or len(node.children) < 2:
        return False
    return all(_is_cell(cell) for cell in _list_cells(node))


def _list_cells(row: Node) -> list[Node]:
    """Return a row's cells, also those that wide gaps made groups of."""
    cells: list[Node] = []
    for child in row.children:
        if child.flow == "row" and child.surface is None:
            cells += _list_cells(child)
        else:
            cells.append(child)
    return cells


def _is_cell(node: Node) -> bool:
    if node.flow == "text":
        return len(node.lines) <= MOST_LINES
    if node.box.height > TALLEST_CELL:
        return False
    if node.flow in ("picture", "shape"):
        return node.box.width <= WIDEST_PICTURE
    if node.surface is not None:
        return _is_control(node)
    if node.flow != "column":
        return False
    return all(child.flow == "text" for child in node.children)


def _is_control(node: Node) -> bool:
    """Return True for a badge or button: a small painted box with a word or an icon."""
    is_small = node.box.width <= WIDEST_CONTROL and node.box.height <= TALLEST_CONTROL
    return is_small and all(child.flow in ("text", "picture") for child in node.children)


def _find_column_tracks(row: Node) -> list[Track]:
    return [(cell.ink.x, cell.ink.right) for cell in _list_cells(row)]


def _merge_tracks(a: list[Track], b: list[Track]) -> list[Track] | None:
    """Return the columns of two rows together; None if a cell of one spans two of the other."""
    merged = list(a)
    for track in b:
        hits = [t for t in merged if min(t[1], track[1]) - max(t[0], track[0]) > -4]
        if len(hits) > 1:
            return None
        if hits:
            merged[merged.index(hits[0])] = (min(hits[0][0], track[0]), max(hits[0][1], track[1]))
        else:
            merged.append(track)
    merged.sort()
    return (
        merged if all(x[1] <= y[0] + 4 for x, y in zip(merged, merged[1:], strict=False)) else None
    )


def _build_table_node(children: Sequence[Node], ids: Ids) -> Node:
    rows = [child for child in children if child.flow != "rule"]
    tracks = _find_column_tracks(rows[0])
    for row in rows[1:]:
        tracks = _merge_tracks(tracks, _find_column_tracks(row)) or tracks
    flat = [
        child if child.flow == "rule" else replace(child, children=tuple(_list_cells(child)))
        for child in children
    ]
    table = make_group("table", flat, ids)
    return replace(table, columns=len(tracks), tracks=tuple(tracks))


def build_ruled_table_node(lattice: Lattice, ids: Ids) -> Node:
    """Return a lattice as a table node.

    Its rows hold the cells that begin in them, each cell with its texts.
    """
    rows = []
    for i, (top, bottom) in enumerate(zip(lattice.ys, lattice.ys[1:], strict=False)):
        cells = tuple(
            _build_ruled_cell_node(cell, lattice, ids) for cell in lattice.cells if cell.row == i
        )
        box = Box(lattice.box.x, top, lattice.box.width, bottom - top)
        rows.append(Node(ids.next(), "row", box, box, cells))
    tracks = tuple(zip(lattice.xs, lattice.xs[1:], strict=False))
    surface = Surface(border=lattice.border)
    return Node(
        ids.next(),
        "table",
        lattice.box,
        lattice.box,
        tuple(rows),
        surface,
        columns=len(tracks),
        tracks=tracks,
    )


def _build_ruled_cell_node(cell: Cell, lattice: Lattice, ids: Ids) -> Node:
    texts = make_text_nodes(cell.texts, [], ids)
    surface = Surface(cell.fill, cell.border or lattice.border)
    return Node(
        ids.next(),
        "column",
        cell.box,
        cell.box,
        tuple(texts),
        surface,
        spans=(cell.columns, cell.rows),
    )
