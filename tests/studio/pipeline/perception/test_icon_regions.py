"""Ink that nothing explains is an icon, its close parts together."""

from __future__ import annotations

import numpy as np
import pytest

from studio.pipeline.perception.icon_regions import find_icons
from studio.pipeline.perception.pictures import Region
from studio.pipeline.perception.pixels import MockupPixels

WIDTH, HEIGHT = 300, 200  # px of the page
Block = tuple[int, int, int, int]  # left, top, right and bottom of some ink


def find(*blocks: Block, lossy: bool = False, level: int = 0) -> list[tuple[int, ...]]:
    """Return the icons that are found in black blocks on a white page."""
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    taken = np.ones((HEIGHT, WIDTH), bool)
    for left, top, right, bottom in blocks:
        rgb[top:bottom, left:right] = level
        taken[top:bottom, left:right] = False
    icons = find_icons(MockupPixels(rgb, 1.0, lossy), taken)
    return sorted(get_sides(icon) for icon in icons)


def get_sides(region: Region) -> tuple[int, ...]:
    return region.left, region.top, region.right, region.bottom


def test_a_block_of_ink_is_an_icon() -> None:
    assert find((50, 40, 70, 60)) == [(50, 40, 70, 60)]


def test_parts_close_to_each_other_are_one_icon() -> None:
    assert find((50, 40, 70, 48), (50, 51, 70, 60)) == [(50, 40, 70, 60)]


def test_parts_far_from_each_other_are_two() -> None:
    assert len(find((50, 40, 70, 60), (100, 40, 120, 60))) == 2


@pytest.mark.parametrize("block", [(50, 40, 54, 44), (50, 40, 200, 43)], ids=["a speck", "a line"])
def test_ink_that_is_too_thin_is_none(block: Block) -> None:
    assert find(block) == []


def test_ink_across_the_page_is_no_icon() -> None:
    assert find((0, 40, WIDTH, 60)) == []


def test_three_equal_dots_at_one_distance_are_a_menus_sign() -> None:
    assert find((50, 40, 53, 43), (50, 47, 53, 50), (50, 54, 53, 57)) == [(50, 40, 53, 57)]


def test_three_dots_at_uneven_distances_are_none() -> None:
    assert find((50, 40, 53, 43), (50, 47, 53, 50), (50, 58, 53, 61)) == []


def test_what_jpeg_leaves_beside_an_edge_is_no_icon() -> None:
    assert find((50, 40, 70, 60), lossy=True, level=250) == []
    assert find((50, 40, 70, 60), lossy=False, level=250) == [(50, 40, 70, 60)]
