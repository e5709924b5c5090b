"""Boxes whose sides are drawn in several strokes keep their size, border and corners."""

from __future__ import annotations

import pytest

from studio.pipeline.perception.hints import Box, Hints, Rect
from studio.pipeline.perception.perceive import find_hints
from tests.studio.pipeline.perception.paper import Paper

BLUE, PRESSED = "#0d6efd", ("#0b62e3", "#0b66eb", "#0c6af4")


def page() -> Paper:
    """A button with a light line under its border, a pressed one, and a card whose last row has a
    rule right on the card's border.
    """
    paper = Paper(640, 480, "#f8f9fa")
    paper.box(60, 40, 200, 40, BLUE, 6)
    paper.box(62, 41, 196, 1, "#3183fd")
    paper.text(120, 66, "Start free trial", 16, color="#ffffff")
    paper.box(320, 40, 200, 40, BLUE)
    for depth, color in enumerate(PRESSED):
        paper.box(320, 41 + depth, 200, 1, color)
    paper.text(390, 66, "Monthly", 16, color="#ffffff")
    paper.box(60, 160, 460, 201, "#ffffff", 0, (1, "#d2d2d2"))
    for row in range(5):
        paper.text(80, 186 + 40 * row, "Community and support", 15)
        paper.box(61, 199 + 40 * row, 458, 1, "#b8bcc0")
    return paper


@pytest.fixture(scope="module")
def hints() -> Hints:
    return find_hints(page().picture())


def find_nearest(hints: Hints, box: Box) -> Rect:
    return max(hints.rects, key=lambda rect: rect.box.iou(box))


@pytest.mark.parametrize("left", [60, 320])
def test_a_bevel_belongs_to_its_button(hints: Hints, left: int) -> None:
    found = find_nearest(hints, Box(left, 40, 200, 40))
    assert found.box == Box(left, 40, 200, 40)
    assert found.fill == BLUE
    assert found.border is None


def test_a_bevelled_buttons_corners_are_its_own(hints: Hints) -> None:
    assert abs(find_nearest(hints, Box(60, 40, 200, 40)).radius - 6) <= 1


def test_a_card_is_closed_below_the_rule_of_its_last_row(hints: Hints) -> None:
    found = find_nearest(hints, Box(60, 160, 460, 201))
    assert found.box == Box(60, 160, 460, 201)
    assert found.border is not None
    assert found.border.sides == "trbl"
