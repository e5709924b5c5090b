"""Keypads: keys of one glyph each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image

from studio.pipeline.perception.perceive import find_hints
from tests.studio.pipeline.perception.paper import Paper

KEYS = "789+456-123x.0/="


def draw_keypad(glyphs: str, family: str) -> Paper:
    paper = Paper(560, 420, "#3a4764")
    paper.box(20, 20, 520, 380, "#252d44", 10)
    for i, glyph in enumerate(glyphs):
        left, top = 40 + 122 * (i % 4), 40 + 90 * (i // 4)
        paper.box(left, top, 110, 70, "#eae3db", 8)
        wide = paper.advance(glyph, 30)
        paper.text(
            left + 55 - wide / 2, top + 46, glyph, 30, bold=True, color="#444b5a", family=family
        )
    return paper


@pytest.mark.parametrize("family", ["Liberation Sans", "DejaVu Sans"])
@pytest.mark.parametrize("send", [Paper.picture, Paper.jpeg], ids=["PNG", "JPEG"])
def test_every_key_is_read_and_all_are_set_alike(
    send: Callable[[Paper], Image.Image], family: str
) -> None:
    hints = find_hints(send(draw_keypad(KEYS, family)), scale=1)
    read = sorted(hints.texts, key=lambda line: (round(line.baseline / 40), line.box.x))
    assert "".join(line.text for line in read) == KEYS
    assert {(line.font, line.weight) for line in hints.texts} == {(family, 700)}
    assert len({line.size for line in hints.texts}) == 1
    assert abs(hints.texts[0].size - 30) <= 1
    assert hints.pictures == ()


def test_round_keys_of_two_colors_are_read_too() -> None:
    paper = Paper(560, 420, "#1e1e1e")
    for i, glyph in enumerate(KEYS):
        left, top = 40 + 122 * (i % 4), 24 + 96 * (i // 4)
        last = i % 4 == 3
        paper.box(left, top, 84, 84, "#ff9800" if last else "#444444", 42)
        wide = paper.advance(glyph, 32)
        paper.text(left + 42 - wide / 2, top + 53, glyph, 32, bold=True, color="#ffffff")
    hints = find_hints(paper.picture(), scale=1)
    assert sorted(line.text for line in hints.texts) == sorted(KEYS)
    assert hints.pictures == ()
    assert {rect.radius for rect in hints.rects} == {42}


def test_an_icon_on_a_key_stays_an_icon() -> None:
    paper = draw_keypad(KEYS[:-1], "Liberation Sans")
    paper.box(40 + 122 * 3, 40 + 90 * 3, 110, 70, "#eae3db", 8)
    paper.star(40 + 122 * 3 + 43, 40 + 90 * 3 + 23, 24, "#444b5a")
    hints = find_hints(paper.picture(), scale=1)
    assert len(hints.texts) == len(KEYS) - 1
    assert len(hints.pictures) == 1


def test_the_stem_of_a_digit_is_no_rule_and_a_cross_no_disc() -> None:
    paper = Paper(400, 200, "#ffffff")
    paper.box(40, 40, 100, 60, "#eae3db", 8)
    paper.text(80, 84, "1", 36, bold=True, color="#444b5a")
    paper.box(200, 40, 100, 60, "#eae3db", 8)
    paper.text(240, 84, "x", 36, bold=True, color="#444b5a")
    hints = find_hints(paper.picture(), scale=1)
    assert [(round(r.box.width), round(r.box.height)) for r in hints.rects] == [(100, 60)] * 2
