"""Tables among a column's children: consecutive rows of short cells whose columns line up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.layout.cuts import make_group
from studio.pipeline.layout.nodes import Node, Surface, bound_boxes
from studio.pipeline.layout.paragraphs import Ids, make_text_nodes
from studio.pipeline.layout.ruled_tables import Cell, Lattice
from studio.pipeline.perception.hints import Box

MOST_LINES = 4
FARTHEST = 90.0  # px from one row's ink to the next row's

Track = tuple[float, float]


def find_tables(node: Node, ids: Ids) -> Node:
    """The tree with runs of table rows gathered into table nodes (children: rows, each with its
    cells).
    """
    children = [find_tables(child, ids) for child in node.children]
    if node.flow != "column":
        return replace(node, children=tuple(children))
    children = _join_heads_and_bodies(children)
    out: list[Node] = []
    i = 0
    while i < len(children):
        end = _find_run_end(children, i)
        if end is None:
            out.append(children[i])
            i += 1
        else:
            out.append(_build_table_node(children[i:end], ids))
            i = end
    if len(out) == 1 and out[0].flow == "table" and node.children:
        table = out[0]
        if node.surface is None:
            return replace(table, id=node.id)
    return replace(node, children=tuple(out))


def _join_heads_and_bodies(children: list[Node]) -> list[Node]:
    """A head row and the panel with the body right below it as one sequence of rows."""
    out: list[Node] = []
    for child in children:
        head = out[-1] if out else None
        body = child.children[0] if len(child.children) == 1 and child.surface is not None else None
        if (
            head is not None
            and body is not None
            and body.flow == "table"
            and _is_row(head)
            and _touches(head, child)
        ):
            out += _fill_rows(body.children, child)
        else:
            out.append(child)
    return out


def _touches(a: Node, b: Node) -> bool:
    return (
        abs(b.box.y - a.box.bottom) <= 3
        and abs(a.box.x - b.box.x) <= 3
        and abs(a.box.right - b.box.right) <= 3
    )


def _fill_rows(rows: Sequence[Node], panel: Node) -> list[Node]:
    """Rows on their panel's ground, each as wide as the panel and from rule to rule."""
    surface = Surface(panel.surface.fill if panel.surface else None)
    out = []
    for i, row in enumerate(rows):
        if row.flow == "rule" or row.surface is not None:
            out.append(row)
            continue
        top = rows[i - 1].box.bottom if i else panel.box.y
        bottom = rows[i + 1].box.y if i + 1 < len(rows) else panel.box.bottom
        out.append(
            replace(row, box=Box(panel.box.x, top, panel.box.width, bottom - top), surface=surface)
        )
    return out


def _find_run_end(children: Sequence[Node], start: int) -> int | None:
    """Where the table that starts here ends; None when none does."""
    if not _is_row(children[start]):
        return None
    tracks = _find_column_tracks(children[start])
    rows, parted, end = [children[start]], 0, start + 1
    for i in range(start + 1, len(children)):
        child = children[i]
        if child.flow == "rule":
            continue
        if not _is_row(child) or child.ink.y - rows[-1].ink.bottom > FARTHEST:
            break
        merged = _merge_tracks(tracks, _find_column_tracks(child))
        if merged is None:
            break
        tracks, end = merged, i + 1
        parted += _is_parted(children, i)
        rows.append(child)
    if len(rows) < 2 or len(tracks) < 2:
        return None
    filled = sum(row.surface is not None for row in rows)
    enough = (
        parted + filled >= 0.5 * (len(rows) - 1)
        and parted + filled > 0
        and (len(rows) >= 3 or filled + parted >= 2)
    )
    return _include_last_rule(children, end, rows) if enough else None


def _is_parted(children: Sequence[Node], i: int) -> bool:
    return children[i - 1].flow == "rule"


def _include_last_rule(children: Sequence[Node], end: int, rows: Sequence[Node]) -> int:
    after = end < len(children) and children[end].flow == "rule"
    near = after and children[end].box.y - rows[-1].ink.bottom < 30
    return (
        end + 1
        if near and abs(children[end].box.width - bound_boxes([r.box for r in rows]).width) < 40
        else end
    )


def _is_row(node: Node) -> bool:
    if node.flow != "row" or len(node.children) < 2:
        return False
    return all(_is_cell(cell) for cell in _list_cells(node))


def _list_cells(row: Node) -> list[Node]:
    """A row's cells, also where wide gaps made groups of them."""
    out: list[Node] = []
    for child in row.children:
        out += _list_cells(child) if child.flow == "row" and child.surface is None else [child]
    return out


def _is_cell(node: Node) -> bool:
    if node.flow == "text":
        return len(node.lines) <= MOST_LINES
    small = node.box.height <= 64
    if node.flow in ("picture", "shape"):
        return small and node.box.width <= 80
    return (
        node.flow == "column"
        and node.surface is None
        and all(c.flow == "text" for c in node.children)
        and small
    )


def _find_column_tracks(row: Node) -> list[Track]:
    return [(cell.ink.x, cell.ink.right) for cell in _list_cells(row)]


def _merge_tracks(a: list[Track], b: list[Track]) -> list[Track] | None:
    """The columns of two rows together; None when a cell of one spans two of the other."""
    out = list(a)
    for track in b:
        hit = [t for t in out if min(t[1], track[1]) - max(t[0], track[0]) > -4]
        if len(hit) > 1:
            return None
        if hit:
            out[out.index(hit[0])] = (min(hit[0][0], track[0]), max(hit[0][1], track[1]))
        else:
            out.append(track)
    out.sort()
    return out if all(x[1] <= y[0] + 4 for x, y in zip(out, out[1:], strict=False)) else None


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
    """A lattice as a table node: rows that hold the cells that begin in them, each cell with its
    texts.
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
    surface = Surface(cell.fill, lattice.border)
    return Node(
        ids.next(),
        "column",
        cell.box,
        cell.box,
        tuple(texts),
        surface,
        spans=(cell.columns, cell.rows),
    )
