"""What a person can see is found by its pixels, whichever step has missed it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.pipeline.perception.hints import Border, Box, Rect, TextLine
from studio.pipeline.perception.pictures import Region
from studio.pipeline.perception.pixels import MockupPixels, compute_channel_distance, parse_hex
from studio.pipeline.perception.unexplained import Explained, explain_rest
from tests.studio.pipeline.perception.paper import Paper

GROUND = "#14161a"


def explain(
    paper: Paper,
    rects: tuple[Rect, ...] = (),
    icons: tuple[Region, ...] = (),
    lines: tuple[TextLine, ...] = (),
    ground: str = GROUND,
) -> Explained:
    sheet = MockupPixels(np.asarray(paper.picture()), 1.0, False)
    return explain_rest(sheet, ground, rects, icons, lines, ())


def line_at(box: Box) -> TextLine:
    return TextLine(1, box, "Label", 1.0, 14.0, 400, "sans", "Liberation Sans", "#ffffff", GROUND)


def is_like(color: str, other: str) -> bool:
    return int(compute_channel_distance(parse_hex(color), parse_hex(other))) <= 40


def test_a_pills_lost_outline_becomes_its_border() -> None:
    paper = Paper(400, 200, GROUND)
    paper.box(60, 50, 200, 60, "#101216", 30, (2, "#f0f0f0"))
    fill = Rect(1, Box(62, 52, 196, 56), "#101216", radius=28)
    (pill,) = explain(paper, (fill,)).rects
    assert pill.fill == "#101216"
    assert pill.border is not None
    assert pill.border.sides == "trbl"
    assert is_like(pill.border.color, "#f0f0f0")
    assert Box(60, 50, 200, 60).iou(pill.box) > 0.95
    assert abs(pill.radius - 30) <= 2


def test_an_outline_with_dividers_is_one_box_and_its_strokes() -> None:
    paper = Paper(400, 200, GROUND)
    paper.box(40, 60, 300, 40, None, 20, (1, "#9aa0a6"))
    paper.box(140, 61, 1, 38, "#9aa0a6")
    paper.box(240, 61, 1, 38, "#9aa0a6")
    found = explain(paper).rects
    outlines = [rect for rect in found if rect.border is not None]
    dividers = [rect for rect in found if rect.border is None]
    assert len(outlines) == 1
    assert sorted(round(rect.box.x) for rect in dividers) == [140, 240]


def test_a_label_may_interrupt_an_outline() -> None:
    paper = Paper(400, 200, "#ffffff")
    paper.box(40, 60, 300, 56, None, 6, (2, "#6750a4"))
    paper.box(56, 50, 70, 20, "#ffffff")
    label = line_at(Box(60, 53, 60, 13))
    (outline,) = explain(paper, lines=(label,), ground="#ffffff").rects
    assert outline.fill is None
    assert outline.border is not None
    assert Box(40, 60, 300, 56).iou(outline.box) > 0.9


def test_pieces_of_an_outline_give_way_to_it() -> None:
    paper = Paper(400, 200, GROUND)
    paper.box(40, 60, 300, 60, None, 20, (2, "#cccccc"))
    side = Rect(1, Box(64, 60, 250, 2), "#cccccc")
    corner = Region(40, 60, 58, 78)
    found = explain(paper, (side,), (corner,))
    assert len(found.rects) == 1
    assert not found.icons


def test_a_small_box_that_looks_otherwise_is_an_icon() -> None:
    paper = Paper(200, 100, GROUND)
    paper.pen.polygon([(400, 160), (480, 160), (440, 230)], fill="#ffffff")  # an arrow's head
    paper.box(108, 28, 4, 14, "#ffffff")
    disc = Rect(1, Box(102, 30, 17, 27), "#ffffff", radius=7)
    found = explain(paper, (disc,))
    assert not found.rects
    assert len(found.icons) == 1


def test_a_disc_stays_a_disc() -> None:
    paper = Paper(200, 100, GROUND)
    paper.box(100, 30, 20, 20, "#ffffff", 10)
    disc = Rect(1, Box(100, 30, 20, 20), "#ffffff", radius=10)
    assert explain(paper, (disc,)) == Explained([disc], [])


def test_a_card_behind_a_bar_is_found_and_lies_below_it() -> None:
    paper = Paper(300, 240, "#f1f1f6")
    paper.box(20, 120, 260, 120, "#ffffff", 12)
    paper.box(24, 170, 252, 50, "#3355cc", 25)
    bar = Rect(1, Box(24, 170, 252, 50), "#3355cc", radius=25)
    found = explain(paper, (bar,), ground="#f1f1f6").rects
    assert [rect.fill for rect in found] == ["#ffffff", "#3355cc"]
    assert Box(20, 120, 260, 120).iou(found[0].box) > 0.9


def test_the_rest_of_a_sliders_track_is_found() -> None:
    paper = Paper(400, 120, "#eef4f0")
    paper.box(40, 60, 80, 12, "#117755", 6)
    paper.box(126, 60, 240, 12, "#cde5d9", 6)
    done = Rect(1, Box(40, 60, 80, 12), "#117755", radius=6)
    found = explain(paper, (done,), ground="#eef4f0").rects
    assert [rect.fill for rect in found] == ["#cde5d9", "#117755"]
    assert Box(126, 60, 240, 12).iou(found[0].box) > 0.9


def test_a_soft_glow_is_no_panel() -> None:
    page = Image.new("RGB", (400, 300), GROUND)
    pen = ImageDraw.Draw(page)
    for step in range(60):
        level = 20 + step // 3
        pen.ellipse([100 + step, 80 + step, 320 - step, 240 - step], fill=(level, level, level + 4))
    sheet = MockupPixels(np.asarray(page), 1.0, False)
    assert not explain_rest(sheet, GROUND, (), (), (), ()).rects


def test_an_underline_is_no_stroke_of_its_own() -> None:
    paper = Paper(300, 100, GROUND)
    paper.box(40, 60, 80, 1, "#ffffff")
    assert explain(paper, lines=(line_at(Box(40, 46, 80, 12)),)) == Explained([], [])


@pytest.mark.parametrize("ground", ["#ffffff", GROUND])
def test_what_is_drawn_as_found_stays_as_it_is(ground: str) -> None:
    paper = Paper(400, 300, ground)
    paper.box(40, 40, 200, 120, "#4466aa", 12, (2, "#88aaee"))
    paper.box(60, 80, 80, 1, "#88aaee")
    card = Rect(1, Box(40, 40, 200, 120), "#4466aa", Border(2, "#88aaee"), 12)
    rule = Rect(2, Box(60, 80, 80, 1), "#88aaee")
    assert explain(paper, (card, rule), ground=ground) == Explained([card, rule], [])
