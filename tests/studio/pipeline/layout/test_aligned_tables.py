"""Rows of short cells in common columns are a table where rules or fills mark them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from studio.pipeline.layout.aligned_tables import build_ruled_table_node, find_tables
from studio.pipeline.layout.nodes import Node, Surface
from studio.pipeline.layout.paragraphs import Ids
from studio.pipeline.layout.ruled_tables import Cell, Lattice
from studio.pipeline.perception.hints import Border, Box
from tests.studio.pipeline.hand_made import (
    list_texts,
    make_box,
    make_group,
    make_picture,
    make_rule,
    make_text,
)

XS = (0, 300, 600)  # px where the columns begin
ROWS = (("Boat", "Masts", "Price"), ("Anna", "Two", "$40"), ("Bea", "One", "$30"))


def make_row(words: Sequence[str], y: float, *, fill: str | None = None) -> Node:
    row = make_group("row", *(make_text(word, x, y) for word, x in zip(words, XS, strict=False)))
    if fill is None:
        return row
    return replace(row, box=Box(0, y - 10, 900, 40), surface=Surface(fill))


def make_rows(
    rows: Sequence[Sequence[str]] = ROWS, *, ruled: bool = True, pitch: float = 50
) -> list[Node]:
    children = []
    for i, words in enumerate(rows):
        children.append(make_row(words, pitch * i))
        if ruled:
            children.append(make_rule(0, pitch * i + 30, 640))
    return children


def find(*children: Node) -> list[Node]:
    """Return the tables in a column below a title."""
    column = make_group("column", make_text("Our boats", 0, -100, size=40), *children)
    return [node for node in find_tables(column, Ids()).walk() if node.flow == "table"]


def test_rows_between_rules_are_a_table_with_their_columns():
    [table] = find(*make_rows())
    assert table.columns == 3
    assert [left for left, _ in table.tracks] == list(XS)


def test_the_rules_stay_in_the_table_also_the_last_one():
    [table] = find(*make_rows())
    assert [child.flow for child in table.children] == ["row", "rule"] * 3


def test_rows_without_rules_or_fills_are_no_table():
    assert find(*make_rows(ruled=False)) == []


def test_painted_rows_need_no_rules():
    rows = [make_row(words, 40 * i, fill="#eeeeee") for i, words in enumerate(ROWS)]
    assert len(find(*rows)) == 1


def test_a_row_far_below_is_no_part_of_the_table():
    [table] = find(*make_rows(), make_row(("Cleo", "Three", "$50"), 400))
    assert "Cleo" not in list_texts(table)


def test_a_row_whose_cell_spans_two_columns_is_no_part_of_the_table():
    sentence = "All prices are those of one day on the water with a crew"
    across = make_group("row", make_text(sentence, 0, 150), make_text("$9", 600, 150))
    [table] = find(*make_rows(), across)
    assert "$9" not in list_texts(table)


def test_rows_with_texts_of_very_unlike_sizes_are_no_table():
    rows = make_rows()
    rows[2] = make_group(
        "row", *(make_text("$40", x, 50, size=40) for x in XS)
    )  # the prices of three cards
    assert find(*rows) == []


def test_a_title_and_its_text_beside_it_are_no_table():
    rows = []
    for i in range(3):
        title, text = make_text("Masts", 0, 60 * i, size=22), make_text("Two of them", 300, 60 * i)
        rows += [make_group("row", title, text), make_rule(0, 60 * i + 40, 700)]
    assert find(*rows) == []


def test_a_column_of_nothing_but_a_table_is_the_table():
    column = make_group("column", *make_rows())
    table = find_tables(column, Ids())
    assert table.flow == "table"
    assert table.id == column.id


def test_a_painted_box_keeps_the_table_that_it_holds():
    box = find_tables(make_box(0, -20, 900, 200, *make_rows()), Ids())
    assert box.flow == "column"
    assert [child.flow for child in box.children] == ["table"]


def test_a_head_right_above_the_panel_of_the_rows_belongs_to_them():
    head = make_row(ROWS[0], -30, fill="#dddddd")
    body = make_rows((("Anna", "Two", "$40"), ("Bea", "One", "$30"), ("Cleo", "Six", "$90")))
    panel = make_box(0, 0, 900, 150, *body)
    [table] = find(head, panel)
    assert list_texts(table)[:4] == ["Boat", "Masts", "Price", "Anna"]


def test_words_that_a_wide_gap_grouped_are_cells_each():
    row = make_group(
        "row", make_text("Cleo", 0, 150), make_group("row", make_text("Six", 300, 150))
    )
    [table] = find(*make_rows(), make_group("row", row, make_text("$90", 600, 150)))
    cells = next(child for child in table.children if "Cleo" in list_texts(child)).children
    assert [cell.flow for cell in cells] == ["text"] * 3


def test_a_lattice_is_a_table_whose_cells_say_what_they_span():
    wide = Cell(0, 0, 1, 2, Box(0, 0, 200, 40), "#dddddd", ())
    narrow = [
        Cell(1, i, 1, 1, Box(100 * i, 40, 100, 40), None, (), border=Border(2.0, "#000000", "r"))
        for i in range(2)
    ]
    lattice = Lattice(
        Box(0, 0, 200, 80), (0, 100, 200), (0, 40, 80), Border(1.0, "#999999"), (wide, *narrow)
    )
    table = build_ruled_table_node(lattice, Ids())
    first, second = table.children
    assert table.columns == 2
    assert [cell.spans for cell in first.children] == [(2, 1)]
    assert first.children[0].surface.border == lattice.border  # no stroke of its own
    assert {cell.surface.border.width for cell in second.children} == {2.0}


def find_with(make_cell: Callable[[float], Node], *, count: int = 3) -> list[Node]:
    """Return the tables in ruled rows of a word, another cell and an amount."""
    children = []
    for i in range(count):
        y = 60.0 * i
        cells = make_text(f"Boat {i}", 0, y), make_cell(y), make_text("$40", 600, y)
        children += [make_group("row", *cells), make_rule(0, y + 50, 640)]
    return find(*children)


def test_a_small_picture_and_a_badge_are_cells():
    assert find_with(lambda y: make_picture(300, y, 40, 40))
    assert find_with(lambda y: make_box(300, y, 60, 24, make_text("Paid", 310, y)))


@pytest.mark.parametrize(
    "make_cell",
    [
        lambda y: make_picture(300, y, 200, 40),
        lambda y: make_box(300, y, 250, 30, make_text("Paid", 310, y)),
        lambda y: make_box(300, y, 100, 56, make_text("Paid", 310, y)),
        lambda y: make_text("a\nb\nc\nd\ne\nf", 300, y, size=6),
        lambda y: make_group("column", make_text("A", 300, y), make_text("B", 300, y + 100)),
    ],
    ids=["a wide picture", "a wide box", "a high box", "six lines", "texts far below each other"],
)
def test_larger_things_are_no_cells(make_cell: Callable[[float], Node]):
    assert find_with(make_cell) == []


def test_rows_that_share_only_one_column_are_no_table():
    rows = [
        make_group("row", *(make_text("Word", x, 50 * i) for x in xs))
        for i, xs in enumerate(((0, 300), (0, 600, 900)))
    ]
    children = [node for row in rows for node in (row, make_rule(0, row.box.bottom + 8, 640))]
    assert find(*children) == []


@pytest.mark.parametrize(("size", "tables"), [(15, 1), (11, 0)])
def test_two_columns_are_a_table_where_their_texts_are_of_nearly_one_size(size: float, tables: int):
    children = []
    for i in range(3):
        row = make_group("row", make_text("Masts", 0, 50 * i), make_text("Two", 300, 50 * i, size))
        children += [row, make_rule(0, 50 * i + 30, 340)]
    assert len(find(*children)) == tables
