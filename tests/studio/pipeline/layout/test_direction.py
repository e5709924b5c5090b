"""A page that runs from the right is laid out as its mirror image."""

from __future__ import annotations

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
