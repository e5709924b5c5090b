"""A page that runs from the right is laid out as its mirror image."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.pipeline.layout.direction import mirror_box, mirror_hints, page_direction
from studio.pipeline.perception.hints import Border, Box
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def test_what_stands_at_the_left_stands_as_far_from_the_right():
    assert mirror_box(Box(100, 20, 300, 40), 1280) == Box(880, 20, 300, 40)


def test_texts_rectangles_and_pictures_are_mirrored_at_once():
    page = Sketch().text(100, 100, "Boats").rect(100, 150, 200, 50, "#eeeeee")
    mirrored = mirror_hints(page.picture(100, 300, 80, 80).hints())
    assert mirrored.texts[0].box.right == pytest.approx(1280 - page.texts[0].box.x)
    assert mirrored.rects[0].box.x == 980
    assert mirrored.pictures[0].box.x == 1100


@pytest.mark.parametrize(("sides", "mirrored"), [("l", "r"), ("tr", "tl"), ("tb", "tb")])
def test_a_border_at_one_side_changes_it(sides: str, mirrored: str):
    page = Sketch().rect(0, 0, 100, 50, "#eeeeee", border=Border(2.0, "#000000", sides))
    border = mirror_hints(page.hints()).rects[0].border
    assert sorted(border.sides) == sorted(mirrored)


def test_words_and_their_letters_stay_as_they_are():
    page = Sketch().text(100, 100, "Boats")
    assert mirror_hints(page.hints()).texts[0].text == "Boats"


def test_a_page_flush_left_runs_from_the_left():
    assert page_direction(Sketch().paragraph(100, 100, STORY).hints()) == "ltr"


def test_an_empty_page_runs_from_the_left():
    assert page_direction(Sketch().hints()) == "ltr"


def write_flush_right(
    *widths: float, pitch: float = 24, stray: float = 0, x: float = 700, top: float = 100
) -> Sketch:
    """Lines of these widths that end at `x`, each second one `stray` px before it."""
    page = Sketch()
    for i, width in enumerate(widths):
        page.text(0, top + pitch * i, "A map was something you folded badly")
        box = page.texts[-1].box
        left = x - width - stray * (i % 2)
        page.texts[-1] = replace(page.texts[-1], box=replace(box, x=left, width=width))
    return page


RAGGED = (400.0, 380.0, 410.0, 390.0, 420.0)  # px


def test_lines_flush_right_run_from_the_right():
    assert page_direction(write_flush_right(*RAGGED).hints()) == "rtl"


@pytest.mark.parametrize(("stray", "direction"), [(1.5, "rtl"), (6, "ltr")])
def test_edges_are_flush_within_what_was_measured_wrongly(stray: float, direction: str):
    assert page_direction(write_flush_right(*RAGGED, stray=stray).hints()) == direction


@pytest.mark.parametrize(("pitch", "direction"), [(28, "rtl"), (60, "ltr")])
def test_only_lines_right_below_each_other_tell(pitch: float, direction: str):
    assert page_direction(write_flush_right(*RAGGED, pitch=pitch).hints()) == direction


def test_lines_of_one_width_and_a_pair_of_lines_tell_nothing():
    assert page_direction(write_flush_right(400, 397, 400, 397, 400).hints()) == "ltr"
    assert page_direction(write_flush_right(*RAGGED[:3]).hints()) == "ltr"


@pytest.mark.parametrize(("others", "direction"), [(1, "rtl"), (2, "ltr")])
def test_far_more_lines_are_flush_right_than_left(others: int, direction: str):
    page = write_flush_right(*RAGGED)
    for i in range(others + 1):
        page.text(100, 500 + 24 * i, "In the glove box and under it"[: 29 - 6 * (i % 2)])
    assert page_direction(page.hints()) == direction
