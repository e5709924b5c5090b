from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from studio.pipeline.perception.hints import Box, Hints, Rect
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.pixels import compute_channel_distance, parse_hex
from tests.studio.pipeline.perception.paper import Paper


def form() -> Paper:
    paper = Paper(640, 480, "#f8f9fa")
    paper.box(0, 0, 640, 56, "#212529")
    paper.text(24, 35, "Likeness", 18, color="#ffffff", bold=True)
    paper.box(60, 90, 300, 330, "#ffffff", 12, (1, "#ced4da"))
    paper.text(84, 130, "Create an account", 20, bold=True)
    paper.box(84, 160, 252, 40, "#ffffff", 6, (1, "#adb5bd"))
    paper.text(98, 186, "Email address", 15, color="#6c757d")
    paper.box(84, 220, 252, 44, "#0d6efd", 22)
    paper.text(170, 248, "Sign up", 16, color="#ffffff")
    paper.box(84, 300, 252, 1, "#dee2e6")
    paper.text(84, 340, "Already with us?", 14)
    paper.box(400, 90, 200, 120, "#dee2e6")
    paper.text(455, 155, "A placeholder", 14, color="#495057")
    return paper


def near(hints: Hints, x: float, y: float, width: float, height: float, slack: float = 1.5) -> Rect:
    wanted = Box(x, y, width, height)
    for rect in hints.rects:
        b = rect.box
        edges = ((b.x, x), (b.y, y), (b.right, wanted.right), (b.bottom, wanted.bottom))
        if all(abs(a - c) <= slack for a, c in edges):
            return rect
    raise AssertionError(f"no rectangle at {wanted} among {[r.box for r in hints.rects]}")


@pytest.fixture(scope="module")
def hints() -> Hints:
    return find_hints(form().picture())


def test_a_card_has_its_fill_border_and_radius(hints: Hints) -> None:
    card = near(hints, 60, 90, 300, 330)
    assert card.fill == "#ffffff"
    assert card.border is not None
    assert (card.border.width, card.border.sides) == (1, "trbl")
    assert compute_channel_distance(parse_hex(card.border.color), parse_hex("#ced4da")) <= 6
    assert abs(card.radius - 12) <= 2


def test_an_input_of_its_cards_colour_is_an_outline(hints: Hints) -> None:
    field = near(hints, 84, 160, 252, 40)
    assert field.fill is None
    assert field.border is not None
    assert field.border.sides == "trbl"


def test_a_pill_button_has_round_ends(hints: Hints) -> None:
    button = near(hints, 84, 220, 252, 44)
    assert button.fill == "#0d6efd"
    assert button.border is None
    assert abs(button.radius - 22) <= 2


def test_bands_placeholders_and_rules_are_found(hints: Hints) -> None:
    assert near(hints, 0, 0, 640, 56).fill == "#212529"
    assert near(hints, 400, 90, 200, 120).fill == "#dee2e6"
    assert near(hints, 84, 300, 252, 1, slack=1).fill == "#dee2e6"


def test_nothing_else_is_found(hints: Hints) -> None:
    assert len(hints.rects) == 6
    assert hints.pictures == ()


def test_outer_rectangles_come_before_inner_ones(hints: Hints) -> None:
    order = [rect.id for rect in hints.rects]
    assert order == list(range(1, len(order) + 1))
    assert near(hints, 60, 90, 300, 330).id < near(hints, 84, 220, 252, 44).id


def test_the_page_ground_is_no_rectangle(hints: Hints) -> None:
    assert hints.background == "#f8f9fa"
    assert not any(rect.fill == "#f8f9fa" for rect in hints.rects)


def test_the_palette_is_small_and_led_by_the_ground(hints: Hints) -> None:
    assert hints.palette[0].color == "#f8f9fa"
    assert {"#212529", "#0d6efd", "#dee2e6"} <= {swatch.color for swatch in hints.palette}
    assert len(hints.palette) <= 12


def test_jpeg_damage_hides_neither_boxes_nor_text() -> None:
    found = find_hints(form().jpeg(80))
    for box in ((0, 0, 640, 56), (60, 90, 300, 330), (84, 220, 252, 44), (400, 90, 200, 120)):
        near(found, *box, slack=3)
    assert {"Create an account", "Email address", "Sign up"} <= {t.text for t in found.texts}


def test_table_rows_of_one_fill_are_one_box_with_rules() -> None:
    paper = Paper(640, 300, "#eef1f5")
    paper.box(40, 40, 560, 161, "#ffffff")
    for row in range(4):
        paper.text(60, 66 + 41 * row, f"Row number {row + 1}", 15)
        if row:
            paper.box(40, 39 + 41 * row, 560, 1, "#ccd3da")
    found = find_hints(paper.picture())
    near(found, 40, 40, 560, 161)
    assert [r.box.y for r in found.rects if r.box.height == 1] == [80, 121, 162]


def test_a_gradient_keeps_its_ends() -> None:
    paper = Paper(640, 300, "#ffffff")
    paper.gradient(0, 0, 640, 300, (80, 110, 220), (30, 60, 180))
    paper.box(120, 60, 400, 180, "#ffffff", 8)
    paper.text(160, 150, "On a gradient", 24)
    found = find_hints(paper.picture())
    assert found.pictures == ()
    page = near(found, 0, 0, 640, 300)
    assert page.gradient is not None
    assert compute_channel_distance(parse_hex(page.gradient[0]), parse_hex("#506edc")) <= 6
    assert compute_channel_distance(parse_hex(page.gradient[1]), parse_hex("#1e3cb4")) <= 6
    assert near(found, 120, 60, 400, 180).fill == "#ffffff"


def test_a_soft_shadow_below_a_card_is_measured() -> None:
    paper = Paper(640, 300, "#ffffff")
    paper.shadow(140, 80, 360, 160, down=8, blur=24, opacity=0.2)
    paper.box(140, 80, 360, 160, "#ffffff", 8)
    paper.text(180, 160, "Lifted off the page", 22)
    card = near(find_hints(paper.picture()), 140, 80, 360, 160)
    assert card.shadow is not None
    assert abs(card.shadow.dy - 8) <= 4
    assert abs(card.shadow.blur - 24) <= 12
    assert abs(card.shadow.opacity - 0.2) <= 0.1


def test_a_badge_that_melts_into_a_border_is_found_by_its_text() -> None:
    paper = Paper(640, 260)
    paper.box(120, 60, 300, 160, "#ffffff", 0, (2, "#0d6efd"))
    paper.box(220, 50, 100, 24, "#0d6efd")
    paper.text(235, 67, "Most liked", 13, color="#ffffff")
    found = find_hints(paper.picture())
    assert near(found, 220, 50, 100, 24, slack=2).fill == "#0d6efd"


def test_a_number_in_a_small_badge_is_text() -> None:
    paper = Paper(640, 200)
    paper.text(40, 80, "Notifications", 16)
    paper.box(320, 64, 28, 22, "#dc3545", 6)
    paper.text(329, 80, "7", 14, color="#ffffff", bold=True)
    found = find_hints(paper.picture())
    assert {"Notifications", "7"} <= {t.text for t in found.texts}


def test_a_tiny_or_blank_mockup_has_no_hints_but_no_error_either() -> None:
    for image in (
        Image.new("RGB", (1, 1), "#abcdef"),
        Image.new("RGB", (300, 5)),
        Image.new("RGBA", (200, 200)),
    ):
        found = find_hints(image)
        assert (found.texts, found.rects, found.pictures) == ((), (), ())


@pytest.mark.parametrize(
    ("angle", "corners"), [(90, "left right"), (120, "slanted"), (180, "top bottom")]
)
def test_a_gradient_keeps_its_angle_and_its_ends(angle: int, corners: str) -> None:
    first, last = np.array([255, 143, 112.0]), np.array([255, 61, 84.0])
    turn = np.radians(angle)
    y, x = np.mgrid[0:200, 0:400]
    length = abs(400 * np.sin(turn)) + abs(200 * np.cos(turn))
    share = ((x + 0.5 - 200) * np.sin(turn) - (y + 0.5 - 100) * np.cos(turn)) / length + 0.5
    band = np.round(first + share[..., None] * (last - first)).astype(np.uint8)
    page = Paper(480, 300).picture()
    page.paste(Image.fromarray(band), (40, 50))
    rect = near(find_hints(page, scale=1), 40, 50, 400, 200)
    assert rect.gradient is not None, corners
    assert rect.gradient_angle == angle
    assert compute_channel_distance(parse_hex(rect.gradient[0]), parse_hex("#ff8f70")) <= 2
    assert compute_channel_distance(parse_hex(rect.gradient[1]), parse_hex("#ff3d54")) <= 2


@pytest.mark.parametrize("side", [24, 33])
@pytest.mark.parametrize("at", [0.0, 0.5])
def test_a_disc_with_soft_edges_is_round_to_its_ends(side: int, at: float) -> None:
    paper = Paper(200, 120, "#fdf7ff")
    paper.box(60 + at, 40 + at, side, side, "#e05300", side / 2)
    soft = paper.picture().resize((300, 180), Image.Resampling.BICUBIC)
    soft = soft.resize((200, 120), Image.Resampling.BICUBIC)
    (rect,) = find_hints(soft, scale=1).rects
    assert rect.radius == min(rect.box.width, rect.box.height) / 2


@pytest.mark.parametrize("radius", [2, 4, 6])
def test_a_small_box_with_a_radius_is_no_disc(radius: int) -> None:
    paper = Paper(200, 120, "#fdf7ff")
    paper.box(60, 40, 24, 24, "#e05300", radius)
    (rect,) = find_hints(paper.picture(), scale=1).rects
    assert abs(rect.radius - radius) <= 1


def test_a_band_that_lines_cut_keeps_its_color_in_every_part() -> None:
    paper = Paper(800, 400, "#ffffff")
    paper.box(0, 60, 800, 220, "#ff6801")
    paper.box(200, 60, 1, 220, "#ffffff")
    paper.box(500, 60, 1, 220, "#ffffff")
    paper.box(0, 240, 800, 1, "#ffffff")
    paper.pen.arc((520 * 4, 80 * 4, 760 * 4, 320 * 4), 180, 360, "#ffffff", 4)
    paper.text(230, 140, "Meet the round and the square", 18, color="#ffffff")
    rects = find_hints(paper.picture(), scale=1).rects
    middle = [r for r in rects if r.box.contains(Box(300, 100, 100, 100)) and r.fill]
    assert compute_channel_distance(parse_hex(middle[-1].fill or ""), parse_hex("#ff6801")) <= 3
