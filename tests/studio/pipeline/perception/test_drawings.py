"""Charts, illustrations and drawn sketches."""

from __future__ import annotations

import numpy as np
from PIL import Image

from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.hints import Box
from studio.pipeline.perception.perceive import find_hints
from tests.studio.pipeline.perception.paper import FACTOR, Paper


def overlap(box: Box, x: float, y: float, width: float, height: float) -> float:
    return box.iou(Box(x, y, width, height))


def test_bars_of_a_chart_are_one_picture_beside_their_title() -> None:
    paper = Paper(640, 360, "#ffffff")
    paper.text(40, 50, "Sales by channel", 18, bold=True)
    for i, tall in enumerate((60, 90, 40, 120, 76, 140)):
        paper.box(60 + 40 * i, 280 - tall, 24, tall, "#6366f1")
    hints = find_hints(paper.picture(), scale=1)
    assert [line.text for line in hints.texts] == ["Sales by channel"]
    assert hints.rects == ()
    (chart,) = hints.pictures
    assert overlap(chart.box, 60, 140, 224, 140) > 0.9
    assert chart.asset.endswith(".png")


def test_a_line_that_crosses_its_grid_is_one_picture_with_the_grid() -> None:
    paper = Paper(640, 360, "#ffffff")
    paper.text(40, 50, "Visitors each week", 18, bold=True)
    for row in range(3):
        paper.box(60, 120 + 50 * row, 500, 1, "#9ca3af")
    points = [(60 + 50 * i, 170 + 55 * np.sin(i * 0.9)) for i in range(11)]
    paper.pen.line([(x * FACTOR, y * FACTOR) for x, y in points], fill="#4f46e5", width=3 * FACTOR)
    hints = find_hints(paper.picture(), scale=1)
    assert [line.text for line in hints.texts] == ["Visitors each week"]
    assert len(hints.pictures) == 1
    assert overlap(hints.pictures[0].box, 60, 113, 500, 112) > 0.85


def test_a_frame_full_of_shapes_without_a_word_is_one_picture() -> None:
    paper = Paper(700, 400, "#674bae")
    paper.text(430, 120, "Grow a circle", 28, color="#ffffff", bold=True)
    paper.box(40, 60, 340, 260, "#ffffff", 12)
    for x, y in ((80, 100), (150, 200), (280, 110)):
        paper.box(x, y, 48, 48, "#ff52bf", 24)
    for x, y, width in ((150, 105, 110), (150, 130, 70), (220, 215, 130)):
        paper.box(x, y, width, 14, "#d9dbe3", 7)
    hints = find_hints(paper.picture(), scale=1)
    assert len(hints.pictures) == 1
    assert overlap(hints.pictures[0].box, 40, 60, 340, 260) > 0.95
    assert hints.rects == ()


def test_like_boxes_in_a_row_stay_boxes() -> None:
    paper = Paper(640, 300, "#ffffff")
    paper.text(40, 50, "Choose a color", 18)
    for i, color in enumerate(("#ef4444", "#f59e0b", "#10b981", "#3b82f6", "#8b5cf6")):
        paper.box(40 + 70 * i, 90, 48, 48, color, 8)
    hints = find_hints(paper.picture(), scale=1)
    assert len(hints.rects) == 5
    assert hints.pictures == ()


def sketch() -> Image.Image:
    """A wireframe drawn with an unsteady pen."""
    random = np.random.default_rng(3)
    paper = Paper(760, 560, "#f7f5f0")

    def stroke(x0: float, y0: float, x1: float, y1: float) -> None:
        share = np.linspace(0, 1, 24)
        x = x0 + (x1 - x0) * share + random.normal(0, 1.6, 24)
        y = y0 + (y1 - y0) * share + random.normal(0, 1.6, 24)
        paper.pen.line(
            [(a * FACTOR, b * FACTOR) for a, b in zip(x, y, strict=True)],
            fill="#222222",
            width=3 * FACTOR,
        )

    def frame(x: float, y: float, width: float, height: float) -> None:
        right, bottom = x + width + random.normal(0, 3), y + height + random.normal(0, 3)
        stroke(x - 2, y, right + 2, y + 4)
        stroke(right, y, right, bottom + 2)
        stroke(right + 2, bottom, x - 2, bottom - 3)
        stroke(x, bottom + 2, x, y - 2)

    frame(30, 30, 700, 70)
    paper.text(60, 72, "Logo", 24, family="DejaVu Serif")
    for left in (30, 280, 530):
        frame(left, 140, 200, 130)
        stroke(left, 140, left + 200, 270)
        stroke(left, 270, left + 200, 140)
        paper.text(left + 20, 320, "Product", 24, family="DejaVu Serif")
    frame(30, 380, 700, 120)
    paper.text(280, 450, "Buy it now", 24, family="DejaVu Serif")
    return paper.picture()


def test_a_drawn_sketch_becomes_boxes_placeholders_and_words_and_is_said() -> None:
    picture = sketch()
    hints = find_hints(picture, scale=1)
    assert len(hints.notes) == 1
    assert "drawn sketch" in hints.notes[0]
    assert len(hints.pictures) == 3
    assert all(
        overlap(p.box, x, 140, 200, 130) > 0.85
        for p, x in zip(hints.pictures, (30, 280, 530), strict=True)
    )
    assert [round(rect.box.width, -1) for rect in hints.rects] == [700, 700] or len(
        hints.rects
    ) == 2
    assert {"Logo", "Product", "Buy it now"} <= {line.text for line in hints.texts}
    assert set(crop_assets(picture, hints)) >= {p.asset for p in hints.pictures}


def test_a_page_of_outlined_boxes_is_no_sketch() -> None:
    paper = Paper(640, 420, "#ffffff")
    for i in range(4):
        paper.box(40 + 150 * i, 60, 130, 200, None, 8, (2, "#333333"))
        paper.text(60 + 150 * i, 160, f"Card {i + 1}", 18)
    hints = find_hints(paper.picture(), scale=1)
    assert hints.notes == ()
    assert len([rect for rect in hints.rects if rect.border]) == 4
