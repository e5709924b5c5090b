from __future__ import annotations

from dataclasses import replace

from studio.pipeline.layout.text_styles import settle_styles
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def test_sizes_measured_a_little_apart_become_one_round_size():
    lines = Sketch().paragraph(100, 100, STORY).texts
    noisy = [
        replace(line, size=size) for line, size in zip(lines, (16.2, 15.9, 16.05), strict=True)
    ]
    assert {line.size for line in settle_styles(tuple(noisy))} == {16.0}


def test_a_line_misread_as_another_family_follows_its_neighbours():
    lines = Sketch().paragraph(100, 100, STORY).texts
    odd = [
        lines[0],
        replace(lines[1], font="Liberation Serif", family="serif", size=17.4),
        lines[2],
    ]
    assert {line.font for line in settle_styles(tuple(odd))} == {"Liberation Sans"}


def test_a_bold_line_among_others_stays_bold():
    page = (
        Sketch().text(100, 100, "An important remark first", weight=700).paragraph(100, 124, STORY)
    )
    assert [line.weight for line in settle_styles(tuple(page.texts))] == [700, 400, 400, 400]


def test_headings_in_another_family_keep_it():
    page = Sketch().paragraph(100, 200, STORY)
    heading = replace(
        Sketch().text(100, 100, "A quiet revolution", size=40).texts[0],
        font="Liberation Serif",
        family="serif",
    )
    assert settle_styles((heading, *page.texts))[0].font == "Liberation Serif"


def test_near_colours_become_the_one_that_most_text_has():
    lines = Sketch().paragraph(100, 100, STORY).texts
    odd = replace(lines[2], color="#2b2b2b")
    assert {line.color for line in settle_styles((lines[0], lines[1], odd))} == {"#222222"}


def test_no_lines_are_no_styles():
    assert settle_styles(()) == []
