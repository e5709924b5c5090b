"""Tables styled by column: what the cells of a column share is one rule of the table.

So cells need no classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from studio.pipeline.codegen.class_members import Member
from studio.pipeline.codegen.element import Element, Styles, Value
from studio.pipeline.codegen.shared_numbers import settle_numbers

STEP = 4.0  # px of the scale of spaces
UNEVEN = 3.5  # times the share: px by which rows of one height may differ


# What a cell has where a column's rule does not reach it.
UNDONE: Styles = {"padding-left": 0.0, "padding-right": 0.0, "text-align": "left"}


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
        if table.tag == "table":
            _move_column_widths(table)
        if table.tag != "table" or any(cell.attrs or cell.small for cell in _list_cells(table)):
            continue
        for tag in ("th", "td"):
            rows = [
                row for row in _list_rows(table) if row and all(cell.tag == tag for cell in row)
            ]
            if len(rows) < 2 or len({len(row) for row in rows}) > 1:
                continue
            _share_cell_numbers(rows)
            columns = list(zip(*rows, strict=True))
            _spread_usual_declarations(columns)
            shared_by_all = _take_usual_declarations([cell for row in rows for cell in row])
            if shared_by_all:
                table.inner[tag] = shared_by_all
            for number, column in enumerate(columns, start=1):
                shared = _take_shared_declarations(column)
                if shared:
                    table.inner[f"{tag}:nth-child({number})"] = shared


def _move_column_widths(table: Element) -> None:
    columns = [element for element in table.walk() if element.tag == "col"]
    for number, column in enumerate(columns, start=1):
        table.inner[f"col:nth-child({number})"] = column.style
        column.style = {}


def _spread_usual_declarations(columns: Sequence[Sequence[Element]]) -> None:
    """Set on all cells what most columns' cells have and the others can undo by their own value."""
    cells = [cell for column in columns for cell in column]
    for key in sorted({key for cell in cells for key in cell.style}):
        values = Counter(cell.style.get(key) for cell in cells)
        value, count = values.most_common(1)[0]
        if value is not None and count > len(cells) / 2 and key in UNDONE:
            for cell in cells:
                cell.style.setdefault(key, UNDONE[key])


def _share_cell_numbers(rows: Sequence[Sequence[Element]]) -> None:
    """Give cells equal numbers down a column, and equal vertical ones in the whole table."""
    down = ("padding-top", "padding-bottom", "line-height", "height")
    cells = [Member(cell, cell.style, cell.small) for row in rows for cell in row]
    for key in down:
        settle_numbers(cells, key)
    for column in zip(*rows, strict=True):
        members = [Member(cell, cell.style, cell.small) for cell in column]
        for key in sorted({key for cell in column for key in cell.style} - set(down)):
            settle_numbers(members, key)


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


def _take_usual_declarations(cells: Sequence[Element]) -> Styles:
    """Remove the declarations that most cells have, where the others have their own value.

    A column's rule or a cell's class wins over them.
    """
    usual: Styles = {}
    for key in list(cells[0].style):
        values = Counter(cell.style.get(key) for cell in cells)
        value, count = values.most_common(1)[0]
        if value is None or None in values or count <= len(cells) / 2:
            continue
        usual[key] = value
        for cell in cells:
            if cell.style[key] == value:
                del cell.style[key]
    return usual
