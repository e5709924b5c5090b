"""Bands across the page stay; what is between two of them is one section."""

from __future__ import annotations

import pytest

from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.page_sections import find_sections, is_band
from studio.pipeline.layout.paragraphs import Ids
from tests.studio.pipeline.hand_made import (
    list_texts,
    make_box,
    make_group,
    make_page,
    make_rule,
    make_text,
)


def divide(*children: Node, height: float = 2000) -> list[list[str]]:
    """Return the words of each part of a page after its sections were found."""
    page = find_sections(make_page(*children, height=height), Ids())
    return [list_texts(node) for node in page.children]


def make_bar(*words: str, y: float = 20) -> Node:
    return make_group("row", *(make_text(word, 200 * i, y) for i, word in enumerate(words)))


def make_band(words: str, y: float) -> Node:
    return make_box(0, y, 1280, 200, make_text(words, 100, y + 80))


def test_what_stands_between_two_bands_is_one_section():
    title, line = make_text("Boats", 100, 300, size=40), make_text("for a quiet day", 100, 360)
    parts = divide(make_band("Top", 0), title, line, make_band("Bottom", 500))
    assert parts == [["Top"], ["Boats", "for a quiet day"], ["Bottom"]]


def test_a_bar_at_the_top_is_a_part_of_its_own():
    title, line = make_text("Boats", 100, 100, size=40), make_text("for a quiet day", 100, 160)
    assert divide(make_bar("Harbour", "Prices"), title, line) == [
        ["Harbour", "Prices"],
        ["Boats", "for a quiet day"],
    ]


def test_a_row_that_begins_lower_is_no_bar():
    line = make_text("for a quiet day", 100, 260)
    assert divide(make_bar("Harbour", "Prices", y=150), line) == [
        ["Harbour", "Prices", "for a quiet day"]
    ]


def test_the_last_words_of_a_page_after_a_gap_are_a_part_of_their_own():
    title, line = make_text("Boats", 100, 100, size=40), make_text("for a quiet day", 100, 160)
    foot = make_text("© 2026 Harbour", 100, 1900)
    assert divide(title, line, foot)[-1] == ["© 2026 Harbour"]


def test_the_last_words_below_a_rule_are_a_part_of_their_own():
    title, rule = make_text("Boats", 100, 1800, size=40), make_rule(100, 1880, 1000)
    assert divide(title, rule, make_text("© 2026 Harbour", 100, 1890))[-1] == ["© 2026 Harbour"]


def test_the_last_words_right_below_others_stay_in_their_section():
    title, line = make_text("Boats", 100, 1850, size=40), make_text("for a quiet day", 100, 1905)
    assert divide(title, line) == [["Boats", "for a quiet day"]]


def test_the_last_words_far_above_the_pages_end_stay_in_their_section():
    title, line = make_text("Boats", 100, 100, size=40), make_text("for a quiet day", 100, 300)
    assert divide(title, line) == [["Boats", "for a quiet day"]]


def test_a_page_of_columns_has_no_sections():
    row = make_group("row", make_text("Boats"), make_text("Prices", 300))
    assert find_sections(row, Ids()) is row


def test_a_rule_across_the_page_is_no_band():
    page = make_page()
    assert is_band(make_band("Top", 0), page)
    assert not is_band(make_rule(0, 100, 1280), page)
    assert not is_band(make_box(100, 0, 1080, 200), page)


@pytest.mark.parametrize(
    ("y", "height", "is_bar"), [(30, 60, True), (60, 60, False), (0, 150, False)]
)
def test_a_bar_is_low_and_at_the_pages_top(y: float, height: float, is_bar: bool):
    box = make_box(100, y, 300, height, make_text("Harbour", 120, y + 10))
    row = make_group("row", box, make_text("Prices", 600, y + 10))
    parts = divide(row, make_text("Boats", 100, 300, size=40), make_text("all day", 100, 360))
    assert (parts[0] == ["Harbour", "Prices"]) == is_bar


@pytest.mark.parametrize(("gap", "is_foot"), [(30, False), (100, True)])
def test_the_last_words_are_a_part_of_their_own_after_a_clear_gap(gap: float, is_foot: bool):
    title, line = make_text("Boats", 100, 1700, size=40), make_text("all day", 100, 1760)
    foot = make_text("© 2026 Harbour", 100, 1780 + gap)
    assert (divide(title, line, foot)[-1] == ["© 2026 Harbour"]) == is_foot
