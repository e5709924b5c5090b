"""A line's columns and rows of ink tell words, a second row, a change of size and a marker."""

from __future__ import annotations

import numpy as np
import pytest

from studio.pipeline.perception.ink_lines import (
    InkLine,
    cut_part,
    find_row_gap,
    find_size_change,
    find_words,
    is_mark,
    parted_columns,
)

HEIGHT, WIDTH = 24, 200  # px of a line
Block = tuple[int, int, int, int]  # left, top, right and bottom of some ink


def draw(*blocks: Block, height: int = HEIGHT) -> InkLine:
    alpha = np.zeros((height, WIDTH), np.float32)
    for left, top, right, bottom in blocks:
        alpha[top:bottom, left:right] = 1.0
    color, ground = np.zeros(3, np.uint8), np.full(3, 255, np.uint8)
    return InkLine(100, 50, 100 + WIDTH, 50 + height, alpha, color, ground, 1.0)


def test_ink_a_word_space_apart_is_two_words() -> None:
    assert find_words(draw((0, 4, 40, 20), (50, 4, 90, 20))) == [(0, 40), (50, 90)]


def test_letters_of_one_word_stand_closer() -> None:
    assert find_words(draw((0, 4, 40, 20), (43, 4, 90, 20))) == [(0, 90)]


def test_a_line_without_ink_has_no_words() -> None:
    assert find_words(draw()) == []


def test_a_part_of_a_line_is_as_large_as_its_own_ink() -> None:
    part = cut_part(draw((0, 4, 40, 20), (60, 10, 90, 18)), 50, 120)
    assert (part.left, part.top, part.right, part.bottom) == (160, 60, 190, 68)


def test_a_part_without_ink_is_none() -> None:
    assert cut_part(draw((0, 4, 40, 20)), 50, 120) is None


def test_ink_is_parted_at_its_widest_gaps() -> None:
    line = draw((0, 4, 20, 20), (24, 4, 40, 20), (60, 4, 80, 20), (84, 4, 90, 20))
    assert parted_columns(line, 2) == [(0, 40), (60, 90)]
    assert parted_columns(line, 1) == [(0, 90)]


def test_a_blank_row_between_two_rows_of_letters_parts_them() -> None:
    assert find_row_gap(draw((0, 0, 90, 14), (0, 26, 90, 40), height=40)) == 20


@pytest.mark.parametrize(
    "line",
    [
        draw((0, 0, 90, 20)),
        draw((10, 0, 14, 3), (0, 8, 90, 24)),
        draw((0, 0, 90, 6), (0, 10, 90, 16), height=16),
    ],
    ids=["one row", "a dot over a row", "too low for two"],
)
def test_one_row_of_letters_has_no_gap(line: InkLine) -> None:
    assert find_row_gap(line) is None


def test_large_letters_before_small_ones_change_the_size_between_them() -> None:
    price = [(0, 0, 14, 24), (18, 0, 32, 24), (40, 14, 48, 24), (50, 14, 58, 24)]
    assert find_size_change(draw(*price)) == 36


def test_one_small_letter_is_no_change_of_size() -> None:
    assert find_size_change(draw((0, 0, 14, 24), (18, 0, 32, 24), (40, 14, 48, 24))) is None


def test_letters_of_one_size_do_not_change_it() -> None:
    letters = [(16 * i, 2, 16 * i + 12, 22) for i in range(5)]
    assert find_size_change(draw(*letters)) is None


def test_a_square_in_the_middle_of_the_height_is_a_marker() -> None:
    assert is_mark(draw((0, 8, 8, 16), (30, 2, 90, 22)), 0, 8)


@pytest.mark.parametrize(
    "block",
    [(0, 0, 20, 24), (0, 10, 16, 14), (0, 20, 4, 24), (0, 11, 2, 13)],
    ids=["as high as the line", "a dash", "a full stop", "a speck"],
)
def test_other_ink_is_no_marker(block: Block) -> None:
    assert not is_mark(draw(block, (40, 2, 90, 22)), block[0], block[2])
