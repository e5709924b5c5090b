"""Columns in a small ratio, where one explains all of them."""

from __future__ import annotations

import pytest

from studio.pipeline.codegen.element import Room
from studio.pipeline.codegen.ratio_tracks import find_ratio_tracks
from studio.pipeline.layout.nodes import Node, Surface
from studio.pipeline.perception.hints import Box

ROOM = Room(80.0, 1200.0)


def column(x: float, width: float, *, solid: bool = False) -> Node:
    box = Box(x, 0, width, 100)
    return Node(round(x), "column", box, box, surface=Surface("#eeeeee") if solid else None)


def place(shares: tuple[int, ...], gap: float) -> list[tuple[float, float]]:
    unit = (ROOM.width - gap * (len(shares) - 1)) / sum(shares)
    places = []
    x = ROOM.left
    for share in shares:
        places.append((x, share * unit))
        x += share * unit + gap
    return places


@pytest.mark.parametrize("shares", [(2, 1, 1), (1, 2, 1), (2, 1, 1, 1), (3, 2, 2)])
def test_ragged_columns_keep_the_ratio_of_their_left_edges(shares):
    children = [column(x, 0.6 * width) for x, width in place(shares, 32.0)]
    found = find_ratio_tracks(children, ROOM)
    assert found is not None
    rooms, gap = found
    assert gap == 32.0
    widths = [room.width for room in rooms]
    assert [round(width / min(widths)) for width in widths] == [
        round(share / min(shares)) for share in shares
    ]


def test_boxes_of_two_to_one_are_two_to_one():
    children = [column(x, width, solid=True) for x, width in place((2, 1), 24.0)]
    found = find_ratio_tracks(children, ROOM)
    assert found is not None
    assert found[1] == 24.0
    assert found[0][0].width == pytest.approx(2 * found[0][1].width)


def test_what_no_small_ratio_explains_has_none():
    children = [column(80, 97, solid=True), column(190, 433, solid=True), column(700, 500)]
    assert find_ratio_tracks(children, ROOM) is None


def test_a_column_that_would_not_fit_its_track_refuses_the_ratio():
    found = find_ratio_tracks([column(80, 700), column(800, 100)], ROOM)
    assert found is not None
    assert found[0][0].right >= 780
