"""Wireframes: crossed boxes stand for pictures."""

from __future__ import annotations

from studio.pipeline.perception.hints import Box
from studio.pipeline.perception.perceive import find_hints
from tests.studio.pipeline.perception.paper import FACTOR, Paper

BOXES = (Box(40, 110, 280, 160), Box(360, 110, 120, 160), Box(40, 310, 90, 80))


def cross(paper: Paper, box: Box, *, outlined: bool = True) -> None:
    if outlined:
        paper.box(box.x, box.y, box.width, box.height, None, 0, (1, "#444444"))
    for a, b in (
        ((box.x, box.y), (box.right, box.bottom)),
        ((box.right, box.y), (box.x, box.bottom)),
    ):
        ends = [tuple(FACTOR * v for v in point) for point in (a, b)]
        paper.pen.line([*ends[0], *ends[1]], fill="#444444", width=FACTOR)


def wireframe(*, striped: bool = False) -> Paper:
    paper = Paper(520, 430, "#ffffff")
    if striped:
        for i in range(8):
            paper.box(20 + 64 * i, 0, 32, 430, "#eeeeee")
    paper.text(40, 60, "Our products this week", 22)
    for box in BOXES:
        cross(paper, box)
    return paper


def check(paper: Paper) -> None:
    hints = find_hints(paper.picture(), scale=1)
    found = sorted(hints.pictures, key=lambda one: (round(one.box.y / 50), one.box.x))
    assert len(found) == len(BOXES)
    assert all(one.box.iou(box) > 0.9 for one, box in zip(found, BOXES, strict=True))
    assert all(one.asset.endswith(".png") for one in found)
    assert any("wireframe" in note for note in hints.notes)


def test_crossed_boxes_are_placeholder_pictures_and_said() -> None:
    check(wireframe())


def test_a_grid_of_columns_below_them_changes_nothing() -> None:
    check(wireframe(striped=True))


def test_a_word_on_a_crossed_box_stays_a_word() -> None:
    paper = wireframe()
    paper.box(230, 230, 90, 40, "#000000")
    paper.text(244, 256, "Jackets", 16, color="#ffffff")
    hints = find_hints(paper.picture(), scale=1)
    assert {line.text for line in hints.texts} == {"Our products this week", "Jackets"}
    assert len(hints.pictures) == len(BOXES)


def test_a_cross_without_a_box_is_no_placeholder() -> None:
    paper = Paper(520, 300, "#ffffff")
    paper.text(40, 60, "Close this window", 22)
    for left in (360, 430):
        cross(paper, Box(left, 40, 34, 34), outlined=False)
    hints = find_hints(paper.picture(), scale=1)
    assert hints.notes == ()
    assert {one.kind for one in hints.pictures} == {"icon"}
