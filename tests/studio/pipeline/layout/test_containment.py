"""Everything stands on the smallest surface around it."""

from __future__ import annotations

import pytest

from studio.pipeline.layout.containment import Holder, find_surface, nest_items
from studio.pipeline.layout.nodes import Surface
from studio.pipeline.perception.hints import Border, Box, Rect
from tests.studio.pipeline.codegen.sketch import Sketch


def nest(page: Sketch) -> Holder:
    hints = page.hints()
    return nest_items(hints, list(hints.texts), [])


def list_words(holder: Holder) -> list[str]:
    return [line.text for line in holder.texts]


def test_a_text_belongs_to_the_smallest_surface_around_it():
    page = Sketch().rect(100, 100, 600, 400, "#eeeeee").rect(150, 150, 300, 200, "#ffffff")
    page.text(170, 200, "Inside").text(150, 450, "Around").text(900, 300, "Outside")
    root = nest(page)
    [card] = root.holders
    [inner] = card.holders
    assert [list_words(holder) for holder in (root, card, inner)] == [
        ["Outside"],
        ["Around"],
        ["Inside"],
    ]


def test_surfaces_beside_each_other_belong_to_the_page():
    page = Sketch().rect(100, 100, 200, 200, "#eeeeee").rect(400, 100, 200, 200, "#eeeeee")
    assert len(nest(page).holders) == 2


def test_a_text_that_hangs_out_a_little_still_belongs_to_its_surface():
    page = Sketch().text(110, 200, "Almost all of it")
    box = page.texts[0].box
    page.rect(100, 150, 0.9 * box.width + 10, 100, "#eeeeee")
    [card] = nest(page).holders
    assert list_words(card) == ["Almost all of it"]


def test_a_text_half_of_which_hangs_out_belongs_to_the_page():
    page = Sketch().text(110, 200, "Half of it is out")
    page.rect(100, 150, 10 + page.texts[0].box.width / 2, 100, "#eeeeee")
    root = nest(page)
    assert list_words(root) == ["Half of it is out"]


def test_a_photo_behind_words_holds_them():
    page = Sketch().picture(0, 0, 1280, 400, background=True).text(100, 200, "Boats")
    [photo] = nest(page).holders
    assert list_words(photo) == ["Boats"]
    assert photo.surface.picture is page.pictures[0]


def test_a_photo_beside_words_is_content():
    page = Sketch().picture(0, 0, 300, 200).text(400, 100, "Boats")
    root = nest(page)
    assert root.holders == []
    assert root.pictures == page.pictures


def test_a_rule_holds_nothing():
    page = Sketch().rect(100, 100, 600, 400, "#eeeeee").rect(120, 200, 560, 1, "#cccccc")
    [card] = nest(page).holders
    assert card.holders == []
    assert card.rules == [page.rects[1]]


def test_the_page_has_its_ground_and_size():
    root = nest(Sketch(width=800, height=600, background="#fafafa"))
    assert root.box == Box(0, 0, 800, 600)
    assert root.surface == Surface("#fafafa")


def test_a_surface_keeps_its_paint():
    border = Border(2.0, "#123456", "tb")
    rect = Rect(
        1,
        Box(0, 0, 10, 10),
        None,
        border,
        radius=4.0,
        gradient=("#000000", "#ffffff"),
        gradient_angle=90.0,
    )
    surface = find_surface(rect)
    assert (surface.border, surface.radius, surface.gradient) == (
        border,
        4.0,
        ("#000000", "#ffffff"),
    )
    assert surface.gradient_angle == pytest.approx(90.0)
