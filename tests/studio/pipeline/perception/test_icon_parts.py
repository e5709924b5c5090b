"""Icons made of strokes and small boxes are whole."""

from __future__ import annotations

import pytest

from studio.pipeline.codegen.icon_tracing import trace_icon
from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.hints import Box, TextLine
from studio.pipeline.perception.icon_parts import drop_icon_letters
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.pictures import Region
from tests.studio.pipeline.perception.paper import Paper


def draw_calendar(paper: Paper, x: float, y: float) -> None:
    """A sheet with two rings and a row of days, in strokes of 1.5 px."""
    paper.box(x, y + 3, 24, 22, None, 0, (1, "#191919"))
    paper.box(x + 6, y, 1.5, 6, "#191919")
    paper.box(x + 16, y, 1.5, 6, "#191919")
    paper.box(x + 6, y + 12, 12, 1.5, "#191919")


def test_an_icon_of_straight_strokes_is_one_icon_and_no_rules() -> None:
    paper = Paper(400, 200, "#ffffff")
    draw_calendar(paper, 60.5, 60.25)
    paper.text(50, 110, "Calendar", 14)
    hints = find_hints(paper.picture(), scale=1)
    assert hints.rects == ()
    (icon,) = hints.pictures
    assert icon.box.iou(Box(60.5, 60, 24, 25.5)) > 0.8


def test_separators_between_links_stay_rules() -> None:
    paper = Paper(400, 200, "#ffffff")
    for i, word in enumerate(("Find my name", "Find a key", "Look around")):
        paper.text(20 + 120 * i, 80, word, 14)
    for i in range(2):
        paper.box(130 + 120 * i, 66, 1, 20, "#999999")
    hints = find_hints(paper.picture(), scale=1)
    assert [(rect.box.x, rect.box.width) for rect in hints.rects] == [(130, 1), (250, 1)]
    assert hints.pictures == ()


def test_an_accent_below_a_heading_stays_a_rule() -> None:
    paper = Paper(400, 200, "#ffffff")
    paper.text(40, 80, "Our services", 26, bold=True)
    paper.box(40, 100, 36, 3, "#e05300")
    hints = find_hints(paper.picture(), scale=1)
    (rule,) = hints.rects
    assert rule.box.iou(Box(40, 100, 36, 3)) > 0.8


def test_an_icon_with_room_on_its_button_leaves_the_button() -> None:
    paper = Paper(400, 200, "#ffffff")
    paper.box(60, 60, 36, 36, "#e8def8", 8)
    paper.star(69, 69, 18, "#333333")
    hints = find_hints(paper.picture(), scale=1)
    assert [round(rect.box.width) for rect in hints.rects] == [36]
    assert len(hints.pictures) == 1


@pytest.mark.parametrize(("fill", "ink"), [("#fda35f", "#ffffff"), ("#ffffff", "#1c1b1f")])
def test_an_icon_that_fills_its_crops_corners_keeps_its_color(fill: str, ink: str) -> None:
    """The corners of the crop are ink, so only what lies around it tells the ground."""
    paper = Paper(400, 200, "#f4f4f4")
    paper.box(60, 60, 48, 48, fill, 12)
    paper.box(76, 76, 16, 16, ink)
    for x, y in ((79, 79), (86, 79), (79, 86), (86, 86)):
        paper.box(x, y, 3, 3, fill)
    picture = paper.picture()
    hints = find_hints(picture, scale=1)
    (icon,) = [one for one in hints.pictures if one.kind == "icon"]
    traced = trace_icon(crop_assets(picture, hints)[icon.asset], icon.ground)
    assert traced is not None
    assert traced.color == ink


@pytest.mark.parametrize("upright", [True, False])
def test_three_dots_of_a_menu_are_one_icon(upright: bool) -> None:
    paper = Paper(400, 120, "#541208")
    paper.text(30, 66, "Qonvert", 24, color="#ffffff")
    for i in range(3):
        x, y = (340, 40 + 6 * i) if upright else (340 + 6 * i, 46)
        paper.box(x, y, 4, 4, "#ffffff", 2)
    hints = find_hints(paper.picture(), scale=1)
    (icon,) = hints.pictures
    assert icon.kind == "icon"
    assert max(icon.box.width, icon.box.height) >= 15


def test_two_dots_are_none() -> None:
    paper = Paper(400, 120, "#541208")
    paper.text(30, 66, "Qonvert", 24, color="#ffffff")
    for i in range(2):
        paper.box(340, 40 + 6 * i, 4, 4, "#ffffff", 2)
    assert find_hints(paper.picture(), scale=1).pictures == ()


def line_of(text: str, box: Box) -> TextLine:
    return TextLine(1, box, text, 0.9, 14.0, 400, "sans", "Inter", "#ffffff", "#000000")


SIGNS = [Region(x, 15, x + 16, 31) for x in (0, 24, 96, 120)]


def test_letters_in_a_row_of_icons_are_icons() -> None:
    social = line_of("F t", Box(48, 15, 40, 16))
    name = line_of("Likeness", Box(160, 15, 60, 16))
    assert [line.text for line in drop_icon_letters([social, name], SIGNS)] == ["Likeness"]


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("F t", Box(48, 18, 40, 10)),  # as tall as letters are
        ("On", Box(48, 15, 16, 16)),
        ("F", Box(48, 60, 16, 16)),  # in another row
    ],
)
def test_words_and_letters_beside_icons_stay_texts(text: str, box: Box) -> None:
    assert len(drop_icon_letters([line_of(text, box)], SIGNS)) == 1
