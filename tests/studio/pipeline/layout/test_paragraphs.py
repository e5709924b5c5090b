"""Pieces on one baseline are a line; lines below each other are a paragraph."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.paragraphs import Ids, make_text_nodes
from studio.pipeline.perception.hints import Box, Chip
from tests.studio.pipeline.codegen.sketch import STORY, Sketch

SPACE = 5.0  # px between two words of 16 px


def join(page: Sketch, *obstacles: Box) -> list[Node]:
    return make_text_nodes(page.texts, obstacles, Ids())


def list_words(page: Sketch, *obstacles: Box) -> list[str]:
    return [node.text for node in join(page, *obstacles)]


def write_pieces(*words: str, gap: float = SPACE) -> Sketch:
    """Pieces of one line, `gap` px apart."""
    page = Sketch()
    left = 100.0
    for word in words:
        page.text(left, 100, word)
        left = page.texts[-1].box.right + gap
    return page


def write_aligned(share: float, lines: Sequence[str] = STORY) -> Sketch:
    """Lines whose rests are shared out: 0 is flush left, 0.5 centered, 1 flush right."""
    page = Sketch()
    for i, words in enumerate(lines):
        width = Sketch().text(0, 0, words).texts[0].box.width
        page.text(100 + share * (600 - width), 100 + 24 * i, words)
    return page


def test_pieces_a_space_apart_are_one_line_of_several_runs():
    [node] = join(write_pieces("Boats for", "a quiet day"))
    assert [run.text for run in node.lines[0].runs] == ["Boats for", "a quiet day"]


def test_pieces_farther_apart_are_texts_of_their_own():
    assert list_words(write_pieces("Boats", "Prices", gap=30)) == ["Boats", "Prices"]


def test_something_between_two_pieces_parts_them():
    page = write_pieces("Boats for", "a quiet day")
    gap = Box(page.texts[0].box.right, 85, SPACE, 20)
    assert len(list_words(page, gap)) == 2


def test_pieces_on_two_baselines_are_two_texts():
    page = Sketch().text(100, 100, "Boats")
    page.text(page.texts[0].box.right + SPACE, 106, "today")
    assert len(list_words(page)) == 2


def test_a_bullet_that_was_read_for_itself_marks_its_line():
    page = Sketch().text(100, 100, "•").text(120, 100, "A boat for each day")
    [node] = join(page)
    assert (node.marker, node.text) == ("•", "A boat for each day")


@pytest.mark.parametrize(
    ("words", "marker", "rest"),
    [
        ("• A boat for each day", "•", "A boat for each day"),
        ("✓ A boat for each day", "✓", "A boat for each day"),
        ("3. A boat for each day", "3.", "A boat for each day"),
        ("a) A boat for each day", "", "a) A boat for each day"),
        ("2026 boats for a day", "", "2026 boats for a day"),
    ],
)
def test_a_mark_before_a_line_is_no_word_of_it(words: str, marker: str, rest: str):
    [node] = join(Sketch().text(100, 100, words))
    assert (node.marker, node.text) == (marker, rest)


def test_marked_lines_are_no_paragraph_though_they_stand_close():
    page = Sketch().text(100, 100, "• A boat for each day").text(100, 124, "• A crew for it")
    assert list_words(page) == ["A boat for each day", "A crew for it"]


def test_the_second_line_of_a_marked_text_may_hang():
    page = Sketch().text(100, 100, "• " + STORY[0]).text(112, 124, STORY[1])
    [node] = join(page)
    assert node.marker == "•"
    assert len(node.lines) == 2


def test_lines_at_one_pitch_are_one_paragraph():
    [node] = join(Sketch().paragraph(100, 100, STORY))
    assert len(node.lines) == 3
    assert node.style.leading == 24


def test_lines_twice_their_size_apart_are_texts_of_their_own():
    assert len(list_words(Sketch().paragraph(100, 100, STORY, pitch=34))) == 3


@pytest.mark.parametrize("look", [{"color": "#cc2222"}, {"size": 19}, {"weight": 700}])
def test_a_line_of_another_look_begins_a_text(look: dict[str, object]):
    page = Sketch().text(100, 100, STORY[0]).text(100, 124, STORY[1], **look)
    assert len(list_words(page)) == 2


def test_a_line_that_begins_elsewhere_begins_a_text():
    page = Sketch().text(100, 100, STORY[0]).text(300, 124, STORY[2])
    assert len(list_words(page)) == 2


def test_the_first_line_of_a_paragraph_may_be_indented():
    page = Sketch().text(124, 100, STORY[0]).text(100, 124, STORY[1])
    assert len(list_words(page)) == 1


def test_something_between_two_lines_parts_them():
    page = Sketch().paragraph(100, 100, STORY[:2])
    assert len(list_words(page, Box(100, 103, 400, 8))) == 2


def test_short_lines_that_begin_with_capitals_are_no_paragraph():
    words = ["Boats", "Prices", "Contact"]
    assert list_words(Sketch().paragraph(100, 100, words)) == words


@pytest.mark.parametrize(("share", "align"), [(0.0, "left"), (0.5, "center"), (1.0, "right")])
def test_lines_are_aligned_as_their_edges_say(share: float, align: str):
    [node] = join(write_aligned(share))
    assert node.align == align


def test_a_single_line_is_aligned_left():
    [node] = join(Sketch().text(600, 100, "Boats"))
    assert node.align == "left"


def test_a_box_begins_where_the_pen_does_and_is_as_high_as_its_lines():
    [node] = join(Sketch().paragraph(100, 100, STORY))
    assert node.box.x == pytest.approx(100)
    assert node.box.height == 3 * 24


@pytest.mark.parametrize(("size", "leading"), [(16, 21), (40, 48)])
def test_a_single_line_has_the_usual_height_of_its_size(size: float, leading: float):
    [node] = join(Sketch().text(100, 100, "Boats", size=size))
    assert node.style.leading == leading


@pytest.mark.parametrize(("pitch", "leading"), [(24.05, 24), (25.6, 25.5)])
def test_a_pitch_is_rounded_to_what_could_be_measured(pitch: float, leading: float):
    [node] = join(Sketch().paragraph(100, 100, STORY, pitch=pitch))
    assert node.style.leading == leading


def test_numbers_of_nodes_count_on():
    ids = Ids()
    assert [ids.next(), ids.next(), ids.next()] == [1, 2, 3]


def test_a_first_line_far_to_the_right_is_a_text_of_its_own():
    page = Sketch().text(220, 100, STORY[0]).text(100, 124, STORY[1])
    assert len(list_words(page)) == 2


def test_a_bullet_far_from_a_text_is_no_mark_of_it():
    assert len(list_words(Sketch().text(100, 100, "•").text(200, 100, "A boat for each day"))) == 2


@pytest.mark.parametrize(("gap", "texts"), [(16, 1), (40, 2)])
def test_a_word_on_a_surface_stands_a_space_and_two_paddings_apart(gap: float, texts: int):
    page = Sketch().text(100, 100, "Install it with")
    chip = Chip(60.0, 4.0, "#eeeeee")
    page.text(page.texts[0].box.right + gap, 100, "npm ci", chip=chip)
    assert len(list_words(page)) == texts
