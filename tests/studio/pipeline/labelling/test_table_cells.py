"""What stands in a cell is one node, in the order in which it is read."""

from __future__ import annotations

from studio.pipeline.labelling.rules.table_cells import join_cell_parts, list_leaf_cells
from tests.studio.pipeline.hand_made import (
    list_texts,
    make_box,
    make_group,
    make_picture,
    make_text,
    set_label,
)


def test_the_parts_of_a_row_are_listed_from_left_to_right_whatever_holds_them():
    name = make_group("column", make_text("Ada", 60), make_text("Captain", 60, 24))
    row = make_group("row", make_text("$40", 400), name, make_picture(0, 0, 40, 40))
    flows = [leaf.flow for leaf in list_leaf_cells(row)]
    assert flows == ["picture", "text", "text", "text"]
    assert [leaf.text for leaf in list_leaf_cells(row)][-1] == "$40"


def test_a_badge_is_one_part_with_its_word():
    badge = set_label(make_box(0, 0, 60, 24, make_text("Paid", 10)), "a", "badge")
    assert list_leaf_cells(make_group("row", badge)) == [badge]


def test_a_single_part_is_its_cell():
    part = make_text("Paid")
    assert join_cell_parts([part]) is part


def test_parts_side_by_side_are_a_row():
    cell = join_cell_parts([make_text("Ada", 60), make_picture(0, 0, 40, 40)])
    assert (cell.flow, cell.label.role) == ("row", "row")
    assert [child.flow for child in cell.children] == ["picture", "text"]


def test_lines_below_each_other_are_a_column():
    cell = join_cell_parts([make_text("Captain", 0, 24), make_text("Ada")])
    assert cell.flow == "column"
    assert list_texts(cell) == ["Ada", "Captain"]


def test_a_picture_beside_two_lines_is_a_row_with_a_column():
    lines = make_text("Ada", 60), make_text("Captain", 60, 24)
    cell = join_cell_parts([make_picture(0, 0, 40, 40), *lines])
    assert [child.flow for child in cell.children] == ["picture", "column"]


def test_parts_that_lie_on_each_other_still_are_one_cell():
    cell = join_cell_parts([make_box(0, 0, 60, 40), make_text("New", 10, 10)])
    assert len(cell.children) == 2


def test_a_cell_that_is_made_has_an_id_of_its_own():
    first, second = make_text("Ada"), make_text("Captain", 0, 24)
    cell = join_cell_parts([first, second])
    assert cell.id not in (first.id, second.id)
