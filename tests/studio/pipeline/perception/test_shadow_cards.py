"""A card in its ground's color is told by its shadow."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from studio.pipeline.perception.hints import Box, Rect
from studio.pipeline.perception.pixels import MockupPixels
from studio.pipeline.perception.shadow_cards import find_shadow_cards


def draw_card(ground: str, dy: int, blur: int, opacity: float, radius: int = 8) -> MockupPixels:
    """A card of 240 × 120 at 60, 50."""
    shade = Image.new("L", (400, 260), 0)
    ImageDraw.Draw(shade).rounded_rectangle([60, 50 + dy, 299, 169 + dy], radius, 255)
    shade = shade.filter(ImageFilter.GaussianBlur(blur / 2))
    page = Image.new("RGB", (400, 260), ground)
    dark = Image.new("RGB", (400, 260), "#000000")
    page.paste(dark, (0, 0), shade.point(lambda level: round(level * opacity)))
    ImageDraw.Draw(page).rounded_rectangle([60, 50, 299, 169], radius, ground)
    return MockupPixels(np.asarray(page), 1.0, False)


@pytest.mark.parametrize("ground", ["#ffffff", "#f4f5f7"])
@pytest.mark.parametrize(("dy", "blur", "opacity"), [(4, 12, 0.15), (8, 24, 0.2), (1, 6, 0.2)])
def test_a_card_of_its_grounds_color(ground: str, dy: int, blur: int, opacity: float) -> None:
    (card,) = find_shadow_cards(draw_card(ground, dy, blur, opacity), ground, ())
    assert Box(60, 50, 240, 120).iou(card.box) > 0.9
    assert card.fill == ground
    assert card.shadow is not None
    assert abs(card.radius - 8) <= 4


def test_a_card_that_is_known_is_not_found_twice() -> None:
    known = Rect(1, Box(60, 50, 240, 120), "#ffffff", radius=8)
    assert not find_shadow_cards(draw_card("#ffffff", 4, 12, 0.15), "#ffffff", (known,))


def test_a_gray_rule_is_no_shadow() -> None:
    page = Image.new("RGB", (400, 260), "#ffffff")
    ImageDraw.Draw(page).rectangle([40, 120, 360, 121], "#e0e0e0")
    sheet = MockupPixels(np.asarray(page), 1.0, False)
    assert not find_shadow_cards(sheet, "#ffffff", ())
