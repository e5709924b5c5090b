"""Tables styled by column: what the cells of a column share is one rule of the table.

So cells need no classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from studio.pipeline.codegen.element import Element, Styles, Value

STEP = 4.0  # px of the scale of spaces
UNEVEN = 3.5  # times the share: px by which rows of one height may differ


def make_even(root: Element, share: float) -> None:
    """Give all cells of a table one padding, and align them by column.

    Only tables whose rows are nearly of one height are changed.
    """
    for table in root.walk():
        rows = [row for row in _list_rows(table) if row] if table.tag == "table" else []
        if (
            not rows
            or any(cell.attrs for row in rows for cell in row)
            or len({len(row) for row in rows}) > 1
        ):
            continue
        paddings = [
            _set_cell_padding(cell) for row in rows for cell in row if "line-height" in cell.style
        ]
        if not paddings or max(paddings) - min(paddings) > UNEVEN * share:
            continue
        padding = STEP * round(sum(paddings) / len(paddings) / STEP)
        for row in rows:
            for cell in row:
                cell.style.update(
                    {"padding-top": padding, "padding-bottom": padding, "vertical-align": "middle"}
                )
                cell.style.pop("height", None)
        for column in zip(*rows, strict=True):
            _align_column(column)


def _set_cell_padding(cell: Element) -> float:
    sides = (cell.style.get("padding-top", 0.0), cell.style.get("padding-bottom", 0.0))
    return sum(0.0 if isinstance(side, str) else side for side in sides) / 2


def _align_column(column: Sequence[Element]) -> None:
    for key in ("text-align", "padding-left", "padding-right", "line-height"):
        values = Counter(cell.style[key] for cell in column if key in cell.style)
        if values:
            value = values.most_common(1)[0][0]
            for cell in column:
                keeps_own = key == "line-height" and key in cell.style
                if not keeps_own or _is_near(cell.style[key], value):
                    cell.style[key] = value


def _is_near(one: Value, other: Value) -> bool:
    return not isinstance(one, str) and not isinstance(other, str) and abs(one - other) <= 2


def style_by_column(root: Element) -> None:
    """Move cells' styles to `inner` rules of their table.

    Those of all cells of a tag are moved first, then those of one column of them.
    """
    for table in root.walk():
        if table.tag != "table" or any(cell.attrs or cell.small for cell in _list_cells(table)):
            continue
        for tag in ("th", "td"):
            rows = [
                row for row in _list_rows(table) if row and all(cell.tag == tag for cell in row)
            ]
            if len(rows) < 2 or len({len(row) for row in rows}) > 1:
                continue
            shared_by_all = _take_shared_declarations([cell for row in rows for cell in row])
            if shared_by_all:
                table.inner[tag] = shared_by_all
            for number, column in enumerate(zip(*rows, strict=True), start=1):
                shared = _take_shared_declarations(column)
                if shared:
                    table.inner[f"{tag}:nth-child({number})"] = shared


def _list_rows(table: Element) -> list[list[Element]]:
    rows = [element for element in table.walk() if element.tag == "tr"]
    return [[cell for cell in row.children if isinstance(cell, Element)] for row in rows]


def _list_cells(table: Element) -> list[Element]:
    return [cell for row in _list_rows(table) for cell in row]


def _take_shared_declarations(cells: Sequence[Element]) -> Styles:
    """Remove the declarations that all cells share, and return them."""
    first = cells[0].style
    shared = {
        key: value
        for key, value in first.items()
        if all(cell.style.get(key) == value for cell in cells)
    }
    for cell in cells:
        for key in shared:
            del cell.style[key]
    return shared
