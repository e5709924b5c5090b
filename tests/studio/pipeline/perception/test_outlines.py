"""Boxes whose outline is spoiled: bands that bulge, sidebars that hang on a header, tiles that a
drawing crowds.
"""

from __future__ import annotations

from studio.pipeline.perception.hints import Box, Hints
from studio.pipeline.perception.perceive import find_hints
from tests.studio.pipeline.perception.paper import Paper


def has(hints: Hints, x: float, y: float, width: float, height: float) -> bool:
    return any(rect.box.iou(Box(x, y, width, height)) > 0.93 for rect in hints.rects)


def test_a_band_into_which_a_badge_of_its_colour_bulges_is_a_band() -> None:
    paper = Paper()
    paper.box(0, 180, 640, 120, "#005f8d")
    paper.box(290, 150, 60, 60, "#005f8d", 30)
    paper.text(240, 250, "What we do", 24, color="#ffffff")
    assert has(find_hints(paper.picture()), 0, 180, 640, 120)


def test_a_sidebar_that_hangs_on_the_header_is_two_boxes() -> None:
    paper = Paper()
    paper.box(0, 0, 640, 60, "#1f2937")
    paper.box(0, 60, 160, 150, "#1f2937")
    paper.text(20, 38, "Tide gauge", 20, color="#ffffff")
    paper.text(200, 110, "Four stations report", 16)
    hints = find_hints(paper.picture())
    assert has(hints, 0, 0, 640, 60)
    assert has(hints, 0, 60, 160, 150)


def test_a_tile_that_a_pale_drawing_crowds_is_one_picture_behind_its_words() -> None:
    paper = Paper(ground="#f3f3f3")
    paper.box(100, 100, 220, 160, "#5cb85c")
    paper.box(100, 170, 110, 90, "#7cc67c")
    paper.box(210, 140, 90, 120, "#7cc67c")
    paper.text(130, 140, "8457", 30, color="#ffffff")
    hints = find_hints(paper.picture())
    (tile,) = [
        picture for picture in hints.pictures if picture.box.iou(Box(100, 100, 220, 160)) > 0.93
    ]
    assert tile.background
    assert [line.text for line in hints.texts] == ["8457"]


def test_the_rim_of_a_disc_is_no_ring_of_icons() -> None:
    paper = Paper()
    paper.box(60, 60, 240, 200, "#0089b5")
    paper.box(135, 80, 90, 90, "#ffffff", 45)
    paper.text(110, 220, "Cardio monitoring", 16, color="#ffffff")
    assert find_hints(paper.picture()).pictures == ()
