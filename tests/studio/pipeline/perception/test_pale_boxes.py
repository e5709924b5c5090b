from __future__ import annotations

import io

import pytest
from PIL import Image

from studio.pipeline.perception.hints import Hints, Rect
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.pixels import compute_channel_distance, parse_hex
from tests.studio.pipeline.perception.paper import Paper

PAIRS = (
    ("#ffffff", "#f8f9fa"),
    ("#ffffff", "#f3f4f6"),
    ("#ffffff", "#eeeeee"),
    ("#f7f7ff", "#ffffff"),
    ("#fafafa", "#ffffff"),
    ("#f2f2f7", "#ffffff"),
    ("#131518", "#1f2730"),
    ("#131518", "#252d37"),
)


def card(ground: str, fill: str, radius: int) -> Image.Image:
    paper = Paper(420, 320, ground)
    ink = "#d8dde3" if ground == "#131518" else "#333333"
    paper.text(24, 36, "A page with a card", 20, color=ink)
    paper.box(60, 60, 300, 220, fill, radius)
    paper.text(96, 130, "How was your visit?", 18, color=ink)
    return paper.picture()


def sent_as(picture: Image.Image, kind: str) -> Image.Image:
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 85} if kind == "JPEG" else {}))
    return Image.open(out)


def only_rect(hints: Hints) -> Rect:
    assert len(hints.rects) == 1, [(rect.box, rect.fill) for rect in hints.rects]
    return hints.rects[0]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("radius", [0, 8, 30])
@pytest.mark.parametrize(("ground", "fill"), PAIRS)
def test_a_pale_card_is_found_with_its_ground_fill_and_radius(
    ground: str, fill: str, radius: int, kind: str
) -> None:
    hints = find_hints(sent_as(card(ground, fill, radius), kind), scale=1)
    rect = only_rect(hints)
    assert compute_channel_distance(parse_hex(hints.background), parse_hex(ground)) <= 1
    assert compute_channel_distance(parse_hex(rect.fill or ""), parse_hex(fill)) <= 2
    edges = (rect.box.x - 60, rect.box.y - 60, rect.box.right - 360, rect.box.bottom - 280)
    assert max(map(abs, edges)) <= 1
    assert abs(rect.radius - radius) <= 2


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_circles_a_little_lighter_than_their_card_are_circles_on_a_card(kind: str) -> None:
    paper = Paper(520, 320, "#131518")
    paper.box(40, 40, 412, 240, "#1f2730", 30)
    for i in range(5):
        paper.box(72 + 70 * i, 120, 51, 51, "#262e38", 25.5)
        paper.text(93 + 70 * i, 151, str(i + 1), 15, color="#969fad")
    hints = find_hints(sent_as(paper.picture(), kind), scale=1)
    circles = [
        rect
        for rect in hints.rects
        if abs(rect.box.width - 51) <= 2 and abs(rect.radius - 25.5) <= 1.5
    ]
    cards = [
        rect
        for rect in hints.rects
        if abs(rect.box.width - 412) <= 2 and abs(rect.radius - 30) <= 3
    ]
    assert (len(circles), len(cards)) == (5, 1)


def test_a_slow_gradient_is_not_parted_into_its_levels() -> None:
    paper = Paper(420, 320, "#ffffff")
    paper.gradient(0, 0, 420, 320, (255, 255, 255), (240, 244, 250))
    assert len(find_hints(paper.picture(), scale=1).rects) <= 1


def test_a_soft_shadow_is_not_parted_from_its_ground() -> None:
    paper = Paper(420, 320, "#ffffff")
    paper.shadow(100, 80, 220, 140, down=6, blur=24, opacity=0.12)
    paper.box(100, 80, 220, 140, "#ffffff", 8)
    rect = only_rect(find_hints(paper.picture(), scale=1))
    assert rect.shadow is not None
    assert abs(rect.box.width - 220) <= 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_rows_that_hairlines_part_are_one_group_with_its_round_corners(kind: str) -> None:
    paper = Paper(390, 320, "#f2f2f7")
    paper.box(16, 60, 358, 192, "#ffffff", 12)
    for row in range(4):
        paper.text(32, 90 + 48 * row, f"Row number {row + 1}", 17)
        if row:
            paper.box(16, 60 + 48 * row, 358, 1, "#e5e5ea")
    hints = find_hints(sent_as(paper.picture(), kind), scale=1)
    groups = [rect for rect in hints.rects if rect.box.height > 100]
    assert len(groups) == 1
    assert abs(groups[0].box.height - 192) <= 2
    assert abs(groups[0].radius - 12) <= 2
    assert len([rect for rect in hints.rects if rect.box.height <= 2]) == 3
