"""Words on a color that no box explains bring their box, whatever touches it."""

from __future__ import annotations

import numpy as np
import pytest

from studio.pipeline.perception.hints import Box, Rect, TextLine
from studio.pipeline.perception.pictures import Region
from studio.pipeline.perception.pixels import MockupPixels
from studio.pipeline.perception.repainting import PaintedPage
from studio.pipeline.perception.text_grounds import find_text_grounds
from tests.studio.pipeline.perception.paper import Paper

WORDS = Box(90, 82, 80, 14)
ORANGE = "#ff8800"


def find_grounds(paper: Paper, *rects: Rect, photos: tuple[Region, ...] = ()) -> list[Rect]:
    sheet = MockupPixels(np.asarray(paper.picture()), 1.0, False)
    words, font = "Read more", "Liberation Sans"
    line = TextLine(1, WORDS, words, 1.0, 18.0, 400, "sans", font, "#ffffff", ORANGE)
    page = PaintedPage((sheet.height, sheet.width), "#ffffff", rects)
    return find_text_grounds(sheet, page, [line], photos)


def draw(*boxes: tuple[float, float, float, float, str]) -> Paper:
    """The boxes, and white words on them."""
    paper = Paper(400, 200, "#ffffff")
    for x, y, width, height, color in boxes:
        paper.box(x, y, width, height, color)
    paper.box(WORDS.x, WORDS.y, WORDS.width, WORDS.height, "#ffffff")
    return paper


def draw_button() -> Paper:
    """A button that a frame of its color touches at the right."""
    paper = draw((60, 65, 190, 48, ORANGE))
    paper.box(238, 60, 16, 58, None, 0, (2, ORANGE))
    return paper


def test_a_button_is_found_though_a_frame_touches_it() -> None:
    [button] = find_grounds(draw_button())
    assert button.fill == ORANGE
    assert Box(60, 65, 190, 48).iou(button.box) > 0.95


def test_a_ground_that_is_painted_needs_no_box() -> None:
    assert find_grounds(draw_button(), Rect(1, Box(60, 65, 190, 48), ORANGE)) == []


@pytest.mark.parametrize("radius", [8, 20])
def test_its_corners_are_as_round_as_they_are_drawn(radius: int) -> None:
    paper = Paper(400, 200, "#ffffff")
    paper.box(60, 65, 190, 48, ORANGE, radius)
    paper.box(90, 82, 80, 14, "#ffffff")
    [button] = find_grounds(paper)
    assert abs(button.radius - radius) <= 2


def test_a_band_across_the_page_is_a_sections_and_not_the_texts() -> None:
    assert find_grounds(draw((0, 65, 400, 48, ORANGE))) == []


def test_a_text_on_an_uneven_ground_brings_none() -> None:
    stripes = [(60 + 5 * i, 65, 3, 48, ORANGE if i % 2 else "#2563eb") for i in range(40)]
    assert find_grounds(draw(*stripes)) == []


def test_a_color_right_behind_the_letters_alone_is_no_box() -> None:
    assert find_grounds(draw((89, 81, 82, 16, ORANGE))) == []


def test_a_photo_is_the_ground_of_its_words() -> None:
    photo = Region(40, 40, 300, 160)
    assert find_grounds(draw((60, 65, 190, 48, ORANGE)), photos=(photo,)) == []


def test_a_ground_that_fades_is_no_box() -> None:
    """The sky of a picture, around which the color ends nowhere at once."""
    bands = [
        (20, 10 + i, 360, 1, f"#ff{0x88 + abs(i - 80) // 2:02x}{abs(i - 80):02x}")
        for i in range(160)
    ]
    assert find_grounds(draw(*bands)) == []


def test_a_disc_behind_words_is_no_box() -> None:
    paper = Paper(400, 300, "#ffffff")
    paper.box(30, -10, 200, 200, ORANGE, 100)
    paper.box(WORDS.x, WORDS.y, WORDS.width, WORDS.height, "#ffffff")
    assert find_grounds(paper) == []
