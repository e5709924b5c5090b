"""A photo reaches to where it really ends, also under a paler band."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.photo_extents import extend_photos
from studio.pipeline.perception.pictures import Region
from studio.pipeline.perception.pixels import MockupPixels

WIDTH, TOP, FOOT = 400, 50, 350


def draw_page(band: float, noise: float = 6.0) -> NDArray[np.uint8]:
    """A white page with a photo from TOP to FOOT, whose last 100 lines lie under a grey veil that leaves
    `band` of its contrast.
    """
    random = np.random.default_rng(5)
    rgb = np.full((500, WIDTH, 3), 255.0)
    photo = (
        90
        + random.normal(0, 10, (FOOT - TOP, WIDTH, 1))
        + random.normal(0, noise, (FOOT - TOP, WIDTH, 3))
    )
    photo[-100:] = 95 + band * (photo[-100:] - 90)
    rgb[TOP:FOOT] = photo
    return np.clip(rgb, 0, 255).astype(np.uint8)


def extend(rgb: NDArray[np.uint8], region: Region) -> Region:
    return extend_photos(MockupPixels(rgb, 1.0, False), [region])[0]


def test_a_photo_goes_on_under_a_veil_to_its_real_foot() -> None:
    found = extend(draw_page(0.3), Region(0, TOP, WIDTH, FOOT - 60))
    assert abs(found.bottom - FOOT) <= 1
    assert found.top == TOP


def test_a_photo_goes_on_upward_too() -> None:
    found = extend(draw_page(0.3)[::-1], Region(0, 500 - FOOT + 60, WIDTH, 500 - TOP))
    assert abs(found.top - (500 - FOOT)) <= 1
    assert found.bottom == 500 - TOP


def test_buttons_on_the_veil_change_nothing() -> None:
    rgb = draw_page(0.3)
    rgb[FOOT - 100 : FOOT - 60, 100:180] = (0, 180, 210)
    assert abs(extend(rgb, Region(0, TOP, WIDTH, FOOT - 60)).bottom - FOOT) <= 1


def test_an_even_ground_below_a_photo_is_no_photo() -> None:
    rgb = draw_page(0.3)
    rgb[FOOT - 60 : FOOT] = 95
    region = Region(0, TOP, WIDTH, FOOT - 60)
    assert extend(rgb, region) == region


def test_a_photo_that_ends_where_it_was_found_stays() -> None:
    region = Region(0, TOP, WIDTH, FOOT)
    assert extend(draw_page(1.0), region) == region


def test_small_and_round_photos_stay() -> None:
    rgb = draw_page(0.3)
    for region in (Region(0, TOP, 100, FOOT - 60), Region(0, TOP, WIDTH, FOOT - 60, radius=40.0)):
        assert extend(rgb, region) == region


def draw_hero(wall: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A white page with a hero of 300 lines: `wall` in its left half, restless in its right one."""
    rgb = draw_page(1.0)
    rgb[TOP:FOOT, :200] = np.clip(wall, 0, 255)
    rgb[TOP:FOOT, 200:230] = np.clip(wall[:, -1:], 0, 255)  # the photo begins as its wall ends
    rgb[:, 390:] = 255
    return rgb


def test_a_photo_goes_on_over_its_uneven_wall_to_its_real_side() -> None:
    shade = (
        np.linspace(190, 215, 200)[None, :, None] + np.linspace(0, 12, FOOT - TOP)[:, None, None]
    )
    rgb = draw_hero(np.broadcast_to(shade, (FOOT - TOP, 200, 3)))
    rgb[:, :10] = 255
    found = extend(rgb, Region(200, TOP, 390, FOOT))
    assert abs(found.left - 10) <= 1
    assert found.right == 390


def test_a_card_of_one_paint_beside_a_photo_is_no_photo() -> None:
    rgb = draw_hero(np.full((FOOT - TOP, 200, 3), 200.0))
    rgb[:, :10] = 255
    region = Region(200, TOP, 390, FOOT)
    assert extend(rgb, region) == region
