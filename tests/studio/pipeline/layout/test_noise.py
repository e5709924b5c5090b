"""What perception found twice or should not have found is left out; the rest stays."""

from __future__ import annotations

import pytest

from studio.pipeline.layout.noise import is_rule, remove_noise
from studio.pipeline.perception.hints import Border, Box, Hints, Rect
from tests.studio.pipeline.codegen.sketch import Sketch


def clean(page: Sketch) -> Hints:
    return remove_noise(page.hints())


def list_boxes(page: Sketch) -> list[Box]:
    return [rect.box for rect in clean(page).rects]


def test_a_box_and_its_outline_are_one_box():
    page = Sketch().rect(100, 100, 200, 80, "#ffeecc").rect(100, 101, 200, 79, border="#cc8800")
    [rect] = clean(page).rects
    assert rect.fill == "#ffeecc"
    assert rect.border == Border(1.0, "#cc8800")


def test_a_box_in_the_color_of_its_outline_is_the_outline_alone():
    page = Sketch().rect(100, 100, 200, 80, "#cc8800").rect(100, 100, 200, 80, border="#cc8800")
    [rect] = clean(page).rects
    assert rect.fill is None


def test_boxes_inside_each_other_stay_two():
    page = Sketch().rect(100, 100, 200, 80, "#eeeeee").rect(110, 110, 180, 60, "#ffffff")
    assert len(list_boxes(page)) == 2


@pytest.mark.parametrize(
    ("box", "is_kept"),
    [
        ((100, 100, 12, 1), False),
        ((100, 100, 40, 1), True),
        ((100, 100, 7, 7), False),
        ((100, 100, 12, 12), True),
    ],
    ids=["a short stroke", "a rule", "a dot", "a tick box"],
)
def test_only_what_is_large_enough_to_be_meant_stays(
    box: tuple[float, float, float, float], is_kept: bool
):
    assert bool(list_boxes(Sketch().rect(*box, "#333333"))) == is_kept


def test_the_page_in_its_own_color_is_no_box():
    assert list_boxes(Sketch(background="#ffffff").rect(0, 0, 1280, 800, "#ffffff")) == []


def test_a_box_over_the_whole_page_in_another_color_stays():
    page = Sketch(background="#ffffff").rect(0, 0, 1280, 800, "#f5f5f5")
    assert len(list_boxes(page)) == 1


@pytest.mark.parametrize("stroke", [(100, 99, 200, 1), (100, 179, 200, 1), (299, 100, 1, 80)])
def test_a_stroke_along_the_edge_of_a_box_is_its_border(stroke: tuple[float, ...]):
    page = Sketch().rect(100, 100, 200, 80, "#eeeeee").rect(*stroke, "#999999")
    assert list_boxes(page) == [Box(100, 100, 200, 80)]


def test_a_stroke_across_the_middle_of_a_box_is_a_rule():
    page = Sketch().rect(100, 100, 200, 80, "#eeeeee").rect(110, 140, 180, 1, "#999999")
    assert len(list_boxes(page)) == 2


def test_a_line_under_words_is_part_of_them():
    page = Sketch().text(100, 100, "Read all about our boats")
    width = page.texts[0].box.width
    assert list_boxes(page.rect(100, 103, width, 1, "#222222")) == []


def test_words_in_a_picture_are_part_of_it():
    page = Sketch().picture(100, 100, 300, 200).text(140, 200, "Harbour")
    assert clean(page).texts == ()


def test_words_on_a_photo_behind_them_stay():
    page = Sketch().picture(100, 100, 300, 200, background=True).text(140, 200, "Harbour")
    assert len(clean(page).texts) == 1


def test_a_small_picture_of_words_is_left_out():
    page = Sketch().text(100, 100, "Harbour")
    box = page.texts[0].box
    assert clean(page.picture(box.x, box.y, 20, box.height, kind="icon")).pictures == ()


def test_a_piece_of_a_photo_is_part_of_it():
    page = Sketch().picture(100, 100, 300, 200).picture(150, 150, 60, 60)
    assert [picture.box.width for picture in clean(page).pictures] == [300]


def test_an_icon_on_a_photo_behind_words_stays():
    page = Sketch().picture(0, 0, 1280, 400, background=True).text(100, 300, "Boats")
    assert len(clean(page.picture(100, 100, 40, 40, kind="icon")).pictures) == 2


def test_boxes_in_a_photo_without_words_are_part_of_it():
    page = Sketch().picture(100, 100, 300, 200).rect(150, 150, 80, 60, "#445566")
    assert list_boxes(page) == []


def test_a_frame_around_a_photo_stays():
    page = Sketch().picture(100, 100, 300, 200).rect(98, 98, 304, 204, border="#222222")
    assert len(list_boxes(page)) == 1


def test_a_panel_that_its_active_entry_cuts_is_one_panel():
    page = Sketch().rect(0, 0, 240, 100, "#223344").rect(0, 100, 240, 40, "#3366ff")
    page.rect(0, 140, 240, 500, "#223344")
    assert Box(0, 0, 240, 640) in list_boxes(page)


def test_stripes_of_one_height_stay_apart():
    page = Sketch().rect(0, 0, 900, 40, "#eeeeee").rect(0, 40, 900, 40, "#dddddd")
    page.rect(0, 80, 900, 40, "#eeeeee")
    assert len(list_boxes(page)) == 3


def test_a_thin_rectangle_is_a_rule_in_both_directions():
    across, down, box = (
        Rect(1, Box(0, 0, *size), "#000000") for size in ((90, 2), (2, 90), (9, 9))
    )
    assert [is_rule(rect) for rect in (across, down, box)] == [True, True, False]
