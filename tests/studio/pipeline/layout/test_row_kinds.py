"""A row is a line of words and buttons, or columns beside each other."""

from __future__ import annotations

from studio.pipeline.layout.row_kinds import is_block_row
from tests.studio.pipeline.hand_made import make_box, make_group, make_picture, make_text


def test_words_and_a_button_are_a_line():
    button = make_box(300, 0, 120, 40, make_text("Sign in", 330, 10))
    assert not is_block_row(make_group("row", make_text("Harbour"), button))


def test_boxes_of_one_width_are_columns():
    boxes = [make_box(200 * i, 0, 180, 60, make_text("Boats", 200 * i + 20, 20)) for i in range(3)]
    assert is_block_row(make_group("row", *boxes))


def test_narrow_boxes_of_one_width_are_buttons_in_a_line():
    boxes = [make_box(120 * i, 0, 100, 40, make_text("Go", 120 * i + 40, 10)) for i in range(3)]
    assert not is_block_row(make_group("row", *boxes))


def test_a_paragraph_beside_a_picture_is_a_column():
    words = make_text("A boat for a quiet day\nand for the night after it", 60, 0)
    assert is_block_row(make_group("row", make_picture(0, 0, 40, 40), words))


def test_a_tall_picture_beside_a_word_is_a_column():
    picture = make_picture(0, 0, 300, 200, kind="photo")
    assert is_block_row(make_group("row", picture, make_text("Harbour", 340, 90)))


def test_a_large_group_is_a_column_and_a_small_one_is_not():
    large = make_group("column", make_text("Boats for a quiet day"), make_text("Prices", 0, 80))
    small = make_group("column", make_text("Boats"), make_text("Prices", 0, 30))
    beside = make_text("Harbour", 400, 0)
    assert is_block_row(make_group("row", large, beside))
    assert not is_block_row(make_group("row", small, beside))
