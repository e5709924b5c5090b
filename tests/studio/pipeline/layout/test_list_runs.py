"""Alike neighbors in a column are one group: marked lines, words at one pitch, icons with words."""

from __future__ import annotations

import pytest

from studio.pipeline.layout.list_runs import describe_item_look, find_lists
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.paragraphs import Ids
from tests.studio.pipeline.hand_made import (
    list_texts,
    make_box,
    make_group,
    make_picture,
    make_text,
)

TITLE = "What a day at the harbour holds for you and your guests"


def gather(*children: Node) -> list[list[str]]:
    """Return the words of each part of a column below a title, after lists were found."""
    column = make_group("column", make_text(TITLE, size=30), *children)
    first, *others = find_lists(column, Ids()).children
    assert first.text == TITLE
    return [list_texts(node) for node in others]


def write_lines(*words: str, pitch: float = 30, marker: str = "") -> list[Node]:
    return [make_text(word, 0, 60 + pitch * i, marker=marker) for i, word in enumerate(words)]


def test_words_at_one_pitch_are_one_group():
    assert gather(*write_lines("Boats", "Prices", "Contact")) == [["Boats", "Prices", "Contact"]]


def test_two_words_are_none():
    assert gather(*write_lines("Boats", "Prices")) == [["Boats"], ["Prices"]]


def test_two_marked_lines_are_one_group():
    lines = write_lines("A boat for a quiet day", "A crew for a loud one", marker="•")
    assert len(gather(*lines)) == 1


def test_marked_lines_of_two_kinds_are_none():
    bullet = make_text("A boat", 0, 60, marker="•")
    number = make_text("A crew", 0, 90, marker="1.")
    assert len(gather(bullet, number)) == 2


def test_words_at_uneven_pitches_are_none():
    lines = [make_text(word, 0, y) for word, y in (("Boats", 60), ("Prices", 90), ("Press", 140))]
    assert len(gather(*lines)) == 3


def test_long_lines_are_none():
    words = ("A boat for each quiet day of the year", "A crew for each loud day of the year")
    lines = write_lines(*words, "And an anchor for the night after that")
    assert len(gather(*lines)) == 3


def test_icons_with_a_line_each_are_one_group():
    rows = [
        make_group("row", make_picture(0, 60 + 30 * i, 20, 20), make_text(word, 30, 60 + 30 * i))
        for i, word in enumerate(("Boats", "Prices", "Contact"))
    ]
    assert gather(*rows) == [["Boats", "Prices", "Contact"]]


def test_a_column_of_nothing_but_alike_words_needs_no_group():
    lines = write_lines("Boats", "Prices", "Contact")
    assert find_lists(make_group("column", *lines), Ids()).children == tuple(lines)


def test_a_run_inside_a_box_is_found_too():
    inner = make_box(0, 0, 300, 300, make_text(TITLE), *write_lines("Boats", "Prices", "Press"))
    [box] = find_lists(make_group("row", inner), Ids()).children
    assert [list_texts(node) for node in box.children] == [[TITLE], ["Boats", "Prices", "Press"]]


@pytest.mark.parametrize(
    "node",
    [
        make_text("More than six words are a sentence"),
        make_text("Two\nlines"),
        make_text("Harbour", size=40),
        make_box(0, 0, 100, 40),
        make_group("row", make_picture(0, 0, 300, 200), make_text("Harbour", 320, 0)),
    ],
    ids=["a sentence", "two lines", "a title", "a box", "a photo with words"],
)
def test_what_is_no_item_has_no_look_of_one(node: Node):
    assert describe_item_look(node) is None


def test_numbers_of_a_list_are_one_look_whatever_they_count():
    first, second = make_text("A boat", marker="1."), make_text("A crew", marker="2.")
    assert describe_item_look(first) == describe_item_look(second)


@pytest.mark.parametrize(("off", "groups"), [(2, 1), (8, 3)])
def test_pitches_of_a_list_differ_by_no_more_than_was_measured_wrongly(off: float, groups: int):
    places = (("Boats", 60), ("Prices", 90), ("Press", 120 + off))
    assert len(gather(*(make_text(word, 0, y) for word, y in places))) == groups
