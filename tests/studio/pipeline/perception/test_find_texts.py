from __future__ import annotations

import pytest

from studio.pipeline.perception.hints import Hints, TextLine
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.pixels import compute_channel_distance, parse_hex
from tests.studio.pipeline.perception.paper import Paper


def line(hints: Hints, words: str) -> TextLine:
    found = [t for t in hints.texts if t.text == words]
    assert len(found) == 1, f"{words!r} not once among {[t.text for t in hints.texts]}"
    return found[0]


@pytest.fixture(scope="module")
def article() -> tuple[Hints, dict[str, tuple[float, float, float, float]]]:
    paper = Paper(640, 420)
    paper.box(0, 200, 640, 220, "#1b2a41")
    ink = {
        "Harbour lights": paper.text(40, 62, "Harbour lights", 32, bold=True),
        "A quiet evening by the water, told in two pages.": paper.text(
            40, 100, "A quiet evening by the water, told in two pages.", 16, color="#6c757d"
        ),
        "Stories": paper.text(40, 140, "Stories", 14, color="#0d6efd"),
        "Pictures": paper.text(140, 140, "Pictures", 14, color="#0d6efd"),
        "White on a dark band": paper.text(40, 260, "White on a dark band", 18, color="#ffffff"),
        "printf and friends": paper.text(
            40, 320, "printf and friends", 15, color="#ffd166", family="Liberation Mono"
        ),
        "A serif sentence": paper.text(
            40, 370, "A serif sentence", 20, color="#ffffff", family="Liberation Serif"
        ),
    }
    paper.pen.line([(320 * 4, 141 * 4), (383 * 4, 141 * 4)], fill="#0d6efd", width=4)
    ink["Underlined"] = paper.text(320, 138, "Underlined", 14, color="#0d6efd")
    return find_hints(paper.picture()), ink


def test_every_line_is_read_where_its_ink_is(
    article: tuple[Hints, dict[str, tuple[float, float, float, float]]],
) -> None:
    hints, ink = article
    assert sorted(t.text for t in hints.texts) == sorted(ink)
    for words, (left, top, right, bottom) in ink.items():
        box = line(hints, words).box
        found = (box.x, box.y, box.right, box.bottom)
        assert all(
            abs(a - b) <= 2 for a, b in zip(found, (left, top, right, bottom), strict=True)
        ), (words, found)


@pytest.mark.parametrize(
    ("words", "size", "weight", "family", "color"),
    [
        ("Harbour lights", 32, 700, "sans", "#222222"),
        ("A quiet evening by the water, told in two pages.", 16, 400, "sans", "#6c757d"),
        ("Stories", 14, 400, "sans", "#0d6efd"),
        ("White on a dark band", 18, 400, "sans", "#ffffff"),
        ("printf and friends", 15, 400, "mono", "#ffd166"),
        ("A serif sentence", 20, 400, "serif", "#ffffff"),
    ],
)
def test_size_weight_family_and_colour_come_from_the_ink(
    article: tuple[Hints, dict[str, tuple[float, float, float, float]]],
    words: str,
    size: int,
    weight: int,
    family: str,
    color: str,
) -> None:
    found = line(article[0], words)
    assert abs(found.size - size) <= 1
    assert (found.weight, found.family) == (weight, family)
    assert compute_channel_distance(parse_hex(found.color), parse_hex(color)) <= 12


def test_the_ground_behind_text_is_known(
    article: tuple[Hints, dict[str, tuple[float, float, float, float]]],
) -> None:
    assert line(article[0], "White on a dark band").background == "#1b2a41"
    assert line(article[0], "Harbour lights").background == "#ffffff"


def test_an_underline_is_told_from_the_letters(
    article: tuple[Hints, dict[str, tuple[float, float, float, float]]],
) -> None:
    assert [t.text for t in article[0].texts if t.underline] == ["Underlined"]
    assert not any(
        rect.box.height <= 3 and rect.box.y > 130 and rect.box.bottom < 150
        for rect in article[0].rects
    )


def test_a_coloured_word_is_a_line_of_its_own() -> None:
    paper = Paper(640, 120)
    _, _, end, _ = paper.text(40, 60, "Terms are in our", 16)
    paper.text(end + 5, 60, "handbook", 16, color="#c2185b")
    hints = find_hints(paper.picture())
    assert [t.text for t in hints.texts] == ["Terms are in our", "handbook"]


def test_a_large_price_and_its_small_unit_are_two_lines() -> None:
    paper = Paper(640, 120)
    _, _, end, _ = paper.text(40, 70, "$29", 44, bold=True)
    paper.text(end + 5, 70, "per month", 16)
    hints = find_hints(paper.picture())
    assert [t.text for t in hints.texts] == ["$29", "per month"]
    assert abs(hints.texts[0].size - 44) <= 1
    assert abs(hints.texts[1].size - 16) <= 1


def test_letter_spacing_is_not_taken_for_a_larger_font() -> None:
    paper = Paper(640, 200)
    for row, words in enumerate(("NEWSLETTER", "OUR PRODUCTS", "CONTACT", "IMPRINT AND LEGAL")):
        x = 40.0
        for character in words:
            if character != " ":
                paper.text(x, 50 + 40 * row, character, 13)
            x += Paper.advance(character, 13) + 2
    hints = find_hints(paper.picture())
    products = line(hints, "OUR PRODUCTS")
    assert abs(products.size - 13) <= 1
    assert abs(products.letter_spacing - 2) <= 0.4


def test_a_list_s_marks_are_texts_of_their_own_and_leave_their_items_colours_alone() -> None:
    paper = Paper(400, 200)
    for i, words in enumerate(("Genetic engineering", "Organic chemistry", "Data mining")):
        paper.box(40, 50 + 40 * i, 5, 5, "#000000", radius=2.5 if i == 0 else 0)
        paper.text(60, 58 + 40 * i, words, 16, color="#aa6666")
    hints = find_hints(paper.picture())
    assert [t.text for t in hints.texts].count("•") == 3
    assert {t.color for t in hints.texts if t.text == "•"} == {"#000000"}
    for words in ("Genetic engineering", "Organic chemistry", "Data mining"):
        assert (
            compute_channel_distance(parse_hex(line(hints, words).color), parse_hex("#aa6666"))
            <= 12
        )
