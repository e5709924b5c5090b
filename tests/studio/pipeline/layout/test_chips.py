"""A small surface around a word of a sentence is part of the word; others stay boxes."""

from __future__ import annotations

from typing import Any

import pytest

from studio.pipeline.layout.chips import absorb_chips
from studio.pipeline.perception.hints import Chip, Hints, Shadow
from tests.studio.pipeline.codegen.sketch import Sketch

GAP = 10.0  # px between the sentence and the word: a space and a padding


def draw_sentence(
    before: str = "Install it with the command", *, gap: float = GAP, grow: float = 3, **paint: Any
) -> Hints:
    """Words, and after them a word on a surface that is `grow` px larger on each side."""
    page = Sketch().text(100, 100, before)
    left = page.texts[0].box.right + gap
    page.text(left, 100, "npm ci")
    box = page.texts[1].box
    look = {"fill": "#eeeeee", **paint}
    page.rect(box.x - grow, box.y - grow, box.width + 2 * grow, box.height + 2 * grow, **look)
    return page.hints()


def test_a_word_of_a_sentence_knows_its_surface_which_is_no_box_any_more():
    hints = draw_sentence(radius=4.0)
    absorbed = absorb_chips(hints)
    assert absorbed.rects == ()
    assert absorbed.texts[1].chip == Chip(hints.rects[0].box.width, 4.0, "#eeeeee")
    assert absorbed.texts[0].chip is None


@pytest.mark.parametrize(
    "draw",
    [
        lambda: draw_sentence("Command"),
        lambda: draw_sentence(gap=40),
        lambda: draw_sentence(grow=12),
        lambda: draw_sentence(fill=None, border="#cccccc"),
        lambda: draw_sentence(shadow=Shadow(0, 2, 4, "#000000", 0.2)),
    ],
    ids=["beside one word", "far from the words", "a tall box", "without fill", "with a shadow"],
)
def test_what_is_no_word_of_a_sentence_stays_a_box(draw: Any):
    hints = draw()
    assert absorb_chips(hints) == hints


def test_a_surface_around_two_words_stays_a_box():
    page = Sketch().text(100, 100, "Install it with the command").text(320, 100, "npm")
    page.text(380, 100, "ci").rect(316, 85, 100, 20, "#eeeeee")
    assert len(absorb_chips(page.hints()).rects) == 1


def test_a_surface_on_another_line_stays_a_box():
    page = Sketch().text(100, 100, "Install it with the command").text(100, 130, "npm ci")
    page.rect(96, 115, 60, 20, "#eeeeee")
    assert len(absorb_chips(page.hints()).rects) == 1


def draw_word(*, wider: float = 3, lower: float = 0, size: float = 16) -> Hints:
    """A sentence, and a word beside it that stands this much lower on a surface of its own."""
    page = Sketch().text(100, 100, "Install it with the command")
    page.text(page.texts[0].box.right + wider + 6, 100 + lower, "npm ci", size=size)
    box = page.texts[1].box
    page.rect(box.x - wider, box.y - 3, box.width + 2 * wider, box.height + 6, "#eeeeee")
    return page.hints()


def test_a_surface_much_wider_than_its_word_stays_a_box():
    assert len(absorb_chips(draw_word(wider=30)).rects) == 1


def test_a_word_may_stand_a_pixel_lower_but_not_on_another_line():
    assert absorb_chips(draw_word(lower=1)).rects == ()
    assert len(absorb_chips(draw_word(lower=6)).rects) == 1


def test_a_word_half_as_large_as_its_neighbor_is_a_badge():
    assert len(absorb_chips(draw_word(size=8)).rects) == 1
