"""Lines that look alike share font, weight, size and color."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.pipeline.layout.text_styles import (
    find_line_face,
    find_natural_size,
    round_font_size,
    settle_styles,
)
from studio.pipeline.perception.hints import TextLine
from tests.studio.pipeline.codegen.sketch import SANS, STORY, Sketch


def settle(page: Sketch) -> list[TextLine]:
    return settle_styles(tuple(page.texts))


def stretch(line: TextLine, by: float) -> TextLine:
    """Return the line as if it had been measured this many times as wide."""
    return replace(line, box=replace(line.box, width=line.box.width * by))


@pytest.mark.parametrize(
    ("measured", "widest", "size"),
    [
        (15.98, 400, 16.0),
        (15.6, 30, 16.0),
        (14.52, 300, 14.5),
        (14.37, 1000, 14.4),
        (14.31, 1000, 14.3),
    ],
    ids=["nearly whole", "narrow, so unsure", "a half", "a fifth", "none of these"],
)
def test_a_size_is_as_round_as_the_measured_width_allows(
    measured: float, widest: float, size: float
):
    assert round_font_size(measured, widest) == pytest.approx(size)


def test_the_natural_size_of_a_line_sets_it_in_its_width():
    line = Sketch().text(100, 100, STORY[0], size=17).texts[0]
    assert find_natural_size(line, find_line_face(line)) == pytest.approx(17, abs=0.1)
    assert find_natural_size(stretch(line, 2), find_line_face(line)) == pytest.approx(34, abs=0.2)


def test_the_order_of_the_lines_stays():
    page = Sketch().text(100, 300, "Last").text(100, 100, "First").text(100, 200, "Second")
    assert [line.text for line in settle(page)] == ["Last", "First", "Second"]


def test_lines_that_are_set_wider_than_their_font_are_spaced():
    page = Sketch()
    for i, words in enumerate(("OUR BOATS TODAY", "OUR PRICES TODAY", "OUR HARBOUR TODAY")):
        page.text(100, 100 + 200 * i, words, size=14)
    gap = 2.0  # px between letters
    page.texts = [stretch(t, 1 + gap * (len(t.text) - 1) / t.box.width) for t in page.texts]
    looks = {(line.size, line.letter_spacing) for line in settle(page)}
    [(size, spacing)] = looks
    assert size == 14.0
    assert spacing == pytest.approx(gap, abs=0.2)


def test_one_misread_width_spaces_no_line():
    page = Sketch().paragraph(100, 100, [*STORY, *STORY], pitch=80)
    page.texts[2] = stretch(page.texts[2], 1.06)
    assert {line.letter_spacing for line in settle(page)} == {0.0}


def test_colors_that_clearly_differ_stay_two():
    page = Sketch().text(100, 100, "Boats", color="#222222").text(100, 200, "Sold", color="#cc2222")
    assert [line.color for line in settle(page)] == ["#222222", "#cc2222"]


def test_a_few_letters_do_not_outvote_a_sentence():
    page = Sketch().text(100, 100, STORY[0]).text(100, 124, "Go", weight=700)
    assert settle(page)[0].weight == 400


def test_code_in_its_own_font_keeps_it():
    page = Sketch().paragraph(100, 100, [*STORY, *STORY])
    page.text(100, 400, "npm install harbour", font="Liberation Mono", family="mono")
    assert [line.font for line in settle(page)][-1] == "Liberation Mono"


def test_a_face_is_font_weight_slant_and_family():
    line = Sketch().text(100, 100, "Boats", weight=700).texts[0]
    assert find_line_face(line) == (SANS, 700, False, "sans")


@pytest.mark.parametrize(("color", "colors"), [("#2a2a2a", 1), ("#555555", 2)])
def test_colors_become_one_where_antialiasing_explains_their_difference(color: str, colors: int):
    page = Sketch().text(100, 100, STORY[0]).text(100, 300, "Boats", color=color)
    assert len({line.color for line in settle(page)}) == colors


def write_serif(words: str, lines: int) -> set[str]:
    """Return the fonts of a page of these lines in a serif font after ten in a sans serif one."""
    page = Sketch().paragraph(100, 60, [*STORY, *STORY, *STORY, STORY[0]])
    for i in range(lines):
        page.text(100, 500 + 80 * i, words, font="Liberation Serif", family="serif")
    return {line.font for line in settle(page)}


def test_a_font_that_sets_a_good_part_of_the_page_stays_and_one_of_a_word_does_not():
    assert write_serif(STORY[0], lines=3) == {SANS, "Liberation Serif"}
    assert write_serif(STORY[2], lines=1) == {SANS}


def test_three_letters_in_a_code_font_are_a_misreading():
    page = Sketch().paragraph(100, 100, [*STORY, *STORY])
    page.text(100, 400, "npm", font="Liberation Mono", family="mono")
    assert {line.font for line in settle(page)} == {SANS}
