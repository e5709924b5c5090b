"""A page is painted as its boxes say; a change paints no more than what changed."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from studio.pipeline.perception import repainting
from studio.pipeline.perception.bands import Pixels
from studio.pipeline.perception.hints import Border, Box, Rect
from studio.pipeline.perception.repainting import PaintedPage, Window, measure_unexplained

SHAPE = (120, 200)  # px, height and width
COLORS = ("#112233", "#cc2222", "#22aa66", "#f5f5f5", "#2563eb")


def paint(*rects: Rect, background: str = "#ffffff") -> PaintedPage:
    return PaintedPage(SHAPE, background, rects)


def get_color(page: PaintedPage, x: int, y: int) -> str:
    return "#{:02x}{:02x}{:02x}".format(*page.canvas[y, x])


def make_rect(x: float, y: float, width: float, height: float, fill: str, **more: object) -> Rect:
    return Rect(0, Box(x, y, width, height), fill, **more)


def make_random_rects(chance: random.Random, count: int) -> list[Rect]:
    """Boxes of every kind, on whole and on half pixels, some of which hang out of the page."""
    rects = []
    for number in range(count):
        box = Box(
            chance.randrange(-20, 380) / 2,
            chance.randrange(-20, 220) / 2,
            chance.randrange(2, 160) / 2,
            chance.randrange(2, 160) / 2,
        )
        kind = chance.randrange(4)
        rects.append(
            Rect(
                number,
                box,
                chance.choice(COLORS),
                Border(2.0, chance.choice(COLORS), "tl") if kind == 1 else None,
                radius=8.0 if kind == 2 else 0.0,
                gradient=(COLORS[0], COLORS[3]) if kind == 3 else None,
                gradient_angle=60.0,
            )
        )
    return rects


def test_later_boxes_lie_on_earlier_ones() -> None:
    page = paint(make_rect(0, 0, 100, 100, "#cc2222"), make_rect(50, 50, 100, 60, "#22aa66"))
    assert get_color(page, 20, 20) == "#cc2222"
    assert get_color(page, 80, 80) == "#22aa66"
    assert get_color(page, 190, 10) == "#ffffff"


def test_a_border_lies_on_its_sides_only() -> None:
    page = paint(make_rect(10, 10, 100, 80, "#f5f5f5", border=Border(4.0, "#112233", "b")))
    assert get_color(page, 50, 88) == "#112233"
    assert get_color(page, 50, 11) == "#f5f5f5"


def test_a_box_thinner_than_its_border_is_all_border() -> None:
    page = paint(make_rect(10, 10, 100, 1, "#f5f5f5", border=Border(2.0, "#112233")))
    assert get_color(page, 50, 10) == "#112233"
    assert get_color(page, 50, 12) == "#ffffff"


def test_a_round_corner_shows_the_ground() -> None:
    page = paint(make_rect(10, 10, 100, 80, "#112233", radius=30))
    assert get_color(page, 12, 12) == "#ffffff"
    assert get_color(page, 60, 12) == "#112233"


def test_a_gradient_runs_from_its_first_color_to_its_last() -> None:
    page = paint(make_rect(0, 0, 200, 100, "#000000", gradient=("#000000", "#ffffff")))
    top, middle, bottom = (int(page.canvas[y, 100, 0]) for y in (1, 50, 98))
    assert top < 10
    assert abs(middle - 128) < 10
    assert bottom > 245


def test_a_box_that_hangs_out_of_the_page_is_cut_off() -> None:
    page = paint(make_rect(-50, -50, 80, 80, "#cc2222"), make_rect(500, 500, 80, 80, "#22aa66"))
    assert get_color(page, 10, 10) == "#cc2222"
    assert get_color(page, 40, 40) == "#ffffff"


@pytest.mark.parametrize("seed", range(20))
def test_a_page_that_changed_looks_as_if_it_had_been_painted_anew(seed: int) -> None:
    chance = random.Random(seed)
    before = make_random_rects(chance, 12)
    page = paint(*before)
    after = [rect for rect in before if chance.random() < 0.7]
    after += make_random_rects(chance, 3)
    if seed % 2:
        after.sort(key=lambda rect: -rect.box.area)
    page.show(after)
    assert page.rects == tuple(after)
    assert np.array_equal(page.canvas, paint(*after).canvas)


def test_boxes_that_stay_are_painted_no_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    stays, goes, comes = (make_rect(60 * i, 10, 40, 40, COLORS[i]) for i in range(3))
    page = paint(stays, goes)
    painted: list[int] = []

    def note(canvas: Pixels, rect: Rect, within: Window) -> None:
        painted.append(within[1].start)

    monkeypatch.setattr(repainting, "_paint", note)
    page.show([stays, comes])
    assert set(painted) == {60, 120}  # px: where the one that went and the one that came begin


def measure(canvas: Sequence[int], pixels: Sequence[int], reach: int) -> list[int]:
    """Return what a row of gray levels does not account for in another one."""
    shown, seen = (np.array([[[v] * 3 for v in row]], np.uint8) for row in (canvas, pixels))
    found: list[int] = measure_unexplained(seen, shown, reach)[0].tolist()
    return found


def test_a_level_between_those_around_it_is_explained() -> None:
    assert measure([0, 0, 200, 200], [0, 90, 140, 200], 1) == [0, 0, 0, 0]


def test_a_level_outside_of_those_around_it_is_not() -> None:
    assert measure([0, 0, 200, 200], [0, 0, 200, 250], 1) == [0, 0, 0, 50]


def test_an_edge_a_few_pixels_aside_is_explained_within_reach_only() -> None:
    canvas, pixels = [0, 0, 0, 200, 200, 200], [0, 200, 200, 200, 200, 200]
    assert max(measure(canvas, pixels, 2)) == 0
    assert max(measure(canvas, pixels, 1)) == 200
