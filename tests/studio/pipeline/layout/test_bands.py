"""Items are separate bands wherever a straight line across meets none of them."""

from __future__ import annotations

from studio.pipeline.layout.bands import split_into_bands
from studio.pipeline.layout.nodes import Node
from tests.studio.pipeline.hand_made import make_box


def list_ids(bands: list[list[Node]]) -> list[list[int]]:
    return [[node.id for node in band] for band in bands]


def test_items_below_each_other_are_bands_from_top_to_bottom():
    low, high = make_box(0, 100, 50, 40), make_box(0, 20, 50, 40)
    assert list_ids(split_into_bands([low, high], vertical=True)) == [[high.id], [low.id]]


def test_items_beside_each_other_are_one_band_across_and_two_columns():
    left, right = make_box(0, 0, 50, 40), make_box(80, 10, 50, 40)
    assert list_ids(split_into_bands([right, left], vertical=True)) == [[left.id, right.id]]
    assert list_ids(split_into_bands([right, left], vertical=False)) == [[left.id], [right.id]]


def test_an_item_that_reaches_over_two_others_joins_them():
    first, second, tall = (
        make_box(0, 0, 50, 40),
        make_box(0, 60, 50, 40),
        make_box(80, 0, 50, 100),
    )
    [band] = split_into_bands([first, second, tall], vertical=True)
    assert {node.id for node in band} == {first.id, second.id, tall.id}


def test_borders_that_overlap_by_a_pixel_or_two_do_not_join_items():
    above, below = make_box(0, 0, 50, 40), make_box(0, 38, 50, 40)
    assert len(split_into_bands([above, below], vertical=True)) == 2


def test_items_that_overlap_clearly_are_one_band():
    above, below = make_box(0, 0, 50, 40), make_box(0, 30, 50, 40)
    assert len(split_into_bands([above, below], vertical=True)) == 1


def test_a_thin_item_on_the_edge_of_a_large_one_belongs_to_it():
    box, stroke = make_box(0, 0, 50, 40), make_box(0, 38, 50, 2)
    assert len(split_into_bands([box, stroke], vertical=True)) == 1


def test_nothing_has_no_bands():
    assert split_into_bands([], vertical=True) == []
