"""Gradients of every shape that style sheets write."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from studio.pipeline.codegen.context import build_surface_styles
from studio.pipeline.layout.containment import find_surface
from studio.pipeline.perception.hints import Box, Rect
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.pixels import compute_channel_distance, parse_hex
from tests.studio.pipeline.perception.paper import FACTOR, Paper

FIRST, LAST = "#3a4a60", "#10141c"
CARD = (60, 40, 400, 260)


def paint_radial(paper: Paper, shape: str, center: tuple[float, float]) -> None:
    """A card whose colors change from its center to its farthest corner, as CSS has it."""
    left, top, width, height = CARD
    y, x = np.mgrid[0:height, 0:width] + 0.5
    at_x, at_y = center[0] / 100 * width, center[1] / 100 * height
    far_x, far_y = max(at_x, width - at_x), max(at_y, height - at_y)
    if shape == "circle":
        share = np.hypot(x - at_x, y - at_y) / np.hypot(far_x, far_y)
    else:
        share = np.hypot((x - at_x) / far_x, (y - at_y) / far_y) / np.sqrt(2)
    first, last = (parse_hex(color).astype(float) for color in (FIRST, LAST))
    colors = np.round(first + share[..., None] * (last - first)).astype(np.uint8)
    sides = (width * FACTOR, height * FACTOR)
    large = Image.fromarray(colors).resize(sides, Image.Resampling.NEAREST)
    paper.canvas.paste(large, (left * FACTOR, top * FACTOR))


@pytest.mark.parametrize("words", [False, True], ids=["bare", "with words"])
@pytest.mark.parametrize("shape", ["circle", "ellipse"])
@pytest.mark.parametrize("center", [(50.0, 50.0), (50.0, 0.0), (100.0, 100.0), (30.0, 70.0)])
def test_a_radial_gradient_keeps_its_center_and_its_ends(
    shape: str, center: tuple[float, float], words: bool
) -> None:
    paper = Paper(520, 340, "#ffffff")
    paint_radial(paper, shape, center)
    if words:
        paper.text(100, 140, "Grow with the people you know", 22, color="#ffffff", bold=True)
    hints = find_hints(paper.picture(), scale=1)
    (rect,) = hints.rects
    assert hints.pictures == ()
    assert rect.box.iou(Box(*CARD)) > 0.99
    assert rect.gradient is not None
    assert rect.gradient_shape == shape
    assert np.abs(np.array(rect.gradient_center) - center).max() <= 5
    for found, true in zip(rect.gradient, (FIRST, LAST), strict=True):
        assert compute_channel_distance(parse_hex(found), parse_hex(true)) <= 4
    assert len(hints.texts) == int(words)


def test_a_radial_gradient_is_written_with_its_center() -> None:
    rect = Rect(
        1,
        Box(0, 0, 100, 60),
        FIRST,
        gradient=(FIRST, LAST),
        gradient_shape="circle",
        gradient_center=(50.0, 0.0),
    )
    written = build_surface_styles(find_surface(rect))["background"]
    assert written == f"radial-gradient(circle at 50% 0%, {FIRST}, {LAST})"
