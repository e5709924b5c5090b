"""Areas are cut out, and what lies in ignored ones is neither seen nor expected."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from studio.pipeline.perception.hints import Box, Hints, Rect, TextLine
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.tools.areas import (
    cut_area,
    encode_png,
    is_in_areas,
    mask_mockup,
    mask_render,
    select_hints,
    touches,
)
from studio.pipeline.tools.results import ToolError
from studio.pipeline.types import DomText, Render


def line(number: int, box: Box) -> TextLine:
    return TextLine(
        number, box, f"line {number}", 0.9, 16, 400, "sans", "Liberation Sans", "#000000", "#ffffff"
    )


HINTS = Hints(
    100,
    80,
    2.0,
    "#ffffff",
    (),
    (line(1, Box(10, 10, 40, 10)), line(2, Box(10, 50, 40, 10))),
    (Rect(1, Box(0, 0, 100, 30), "#eeeeee"), Rect(2, Box(0, 40, 100, 1), "#cccccc")),
    (),
    (),
)
TOP = Box(0, 0, 100, 30)


def test_an_item_is_ignored_when_most_of_it_lies_in_an_area() -> None:
    assert is_in_areas(Box(0, 20, 10, 10), [TOP])
    assert not is_in_areas(Box(0, 26, 10, 10), [TOP])


def test_a_rule_without_height_touches_the_area_it_crosses() -> None:
    assert touches(Box(0, 15, 100, 0), TOP)
    assert not touches(Box(0, 40, 100, 1), TOP)


def test_hints_of_an_area() -> None:
    found = select_hints(HINTS, TOP)
    assert [text.id for text in found.texts] == [1]
    assert [rect.id for rect in found.rects] == [1]


def test_a_masked_mockup_has_its_ground_there_and_nothing_recognized() -> None:
    picture = Image.new("RGB", (200, 160), "red")
    masked = mask_mockup(PerceivedMockup(picture, HINTS), [TOP])
    assert masked.mockup.getpixel((100, 59)) == (255, 255, 255)
    assert masked.mockup.getpixel((100, 60)) == (255, 0, 0)
    assert picture.getpixel((100, 10)) == (255, 0, 0)
    assert [text.id for text in masked.hints.texts] == [2]
    assert [rect.id for rect in masked.hints.rects] == [2]


def test_a_masked_render_has_the_same_color_there_and_no_texts() -> None:
    png = encode_png(Image.new("RGB", (100, 80), "red"))
    text = DomText("a", Box(10, 10, 40, 10), 16, 400, "sans", "#000000", "p")
    masked = mask_render(Render(png, 100, 80, (text,), (), 0.0), [TOP], "#00ff00")
    picture = Image.open(io.BytesIO(masked.png))
    assert picture.getpixel((50, 29)) == (0, 255, 0)
    assert picture.getpixel((50, 30)) == (255, 0, 0)
    assert masked.texts == ()


def test_an_area_that_begins_beyond_the_picture_is_masked_without_harm() -> None:
    picture = Image.new("RGB", (200, 160), "red")
    masked = mask_mockup(PerceivedMockup(picture, HINTS), [Box(500, 500, 10, 10)])
    assert masked.mockup.getpixel((199, 159)) == (255, 0, 0)


def test_an_area_is_cut_in_the_pictures_own_pixels() -> None:
    picture = Image.new("RGB", (200, 160))
    assert cut_area(picture, Box(10, 10, 20, 30), 100).size == (40, 60)
    assert cut_area(picture, Box(90, 70, 50, 50), 100).size == (20, 20)


def test_an_area_outside_is_refused() -> None:
    with pytest.raises(ToolError, match="lies outside the picture of 100 × 80 CSS px"):
        cut_area(Image.new("RGB", (200, 160)), Box(100, 0, 20, 30), 100)
