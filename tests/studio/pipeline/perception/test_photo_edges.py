"""A photo ends at its own edges: at straight steps, or where an even ground begins."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.pipeline.perception.photo_edges import snap_region
from studio.pipeline.perception.pictures import Region
from studio.pipeline.perception.pixels import MockupPixels

WIDTH, HEIGHT = 400, 300  # px of the page


def make_page(left: int, top: int, right: int, bottom: int, radius: int = 0) -> MockupPixels:
    """A page with a photo of noise in it, which may have round corners."""
    noise = np.random.default_rng(1).integers(0, 160, (HEIGHT, WIDTH, 3), np.uint8)
    shape = Image.new("L", (WIDTH, HEIGHT), 0)
    pen = ImageDraw.Draw(shape)
    pen.rounded_rectangle((left, top, right - 1, bottom - 1), radius, fill=255)
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    page.paste(Image.fromarray(noise), mask=shape)
    return MockupPixels(np.asarray(page), 1.0, False)


def get_sides(region: Region) -> tuple[int, int, int, int]:
    return region.left, region.top, region.right, region.bottom


def test_a_region_a_few_px_off_ends_where_the_photo_does() -> None:
    page = make_page(100, 60, 300, 220)
    assert get_sides(snap_region(Region(103, 57, 296, 224), page)) == (100, 60, 300, 220)


def test_a_photo_with_straight_edges_has_no_radius() -> None:
    page = make_page(100, 60, 300, 220)
    assert snap_region(Region(100, 60, 300, 220), page).radius == 0


def test_round_corners_on_an_even_ground_are_measured() -> None:
    page = make_page(100, 60, 300, 220, radius=24)
    region = snap_region(Region(101, 61, 299, 219), page)
    assert get_sides(region) == (100, 60, 300, 220)
    assert region.radius == pytest.approx(24, abs=3)


def test_a_round_photo_is_a_circle() -> None:
    page = make_page(100, 60, 260, 220, radius=80)
    region = snap_region(Region(101, 61, 259, 219), page)
    assert region.radius == (region.right - region.left) / 2


def test_a_photo_at_the_pages_side_ends_there() -> None:
    page = make_page(0, 60, 300, 220)
    assert snap_region(Region(2, 61, 299, 219), page).left == 0


def test_a_region_without_edges_stays_where_it_is() -> None:
    even = MockupPixels(np.full((HEIGHT, WIDTH, 3), 200, np.uint8), 1.0, False)
    region = Region(100, 60, 300, 220)
    assert snap_region(region, even) == region
