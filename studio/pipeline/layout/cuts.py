"""Recursive cuts of items into rows and columns.

Items that a straight line separates become rows or columns; items that none separates become a stack.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median_low

from studio.pipeline.layout.bands import split_into_bands
from studio.pipeline.layout.nodes import Flow, Node
from studio.pipeline.layout.paragraphs import Ids
from studio.pipeline.layout.sidebars import find_sidebar_runs
from studio.pipeline.perception.hints import Box, bound_boxes

# A row is first cut where gaps are this many times wider than usual, such as between logo and links.
PARTING = 2.4
WIDE = 32.0  # px; the least such gap
ACROSS = 0.35  # share of a run's width from which a rule separates its rows
LONELY = 40.0  # px below a row of columns, up to which a single text belongs to its column
ALIKE = 0.6  # share of rows or columns that must be of similar cells
SAME_LOOK = 0.7  # share of cells that must look the same
FARTHEST = 3  # times the columns' gap: rows farther apart are not read by columns
APART = 16.0  # px from which a gap parts columns, not an icon from its label
FOOTER_COLUMNS = 3  # from which columns may be of several bands
LEAST_GAP = 24.0  # px of that gap, at least
STANDS_OUT = 24.0  # px below its ground, from which an overlay makes a stack taller


def cut_items(items: Sequence[Node], ids: Ids) -> Node:
    """Return one node that holds all items; there must be at least one."""
    if len(items) == 1:
        return items[0]
    rows = split_into_bands(items, vertical=True)
    if len(rows) > 1:
        return _make_column([_cut_run(run, ids) for run in split_into_runs(rows)], ids)
    columns = split_into_bands(items, vertical=False)
    if len(columns) > 1:
        return _make_row(columns, ids)
    return cut_items(_put_on_top(items, ids), ids)


def make_group(flow: Flow, children: Sequence[Node], ids: Ids) -> Node:
    box, ink = bound_boxes([c.box for c in children]), bound_boxes([c.ink for c in children])
    return Node(ids.next(), flow, box, ink, tuple(children))


def split_into_runs(rows: list[list[Node]]) -> list[list[list[Node]]]:
    """Return runs of consecutive rows that are better read column by column.

    Every other row is a run of its own.
    """
    runs: list[list[list[Node]]] = []
    beside_sidebars = find_sidebar_runs(rows)
    i = 0
    while i < len(rows):
        if i in beside_sidebars:
            runs.append(rows[i : beside_sidebars[i]])
            i = beside_sidebars[i]
            continue
        end = i + 1
        best = end
        while end < len(rows) and _can_join(rows[i:end], rows[end]):
            end += 1
            if _reads_by_columns(rows[i:end]):
                best = end
        runs.append(rows[i:best])
        i = best
    return runs


def _flatten(rows: Sequence[Sequence[Node]]) -> list[Node]:
    return [node for row in rows for node in row]


def _measure_extent(row: Sequence[Node]) -> tuple[float, float]:
    return min(n.ink.y for n in row), max(n.ink.bottom for n in row)


def _can_join(rows: list[list[Node]], row: list[Node]) -> bool:
    extent = bound_boxes([n.ink for n in (*_flatten(rows), *row)]).width
    if any(n.flow == "rule" and n.ink.width > ACROSS * extent for n in (*_flatten(rows), *row)):
        return False
    if len(split_into_bands(rows[0], vertical=False)) < 2:
        return False
    is_single = len(split_into_bands(row, vertical=False)) < 2
    if is_single and _measure_extent(row)[0] - _measure_extent(rows[-1])[1] > LONELY:
        return False
    columns = split_into_bands(_flatten([*rows, row]), vertical=False)
    most = max(len(split_into_bands(r, vertical=False)) for r in (*rows, row))
    if len(columns) == most:
        return len(columns) >= 2
    # In a footer of several columns, a logo and its name are two bands of one column. Of two columns
    # the same would be said of check boxes and their labels.
    most_apart = max(_count_bands_apart(r) for r in (*rows, row))
    return len(columns) == most_apart >= FOOTER_COLUMNS


def _count_bands_apart(row: list[Node]) -> int:
    gaps = _find_column_gaps(split_into_bands(row, vertical=False))
    return 1 + sum(gap >= APART for gap in gaps)


def _find_column_gaps(columns: list[list[Node]]) -> list[float]:
    return [
        min(n.ink.x for n in b) - max(n.ink.right for n in a)
        for a, b in zip(columns, columns[1:], strict=False)
    ]


def _reads_by_columns(rows: list[list[Node]]) -> bool:
    columns = split_into_bands(_flatten(rows), vertical=False)
    # By id, because comparing nodes compares everything inside: minutes for a table of 150 rows.
    place = {node.id: i for i, column in enumerate(columns) for node in column}
    cells: list[list[list[Node]]] = [[[] for _ in columns] for _ in rows]
    for row, cell in zip(rows, cells, strict=True):
        for node in row:
            cell[place[node.id]].append(node)
    full = [row for row in cells if sum(bool(cell) for cell in row) >= 2]
    if not full:
        return False
    if all(_is_box(cell) for row in cells for cell in row if cell):
        return False
    gap = min(_find_column_gaps(columns))
    steps = [
        _measure_extent(b)[0] - _measure_extent(a)[1] for a, b in zip(rows, rows[1:], strict=False)
    ]
    if max(steps) > FARTHEST * max(gap, LEAST_GAP):
        return False
    similar_rows = sum(_are_alike(row) for row in full)
    if similar_rows / len(full) >= ALIKE:
        return True
    similar_columns = sum(_are_alike([row[i] for row in cells]) for i in range(len(columns)))
    if similar_columns / len(columns) >= ALIKE:
        return False
    if len({_count_looks(row) for row in full}) == 1:
        return False
    return max(steps) <= 1.5 * gap + 16


def _is_box(cell: list[Node]) -> bool:
    return len(cell) == 1 and cell[0].surface is not None and bool(cell[0].children)


def describe_look(node: Node) -> tuple[object, ...]:
    """Return what a node looks like, regardless of its text and place."""
    if node.flow == "text":
        style = node.style
        return "text", round(style.size), style.weight, style.color
    if node.surface is not None:
        return "box", node.surface.fill, node.surface.border is not None, len(node.children)
    return node.flow, len(node.children)


def _describe_cell_look(cell: Sequence[Node]) -> tuple[object, ...]:
    return tuple(sorted({str(describe_look(n)) for n in cell}))


def _are_alike(cells: Sequence[Sequence[Node]]) -> bool:
    looks = [_describe_cell_look(cell) for cell in cells if cell]
    return len(looks) >= 2 and Counter(looks).most_common(1)[0][1] >= SAME_LOOK * len(looks)


def _count_looks(row: Sequence[Sequence[Node]]) -> tuple[object, ...]:
    return tuple(sorted(str(sorted({n.flow for n in cell})) for cell in row if cell))


def _cut_run(run: list[list[Node]], ids: Ids) -> Node:
    if len(run) == 1:
        row = run[0]
        if len(row) == 1:
            return row[0]
        columns = split_into_bands(row, vertical=False)
        if len(columns) > 1:
            return _make_row(columns, ids)
        return cut_items(_put_on_top(row, ids), ids)
    return _make_row(split_into_bands(_flatten(run), vertical=False), ids)


def _make_column(children: list[Node], ids: Ids) -> Node:
    if len(children) == 1:
        return children[0]
    return make_group("column", children, ids)


def _make_row(columns: list[list[Node]], ids: Ids) -> Node:
    parts = _split_at_wide_gaps(columns)
    return make_group("row", [cut_items(_flatten(part), ids) for part in parts], ids)


def _split_at_wide_gaps(columns: list[list[Node]]) -> list[list[list[Node]]]:
    """Return the columns in groups where few gaps are far wider than the others.

    Evenly spread columns are not grouped.
    """
    ungrouped = [[column] for column in columns]
    gaps = _find_column_gaps(columns)
    if len(gaps) < 2 or are_evenly_spread(
        [bound_boxes([n.ink for n in column]) for column in columns]
    ):
        return ungrouped
    usual = median_low(gaps)
    least = max(PARTING * usual, WIDE)
    wide = [gap > least and gap >= 0.5 * max(gaps) for gap in gaps]
    if not any(wide) or sum(wide) > len(gaps) / 2:
        return ungrouped
    parts: list[list[list[Node]]] = [[columns[0]]]
    for column, is_wide in zip(columns[1:], wide, strict=True):
        if is_wide:
            parts.append([])
        parts[-1].append(column)
    return parts


def are_evenly_spread(boxes: Sequence[Box], slack: float = 3.0) -> bool:
    """Return True if left edges, centers or right edges are spread at one pitch."""
    keys: tuple[Callable[[Box], float], ...] = (lambda b: b.x, lambda b: b.cx, lambda b: b.right)
    for key in keys:
        places = [key(box) for box in boxes]
        steps = [b - a for a, b in zip(places, places[1:], strict=False)]
        if max(steps) - min(steps) <= slack:
            return True
    return False


def _put_on_top(items: Sequence[Node], ids: Ids) -> list[Node]:
    """Return the items with the smallest one that overlaps another stacked on it.

    An example is a badge over a card's corner.
    """
    for node in sorted(items, key=lambda n: (n.ink.area, n.id)):
        under = [n for n in items if n is not node and n.ink.intersection(node.ink) > 0]
        if under:
            target = max(under, key=lambda n: (n.ink.intersection(node.ink), -n.id))
            others = [n for n in items if n is not node]
            return [_make_stack(target, node, ids) if n is target else n for n in others]
    # Nothing overlaps, but no line separates them (a pinwheel): the first two in reading order are
    # joined.
    first, second, *rest = sorted(items, key=lambda n: (n.ink.y, n.ink.x))
    return [_make_stack(first, second, ids, whole=True), *rest]


def _make_stack(target: Node, overlay: Node, ids: Ids, *, whole: bool = False) -> Node:
    if target.flow == "stack" and target.surface is None:
        is_whole = whole or overlay.ink.bottom - target.ink.bottom > STANDS_OUT
        ink = target.ink.union(overlay.ink) if is_whole else target.ink
        box = target.box.union(overlay.box) if is_whole else target.box
        return replace(target, children=(*target.children, overlay), ink=ink, box=box)
    # An overlay that stands out far below is part of the stack's height; a badge on an edge is not.
    is_taller = overlay.ink.bottom - target.ink.bottom > STANDS_OUT
    box = target.box.union(overlay.box) if whole or is_taller else target.box
    ink = target.ink.union(overlay.ink) if whole or is_taller else target.ink
    return Node(ids.next(), "stack", box, ink, (target, overlay))
