"""Tables: columns as shares of the width, rows with their heights, rules as borders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from studio.pipeline.codegen.columns import is_solid
from studio.pipeline.codegen.context import (
    SIDE_NAMES,
    Context,
    build_surface_styles,
    build_text_styles,
)
from studio.pipeline.codegen.element import Element, Room, Styles
from studio.pipeline.codegen.texts import SAFE, build_text_element, find_wrap_range
from studio.pipeline.layout.bands import split_into_bands
from studio.pipeline.layout.nodes import Align, Flow, Node
from studio.pipeline.perception.hints import bound_boxes

Write = Callable[[Node, Room, Context], Element]
BOLD = 600  # the weight from which text counts as bold
FITTING_COLUMNS = 3  # columns that fit a phone; a table of more scrolls in its box
NARROWEST_COLUMN = 104.0  # px of a column of such a table
CENTERED = 6.0  # px off the middle that still count as centered
FREE = 0.03  # weight of a boundary that only the gap around it shows, where a center weighs 1


def build_table(node: Node, room: Room, ctx: Context, write: Write) -> Element:
    if node.surface is not None and node.surface.border is not None:
        return build_ruled_table(node, room, ctx, write)
    rows = [child for child in node.children if child.flow != "rule"]
    solid = [child for child in node.children if child.flow == "rule" or is_solid(child)] or [node]
    left, right = min(c.box.x for c in solid), max(c.box.right for c in solid)
    left, right = min(left, node.box.x), max(right, node.box.right)
    alignments = [_find_column_alignment(rows, track) for track in node.tracks]
    edges = _find_column_edges(node.tracks, alignments, left, right)
    table = Element(
        "table",
        "table",
        {"width": "100%", "border-collapse": "collapse", "table-layout": "fixed"},
        node=node.id,
    )
    extents = _find_row_edges(node, rows)
    body = Element("tbody")
    head = Element("thead")
    for i, row in enumerate(rows):
        row_element = _build_row(
            node, row, extents[i], edges, alignments, ctx, write, is_first=i == 0
        )
        (head if "bold" in row.label.flags else body).children.append(row_element)
    table.children = [
        _write_column_widths(edges),
        *(part for part in (head, body) if part.children),
    ]
    return _wrap_in_scroll_box(table, Room(left, right), room)


def _write_column_widths(edges: Sequence[float]) -> Element:
    """Return the columns' shares of the width."""
    total = edges[-1] - edges[0]
    shares = [f"{100 * (b - a) / total:.2f}%" for a, b in pairwise(edges)]
    return Element("colgroup", children=[Element("col", "", {"width": share}) for share in shares])


def _wrap_in_scroll_box(table: Element, own: Room, room: Room) -> Element:
    """Return a box in which the table scrolls where the screen is narrower than its text."""
    box = Element("div", "table-scroll", {"overflow-x": "auto"}, children=[table])
    columns = len(_list_cells(table))
    least = min(own.width, columns * NARROWEST_COLUMN)
    table.small["min-width"] = least if columns > FITTING_COLUMNS else "0"
    left, right = own.left - room.left, room.right - own.right
    if abs(left) > 2 or abs(right) > 2:
        box.style["max-width"] = float(round(own.width))
        if abs(left - right) <= 4:
            box.style["margin-inline"] = "auto"
        elif abs(left) > 1.5:
            box.style["margin-left"] = left
            box.small["margin-left"] = 0.0
    return box


def _list_cells(table: Element) -> list[Element]:
    row = next(e for e in table.walk() if e.tag == "tr")
    return [c for c in row.children if isinstance(c, Element)]


def _list_members(rows: Sequence[Node], track: tuple[float, float]) -> list[Node]:
    return [
        c
        for row in rows
        for c in row.children
        if track[0] - 2 <= c.ink.x and c.ink.right <= track[1] + 2
    ]


def _find_column_alignment(rows: Sequence[Node], track: tuple[float, float]) -> Align:
    cells = _list_members(rows, track)
    spreads: list[tuple[float, Align]] = [
        (_measure_spread([c.ink.x for c in cells]), "left"),
        (_measure_spread([c.ink.cx for c in cells]), "center"),
        (_measure_spread([c.ink.right for c in cells]), "right"),
    ]
    best = min(spread for spread, _ in spreads)
    return next(align for spread, align in spreads if spread <= best + 1.5)


def _measure_spread(values: Sequence[float]) -> float:
    return max(values) - min(values) if values else 0.0


def _find_column_edges(
    tracks: Sequence[tuple[float, float]], alignments: Sequence[Align], left: float, right: float
) -> list[float]:
    """Return the column boundaries.

    Boundaries are where centered columns are even around their centers, as far as all can be. Before a
    column that is flush left the first column's padding is kept. Else a boundary is the middle of its gap.
    """
    inner = len(tracks) - 1
    if not inner:
        return [left, right]
    padding = max(0.0, tracks[0][0] - left) if alignments[0] == "left" else 8.0
    gaps = [(before[1], after[0]) for before, after in pairwise(tracks)]
    rows: list[list[float]] = []
    wanted: list[float] = []
    for i, (low, high) in enumerate(gaps):
        is_flush = alignments[i + 1] == "left"
        row = [0.0] * inner
        row[i] = 1.0 if is_flush else FREE
        rows.append(row)
        wanted.append(high - padding if is_flush else FREE * (low + high) / 2)
    for i, (align, (begin, end)) in enumerate(zip(alignments, tracks, strict=True)):
        if align == "center":
            rows.append([float(k in (i - 1, i)) for k in range(inner)])
            wanted.append(begin + end - (left if i == 0 else 0.0) - (right if i == inner else 0.0))
    solution, *_ = np.linalg.lstsq(np.array(rows), np.array(wanted), rcond=None)
    return [
        left,
        *(float(min(max(x, low), high)) for x, (low, high) in zip(solution, gaps, strict=True)),
        right,
    ]


def _find_row_edges(table: Node, rows: Sequence[Node]) -> list[tuple[float, float]]:
    """Return top and bottom of every row.

    They are those of its own surface, the rules around it, or half-way to its neighbors.
    """
    rules = sorted(c.box.y for c in table.children if c.flow == "rule")
    extents = []
    edge = table.box.y
    for i, row in enumerate(rows):
        if row.surface is not None:
            extents.append((row.box.y, row.box.bottom))
            edge = row.box.bottom
            continue
        above = [y for y in rules if y <= row.ink.y and (i == 0 or y >= rows[i - 1].ink.bottom - 1)]
        below = [
            y
            for y in rules
            if y >= row.ink.bottom - 1 and (i + 1 == len(rows) or y <= rows[i + 1].ink.y + 1)
        ]
        thickness = next(
            (
                c.box.height
                for c in table.children
                if c.flow == "rule" and below and c.box.y == below[0]
            ),
            0.0,
        )
        before = rows[i - 1].box.bottom if i else row.box.y
        after = rows[i + 1].box.y if i + 1 < len(rows) else row.box.bottom
        if i:
            top = edge
        elif above:
            top = above[0]
        elif below:
            top = max(row.ink.cy - (below[0] - row.ink.cy), table.box.y)
        else:
            top = row.box.y
        if below:
            bottom = below[0]
        elif i + 1 < len(rows) and rows[i + 1].surface:
            bottom = after
        else:
            bottom = (row.box.bottom + after) / 2
        edge = bottom + thickness
        if i and rows[i - 1].surface:
            top = min(top, before)
        extents.append((top, max(bottom, row.ink.bottom)))
    return extents


def _build_row(
    table: Node,
    row: Node,
    extent: tuple[float, float],
    edges: Sequence[float],
    alignments: Sequence[Align],
    ctx: Context,
    write: Write,
    *,
    is_first: bool,
) -> Element:
    is_head = "bold" in row.label.flags
    row_element = Element(
        "tr", "table__head" if is_head else "", build_surface_styles(row.surface), node=row.id
    )
    rule = _find_rule_below(table, row, extent)
    if rule is not None and rule.box.width > 0.8 * (edges[-1] - edges[0]):
        row_element.style["border-bottom"] = _find_stroke(rule)
        row_element.name = row_element.name or "table__row"
        rule = None
    top_rule = _find_rule_above(table, row) if is_first else None
    if top_rule is not None:
        row_element.style["border-top"] = _find_stroke(top_rule)
    if row_element.style:
        row_element.name = row_element.name or "table__row"
    for i, (left, right) in enumerate(pairwise(edges)):
        inside = [c for c in row.children if left - 3 <= c.ink.cx <= right + 3]
        cell = _build_cell(
            inside, Room(left, right), extent, alignments[i], ctx, write, head=is_head
        )
        if rule is not None and rule.box.x < right - 8 and rule.box.right > left + 8:
            cell.style["border-bottom"] = _find_stroke(rule)
        row_element.children.append(cell)
    return row_element


def _find_stroke(rule: Node) -> str:
    color = rule.surface.fill if rule.surface else "#000000"
    return f"{max(1, round(rule.box.height))}px solid {color}"


def _find_rule_below(table: Node, row: Node, extent: tuple[float, float]) -> Node | None:
    rules = [
        c
        for c in table.children
        if c.flow == "rule" and row.ink.bottom - 2 <= c.box.y <= extent[1] + 4
    ]
    return max(rules, key=lambda r: (r.box.width, r.box.height), default=None)


def _find_rule_above(table: Node, row: Node) -> Node | None:
    return next((c for c in table.children if c.flow == "rule" and c.box.y < row.ink.y), None)


def _build_cell(
    inside: Sequence[Node],
    room: Room,
    extent: tuple[float, float],
    align: Align,
    ctx: Context,
    write: Write,
    *,
    head: bool,
) -> Element:
    height = extent[1] - extent[0]
    style: Styles = {"vertical-align": "middle"}
    if not inside:
        return Element(
            "th" if head else "td", "table__cell", {**style, "height": float(round(height))}
        )
    node = inside[0] if len(inside) == 1 else _group_contents(inside)
    if node.flow == "text":
        text_room = room
        if align == "center":
            text_room = Room(node.box.cx - room.width / 2, node.box.cx + room.width / 2)
        cell = build_text_element(node, text_room, ctx, "th" if head else "td", "table__cell")
        for side in ("margin-left", "margin-right", "margin-inline", "max-width"):
            cell.style.pop(side, None)
            cell.small.pop(side, None)
    else:
        own = Room(node.box.x, node.box.right, own=True)
        cell = Element("td", "table__cell", children=[write(node, own, ctx)])
        _replace_inner_cells(cell)
        cell.style.update(build_text_styles(ctx.base, ctx.base))
        _unwrap_paragraphs(cell)
        for child in cell.children:
            if isinstance(child, Element) and align == "center":
                child.style["margin-inline"] = "auto"
    if node.flow == "text" and "clickable" in node.label.flags:
        decoration = cell.style.pop("text-decoration", "none")
        link = Element("a", "link", {"text-decoration": decoration}, attrs={"href": "#"})
        link.children, cell.children = cell.children, [link]
    cell.style.pop("white-space", None)
    cell.small.pop("white-space", None)
    cell.style["text-align"] = align
    if head and cell.tag == "th":
        cell.style.setdefault(
            "font-weight", str(node.style.weight) if node.flow == "text" else "700"
        )
    padding = max(0.0, (height - node.box.height) / 2)
    offset = node.box.cy - (extent[0] + extent[1]) / 2
    above = max(0, round(padding + offset))
    cell.style["padding-top"] = float(above)
    cell.style["padding-bottom"] = float(max(0, round(height - node.box.height - above)))
    left = right = 0.0
    if align == "left":
        left = float(max(0, round(node.box.x - room.left)))
    elif align == "right":
        right = float(max(0, round(room.right - node.box.right)))
    cell.style["padding-left"] = left
    cell.style["padding-right"] = right
    if node.flow == "text" and align != "right":
        _keep_breaks(cell, node, room, centered=align == "center")
    return cell


def _group_contents(inside: Sequence[Node]) -> Node:
    """Return a cell's contents as one node: a line where they stand side by side."""
    columns = split_into_bands(inside, vertical=False)
    is_line = len(columns) == len(inside)
    ordered = sorted(inside, key=lambda n: n.ink.x if is_line else n.ink.y)
    boxes, inks = [n.box for n in ordered], [n.ink for n in ordered]
    flow: Flow = "row" if is_line else "column"
    return Node(0, flow, bound_boxes(boxes), bound_boxes(inks), tuple(ordered))


def _replace_inner_cells(element: Element) -> None:
    """Turn cells directly in a cell into blocks: HTML allows none outside a row."""
    for child in element.children:
        if not isinstance(child, Element) or child.tag == "table":
            continue
        if child.tag in ("td", "th"):
            child.tag = "div"
        _replace_inner_cells(child)


def _unwrap_paragraphs(cell: Element) -> None:
    """Turn paragraphs in a cell into plain boxes: the cell says what they are."""
    for element in cell.walk():
        if element.tag == "p":
            element.tag = "div"


def build_ruled_table(node: Node, room: Room, ctx: Context, write: Write) -> Element:
    """Return a table whose cells all have borders and may span columns and rows."""
    assert node.surface is not None
    assert node.surface.border is not None
    border = node.surface.border
    style: Styles = {"width": "100%", "border-collapse": "collapse", "table-layout": "fixed"}
    table = Element("table", "table", style, node=node.id)
    body = Element("tbody")
    line = f"{border.width:g}px solid {border.color}"
    for row in node.children:
        made = Element("tr", "table__row", {"height": float(round(row.box.height))}, node=row.id)
        made.children = [_build_ruled_cell(cell, line, ctx, write) for cell in row.children]
        body.children.append(made)
    table.children = [
        _write_column_widths([node.tracks[0][0], *(right for _, right in node.tracks)]),
        body,
    ]
    return _wrap_in_scroll_box(table, Room(node.box.x, node.box.right), room)


def _build_ruled_cell(cell: Node, line: str, ctx: Context, write: Write) -> Element:
    texts = [child for child in cell.children if child.flow == "text"]
    is_bold = bool(texts) and all(text.style.weight >= BOLD for text in texts)
    tag = "th" if is_bold else "td"
    inner = Room(cell.box.x + 1, cell.box.right - 1)
    if len(texts) == 1 and len(cell.children) == 1:
        element = build_text_element(texts[0], inner, ctx, tag, "table__cell")
        for side in ("margin-left", "margin-right", "margin-inline", "max-width", "white-space"):
            element.style.pop(side, None)
            element.small.pop(side, None)
        is_centered = abs(texts[0].box.cx - inner.centre) <= CENTERED
        _keep_breaks(element, texts[0], inner, centered=is_centered)
        element.style["text-align"] = (
            "center" if is_centered else element.style.get("text-align", "left")
        )
        if element.style["text-align"] == "left":
            element.style["padding-left"] = float(max(0, round(texts[0].box.x - inner.left)))
    else:
        element = Element(
            tag, "table__cell", {"text-align": "center" if _is_centered(texts, inner) else "left"}
        )
        element.children = [write(child, inner, ctx) for child in cell.children]
    if is_bold:
        element.style["font-weight"] = "700"
    element.style.update({"border": line, "vertical-align": "middle"})
    element.style.update(_build_heavy_sides(cell, line))
    element.style.setdefault("padding-left", 0.0)
    element.style.setdefault("padding-right", 0.0)
    element.style["padding-top"] = element.style["padding-bottom"] = 0.0
    if cell.surface is not None and cell.surface.fill is not None:
        element.style["background-color"] = cell.surface.fill
    columns, rows = cell.spans
    element.attrs.update({k: str(v) for k, v in (("colspan", columns), ("rowspan", rows)) if v > 1})
    return element


def _build_heavy_sides(cell: Node, line: str) -> Styles:
    """Return the sides on which a cell has another stroke than its table's."""
    border = cell.surface.border if cell.surface else None
    if border is None:
        return {}
    stroke = f"{border.width:g}px solid {border.color}"
    if stroke == line:
        return {}
    return {f"border-{SIDE_NAMES[side]}": stroke for side in border.sides}


def _keep_breaks(cell: Element, text: Node, room: Room, *, centered: bool) -> None:
    """Set the padding at which the text breaks as in the mockup."""
    if len(text.lines) < 2:
        return
    low, high, _ = find_wrap_range(text)
    if high - SAFE <= room.width and high > low:
        spare = room.width - (low + high) / 2
        if centered:
            cell.style["padding-left"] = cell.style["padding-right"] = round(spare) / 2
        else:
            cell.style["padding-right"] = float(max(0, round(spare - (text.box.x - room.left))))


def _is_centered(texts: Sequence[Node], room: Room) -> bool:
    return bool(texts) and all(abs(text.box.cx - room.centre) <= CENTERED for text in texts)
