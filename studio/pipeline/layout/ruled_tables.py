"""Ruled tables: strokes and edges that cross form a lattice; its fields are cells, joined where no
stroke parts them.

Takes its strokes, surfaces and texts out of the hints, so that the cuts never see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from studio.pipeline.layout.nodes import bound_boxes
from studio.pipeline.layout.noise import is_rule
from studio.pipeline.perception.hints import Border, Box, Hints, Rect, TextLine

LONG = 36.0  # px: a vertical stroke at least this long may part columns
STROKES = 3  # of them make a table
NEAR = 5.0  # px: strokes this close are one line
NARROW = 12.0  # px: fields narrower than this are border, not cell


@dataclass(frozen=True, slots=True)
class Cell:
    row: int
    column: int
    rows: int
    columns: int
    box: Box
    fill: str | None
    texts: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class Lattice:
    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    border: Border
    cells: tuple[Cell, ...]


def find_lattices(hints: Hints) -> tuple[Hints, list[Lattice]]:
    """The ruled tables, and the hints without what they are made of."""
    found: list[Lattice] = []
    rest = hints
    for strokes in _group_strokes(hints.rects):
        region, parts = _find_region(strokes, rest)
        lattice = _build_lattice(region, parts, strokes, rest)
        if lattice is None:
            continue
        found.append(lattice)
        inside = Box(region.x - 3, region.y - 3, region.width + 6, region.height + 6)
        rest = replace(
            rest,
            rects=tuple(r for r in rest.rects if not inside.contains(r.box, 3)),
            texts=tuple(t for t in rest.texts if t.box.intersection(inside) < 0.8 * t.box.area),
            pictures=tuple(p for p in rest.pictures if not inside.contains(p.box, 0)),
        )
    return rest, found


def _group_strokes(rects: Sequence[Rect]) -> list[list[Box]]:
    """Vertical strokes that stand side by side."""
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
    return [g for g in groups if len(_cluster_positions(b.x for b in g)) >= STROKES]


def _are_beside(a: Box, b: Box) -> bool:
    shared = min(a.bottom, b.bottom) - max(a.y, b.y)
    return shared > 0.6 * min(a.height, b.height)


def _find_region(strokes: Sequence[Box], hints: Hints) -> tuple[Box, list[Rect]]:
    """The table's extent: the strokes and every surface or rule that crosses them within their
    height.
    """
    region = bound_boxes(list(strokes))
    parts: list[Rect] = []
    for _ in range(2):
        grown = Box(region.x - 3, region.y - NEAR, region.width + 6, region.height + 2 * NEAR)
        parts = [
            r
            for r in hints.rects
            if r.box.y >= grown.y
            and r.box.bottom <= grown.bottom
            and r.box.intersection(grown) > 0
            and r.box.width > NARROW
        ]
        region = bound_boxes([region, *(r.box for r in parts)])
    return region, parts


def _cluster_positions(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > NEAR:
            out.append(value)
    return out


def _build_lattice(
    region: Box, parts: Sequence[Rect], strokes: Sequence[Box], hints: Hints
) -> Lattice | None:
    xs = _find_lines([region.x, region.right, *(s.x for s in strokes)])
    ys = _find_lines(
        [region.y, region.bottom, *(y for r in parts for y in (r.box.y, r.box.bottom))]
    )
    texts = [t for t in hints.texts if t.box.intersection(region) > 0.8 * t.box.area]
    if len(xs) < 3 or len(ys) < 3 or len(texts) < 4:
        return None
    cells = _join_fields(xs, ys, parts, strokes, texts)
    if len(cells) < 4 or _overlap(cells):
        return None
    color = next((r.fill for r in hints.rects if r.box in strokes and r.fill), "#000000")
    return Lattice(region, tuple(xs), tuple(ys), Border(1.0, color), tuple(cells))


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
    """Fields joined where neither a stroke nor an edge parts them."""
    columns, rows = len(xs) - 1, len(ys) - 1
    home = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(field: tuple[int, int]) -> tuple[int, int]:
        while home[field] != field:
            field = home[field]
        return field

    upright = [
        *strokes,
        *(
            _find_side(r.box, x)
            for r in parts
            if r.box.height > NARROW
            for x in (r.box.x, r.box.right)
        ),
    ]
    level = [_round_level(r.box, y) for r in parts for y in (r.box.y, r.box.bottom)]
    for r in range(rows):
        for c in range(columns):
            middle_x, middle_y = (xs[c] + xs[c + 1]) / 2, (ys[r] + ys[r + 1]) / 2
            if c + 1 < columns and not any(
                abs(b.x - xs[c + 1]) <= NEAR and b.y <= middle_y <= b.bottom for b in upright
            ):
                _join_cells(home, root((r, c)), root((r, c + 1)))
            if r + 1 < rows and not any(
                abs(b.y - ys[r + 1]) <= NEAR and b.x <= middle_x <= b.right for b in level
            ):
                _join_cells(home, root((r, c)), root((r + 1, c)))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for field in home:
        members.setdefault(root(field), []).append(field)
    return [_make_cell(fields, xs, ys, parts, texts) for fields in sorted(members.values())]


def _join_cells(
    home: dict[tuple[int, int], tuple[int, int]], a: tuple[int, int], b: tuple[int, int]
) -> None:
    home[max(a, b)] = min(a, b)


def _find_side(box: Box, x: float) -> Box:
    return Box(x, box.y, 1, box.height)


def _round_level(box: Box, y: float) -> Box:
    return Box(box.x, y, box.width, 1)


def _make_cell(
    fields: Sequence[tuple[int, int]],
    xs: Sequence[float],
    ys: Sequence[float],
    parts: Sequence[Rect],
    texts: Sequence[TextLine],
) -> Cell:
    top, left = min(r for r, _ in fields), min(c for _, c in fields)
    bottom, right = max(r for r, _ in fields) + 1, max(c for _, c in fields) + 1
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
    """Whether two cells share a field, which no table can say."""
    seen: set[tuple[int, int]] = set()
    for cell in cells:
        fields = {
            (r, c)
            for r in range(cell.row, cell.row + cell.rows)
            for c in range(cell.column, cell.column + cell.columns)
        }
        if fields & seen:
            return True
        seen |= fields
    return False
