"""A node's look, words and label follow from its parts."""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.layout.nodes import Label, TextRow, TextRun, main_style, make_group_id
from tests.studio.pipeline.hand_made import make_box, make_group, make_style, make_text

LINE = make_text("Words").lines[0].runs[0].line


def test_a_text_looks_as_most_of_its_letters_do():
    plain, bold = make_style(), make_style(weight=700)
    runs = [TextRun("New:", bold, LINE), TextRun("a boat for a quiet day", plain, LINE)]
    assert main_style(runs) == plain


def test_struck_words_do_not_set_the_look_though_they_are_longer():
    struck, plain = make_style(strike=True), make_style(weight=700)
    runs = [TextRun("$1,240.00", struck, LINE), TextRun("$99", plain, LINE)]
    assert main_style(runs) == plain


def test_a_text_of_nothing_but_underlined_words_is_underlined():
    link = make_style(underline=True)
    assert main_style([TextRun("Prices", link, LINE)]) == link


def test_the_words_of_a_text_are_those_of_its_runs_and_lines():
    style = make_style()
    row = TextRow((TextRun("One", style, LINE), TextRun("boat", style, LINE)), 0, 100, 16)
    assert row.text == "One boat"
    assert make_text("One boat\na day").text == "One boat a day"


def test_a_walk_meets_a_group_before_its_parts_and_these_in_order():
    first, second, third = make_text("A"), make_text("B"), make_text("C")
    inner = make_group("row", first, second)
    outer = make_group("column", inner, third)
    assert [node.id for node in outer.walk()] == [
        outer.id,
        inner.id,
        first.id,
        second.id,
        third.id,
    ]


def test_a_flag_is_added_to_the_label():
    node = make_box(0, 0, 10, 10).labelled("a", "button", "primary").flagged("wide")
    assert node.label == Label("a", "button", frozenset({"primary", "wide"}))


def test_a_new_label_replaces_the_flags_of_the_old_one():
    node = make_box(0, 0, 10, 10).labelled("a", "button", "primary").labelled("div", "shape")
    assert node.label == Label("div", "shape")


def test_groups_that_begin_with_one_part_have_different_ids():
    part = make_text("A")
    group = replace(make_group("row", part), id=make_group_id(part))
    around = replace(make_group("column", group), id=make_group_id(group))
    assert len({part.id, group.id, around.id}) == 3
    assert max(group.id, around.id) < 0  # the layout's own ids are positive
