"""On narrow screens nothing touches the edge."""

from __future__ import annotations

from studio.pipeline.codegen.element import Element, Room, Styles
from studio.pipeline.codegen.page_edges import keep_off_edges

WIDE = Room(0.0, 1280.0)


def narrow_padding(style: Styles, small: Styles | None = None, room: Room = WIDE) -> Styles:
    element = Element("div", "row", style, small or {})
    keep_off_edges(element, room, 1280.0)
    return element.small


def test_an_element_as_wide_as_the_page_gets_a_padding():
    assert narrow_padding({}) == {"padding-left": 16.0, "padding-right": 16.0}


def test_a_wide_padding_that_narrow_screens_drop_is_not_dropped_to_nothing():
    small = narrow_padding({"padding-left": 140.0}, {"padding-left": 0.0})
    assert small["padding-left"] == 16.0


def test_enough_padding_stays_and_containers_have_their_own():
    assert narrow_padding({"padding-left": 20.0, "padding-right": 24.0}) == {}
    assert narrow_padding({"width": "min(100% - 2rem, 70rem)"}) == {}


def test_an_element_in_a_narrower_room_is_left_alone():
    assert narrow_padding({}, room=Room(100.0, 1180.0)) == {}
