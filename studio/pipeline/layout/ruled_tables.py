"""Ruled tables: strokes and edges that cross form a lattice.

Its fields are cells, joined where no stroke separates them. The strokes, surfaces and texts are
removed from the hints, so that the cuts never see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from studio.pipeline.layout.noise import is_rule
from studio.pipeline.perception.hints import Border, Box, Hints, Rect, TextLine, bound_boxes

LONG = 36.0  # px; a vertical stroke at least this long may separate columns
STROKES = 3  # fewest strokes of a table that strokes alone tell
ROWS = 3  # fewest painted rows, one below the other, through which fewer strokes run
NEAR = 5.0  # px; strokes this close are one line
NARROW = 12.0  # px; narrower fields are borders, not cells
HEAVY = 2.0  # px; a stroke at least this wide is told of a cell, others are the table's


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its first row and column, how many of each it spans, and its content."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box
    fill: str | None
    texts: tuple[TextLine, ...]
    border: Border | None = None  # a heavy one, on some sides


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table: the positions of its lines, and its cells."""

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    border: Border
    cells: tuple[Cell, ...]


def find_lattices(hints: Hints) -> tuple[Hints, list[Lattice]]:
    """Return the ruled tables, and the hints without what they are made of."""
    lattices: list[Lattice] = []
    rest = hints
    for strokes in _group_strokes(hints.rects):
        region, parts = _find_region(strokes, rest)
        lattice = _build_lattice(region, parts, strokes, rest)
        if lattice is None:
            continue
        lattices.append(lattice)
        inside = Box(region.x - 3, region.y - 3, region.width + 6, region.height + 6)
        rest = replace(
            rest,
            rects=tuple(r for r in rest.rects if not inside.contains(r.box, 3)),
            texts=tuple(t for t in rest.texts if t.box.intersection(inside) < 0.8 * t.box.area),
            pictures=tuple(p for p in rest.pictures if not inside.contains(p.box, 0)),
        )
    return rest, lattices


def _group_strokes(rects: Sequence[Rect]) -> list[list[Box]]:
    """Return vertical strokes grouped by those beside each other."""
    strokes = [
        r.box for r in rects if is_rule(r) and r.box.height > r.box.width and r.box.height >= LONG
    ]
    groups: list[list[Box]] = []
    for box in sorted(strokes, key=lambda b: -b.height):
        home = next((g for g in groups if _are_beside(g[0], box)), None)
        if home is None:
            groups.append([box])
        else:
            home.append(box)
    return groups


def _are_beside(a: Box, b: Box) -> bool:
    shared = min(a.bottom, b.bottom) - max(a.y, b.y)
    return shared > 0.6 * min(a.height, b.height)


def _find_region(strokes: Sequence[Box], hints: Hints) -> tuple[Box, list[Rect]]:
    """Return the table's extent and its parts.

    The extent includes the strokes and every surface or rule that crosses them within their height.
    """
    region = bound_boxes(list(strokes))
    parts: list[Rect] = []
    for _ in range(2):
        search_area = Box(region.x - 3, region.y - NEAR, region.width + 6, region.height + 2 * NEAR)
        parts = [
            r
            for r in hints.rects
            if r.box.y >= search_area.y
            and r.box.bottom <= search_area.bottom
            and r.box.intersection(search_area) > 0
            and r.box.width > NARROW
        ]
        region = bound_boxes([region, *(r.box for r in parts)])
    return region, parts


def _cluster_positions(values: Iterable[float]) -> list[float]:
    clusters: list[float] = []
    for value in sorted(values):
        if not clusters or value - clusters[-1] > NEAR:
            clusters.append(value)
    return clusters


def _build_lattice(
    region: Box, parts: Sequence[Rect], strokes: Sequence[Box], hints: Hints
) -> Lattice | None:
    has_strokes = len(_cluster_positions(stroke.x for stroke in strokes)) >= STROKES
    if not has_strokes and not _are_rows(region, parts, strokes):
        return None
    sides = [x for part in parts for x in _list_drawn_sides(part)]
    xs = _find_lines([region.x, region.right, *(s.x for s in strokes), *sides])
    ys = _find_lines(
        [region.y, region.bottom, *(y for r in parts for y in (r.box.y, r.box.bottom))]
    )
    texts = [t for t in hints.texts if t.box.intersection(region) > 0.8 * t.box.area]
    if len(xs) < 3 or len(ys) < 3 or len(texts) < 4 or _has_gap(xs, parts, texts):
        return None
    cells = _join_fields(xs, ys, parts, strokes, texts)
    if len(cells) < 4 or _overlap(cells):
        return None
    cells = [replace(cell, border=_find_heavy_border(cell.box, hints.rects)) for cell in cells]
    color = next((r.fill for r in hints.rects if r.box in strokes and r.fill), "#000000")
    return Lattice(region, tuple(xs), tuple(ys), Border(1.0, color), tuple(cells))


def _are_rows(region: Box, parts: Sequence[Rect], strokes: Sequence[Box]) -> bool:
    """Return True if painted rows as wide as the region, one below the other, fill it, and each stroke
    runs through all of them.
    """
    rows = sorted(
        (part.box for part in parts if part.fill and part.box.width >= region.width - NEAR),
        key=lambda box: box.y,
    )
    if len(rows) < ROWS or any(row.height > region.height / 2 for row in rows):
        return False
    are_close = all(abs(b.y - a.bottom) <= NEAR for a, b in pairwise(rows))
    height = rows[-1].bottom - rows[0].y
    are_through = all(stroke.height >= height - 2 * NEAR for stroke in strokes)
    return are_close and are_through and height >= region.height - 2 * NEAR


def _list_drawn_sides(part: Rect) -> list[float]:
    """Return where a box has a border at its left and at its right."""
    drawn = part.border.sides if part.border else ""
    ends = (("l", part.box.x), ("r", part.box.right))
    return [x for side, x in ends if side in drawn]


def _has_gap(xs: Sequence[float], parts: Sequence[Rect], texts: Sequence[TextLine]) -> bool:
    """Return True if nothing is drawn between two columns: they are cards side by side, and what
    looks like a column is the gap between them.
    """
    for left, right in pairwise(xs):
        middle = (left + right) / 2
        is_crossed = any(part.box.x < middle < part.box.right for part in parts)
        holds_text = any(left <= text.box.cx <= right for text in texts)
        if not is_crossed and not holds_text:
            return True
    return False


def _find_heavy_border(cell: Box, rects: Sequence[Rect]) -> Border | None:
    """Return the heavy stroke that lies on most sides of a cell."""
    sides: dict[tuple[float, str], str] = {}
    for side in "trbl":
        heavy = [stroke for rect in rects if (stroke := _get_stroke(rect, cell, side)) is not None]
        if heavy:
            widest = max(heavy)
            sides[widest] = sides.get(widest, "") + side
    if not sides:
        return None
    width, color = max(sides, key=lambda stroke: (len(sides[stroke]), stroke))
    return Border(width, color, sides[width, color])


def _get_stroke(rect: Rect, cell: Box, side: str) -> tuple[float, str] | None:
    """Return width and color of a rule, or of a box's border, that is heavy and lies on this side of
    a cell.
    """
    line = _get_side(cell, side)
    if is_rule(rect):
        width, color, edges = min(rect.box.width, rect.box.height), rect.fill, [rect.box]
    elif rect.border:
        width, color = rect.border.width, rect.border.color
        edges = [
            _get_side(rect.box, each) for each in rect.border.sides if _is_parallel(each, side)
        ]
    else:
        return None
    if width < HEAVY or color is None:
        return None
    lies_there = any(_lies_along(edge, line, is_level=side in "tb") for edge in edges)
    return (width, color) if lies_there else None


def _get_side(box: Box, side: str) -> Box:
    """Return a side of a box as a line without width."""
    if side in "tb":
        return Box(box.x, box.y if side == "t" else box.bottom, box.width, 0.0)
    return Box(box.x if side == "l" else box.right, box.y, 0.0, box.height)


def _is_parallel(one: str, other: str) -> bool:
    return (one in "tb") == (other in "tb")


def _lies_along(edge: Box, line: Box, *, is_level: bool) -> bool:
    if is_level:
        return abs(edge.cy - line.cy) <= NEAR / 2 and edge.x <= line.cx <= edge.right
    return abs(edge.cx - line.cx) <= NEAR / 2 and edge.y <= line.cy <= edge.bottom


def _find_lines(values: list[float]) -> list[float]:
    lines = _cluster_positions(values)
    kept = [lines[0]]
    for line in lines[1:]:
        if line - kept[-1] >= NARROW:
            kept.append(line)
    return kept


def _join_fields(
    xs: Sequence[float],
    ys: Sequence[float],
    parts: Sequence[Rect],
    strokes: Sequence[Box],
    texts: Sequence[TextLine],
) -> list[Cell]:
    """Return fields joined where neither a stroke nor an edge separates them."""
    columns, rows = len(xs) - 1, len(ys) - 1
    parent = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(field: tuple[int, int]) -> tuple[int, int]:
        while parent[field] != field:
            field = parent[field]
        return field

    vertical_lines = [
        *strokes,
        *(
            _make_vertical_line(r.box, x)
            for r in parts
            if r.box.height > NARROW
            for x in (r.box.x, r.box.right)
        ),
    ]
    horizontal_lines = [
        _make_horizontal_line(r.box, y) for r in parts for y in (r.box.y, r.box.bottom)
    ]
    for r in range(rows):
        for c in range(columns):
            middle_x = (xs[c] + xs[c + 1]) / 2
            middle_y = (ys[r] + ys[r + 1]) / 2
            if c + 1 < columns and not any(
                abs(b.x - xs[c + 1]) <= NEAR and b.y <= middle_y <= b.bottom for b in vertical_lines
            ):
                _join_cells(parent, root((r, c)), root((r, c + 1)))
            if r + 1 < rows and not any(
                abs(b.y - ys[r + 1]) <= NEAR and b.x <= middle_x <= b.right
                for b in horizontal_lines
            ):
                _join_cells(parent, root((r, c)), root((r + 1, c)))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for field in parent:
        members.setdefault(root(field), []).append(field)
    return [_make_cell(fields, xs, ys, parts, texts) for fields in sorted(members.values())]


def _join_cells(
    home: dict[tuple[int, int], tuple[int, int]], a: tuple[int, int], b: tuple[int, int]
) -> None:
    home[max(a, b)] = min(a, b)


def _make_vertical_line(box: Box, x: float) -> Box:
    return Box(x, box.y, 1, box.height)


def _make_horizontal_line(box: Box, y: float) -> Box:
    return Box(box.x, y, box.width, 1)


def _make_cell(
    fields: Sequence[tuple[int, int]],
    xs: Sequence[float],
    ys: Sequence[float],
    parts: Sequence[Rect],
    texts: Sequence[TextLine],
) -> Cell:
    top = min(row for row, _ in fields)
    left = min(column for _, column in fields)
    bottom = max(row for row, _ in fields) + 1
    right = max(column for _, column in fields) + 1
    box = Box(xs[left], ys[top], xs[right] - xs[left], ys[bottom] - ys[top])
    inside = tuple(
        t for t in texts if box.x <= t.box.cx <= box.right and box.y <= t.box.cy <= box.bottom
    )
    return Cell(top, left, bottom - top, right - left, box, _find_fill(box, inside, parts), inside)


def _find_fill(box: Box, texts: Sequence[TextLine], parts: Sequence[Rect]) -> str | None:
    if texts:
        return texts[0].background
    around = [r for r in parts if r.fill and r.box.intersection(box) > 0.8 * box.area]
    return min(around, key=lambda r: r.box.area).fill if around else None


def _overlap(cells: Sequence[Cell]) -> bool:
    """Return True if two cells share a field, which no HTML table can express."""
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        fields = {
            (r, c)
            for r in range(cell.row, cell.row + cell.rows)
            for c in range(cell.column, cell.column + cell.columns)
        }
        if fields & taken:
            return True
        taken |= fields
    return False
