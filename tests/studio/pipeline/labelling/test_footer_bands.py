"""A band of small texts at the page's end is its footer, a larger one if it is signed."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules.footers import is_footer, label_footer, make_footer
from studio.pipeline.layout.nodes import Node
from tests.studio.pipeline.hand_made import (
    list_texts,
    make_box,
    make_group,
    make_page,
    make_rule,
    make_text,
    set_label,
)

STORY = "We sail every day of the week and in every weather that a boat can bear"
PAGE = make_page(height=2000)


def make_line(words: str, x: float = 100, y: float = 1900, **look: object) -> Node:
    return set_label(make_text(words, x, y, **look), "p", "text")


def make_band(*parts: Node, y: float = 1800, height: float = 200, width: float = 1280) -> Node:
    return set_label(make_box(0, y, width, height, *parts), "div", "panel")


@pytest.mark.parametrize(
    "band",
    [
        make_line("© 2026 Harbour", y=1960),
        make_band(
            *(make_line(word, 200 * i) for i, word in enumerate(("Boats", "Prices", "Press")))
        ),
        make_band(make_line("Come aboard", size=44), make_line("© 2026 Harbour", y=1970)),
        make_band(make_line(STORY, y=1940), y=1920, height=80),
    ],
    ids=["a signed line", "words", "large words that are signed", "a low band of small text"],
)
def test_these_bands_at_the_pages_end_are_footers(band: Node):
    assert is_footer(band, PAGE)


@pytest.mark.parametrize(
    "band",
    [
        make_line("© 2026 Harbour", y=1200),
        make_band(make_line("Come aboard", size=44), make_line(STORY, y=1970)),
        make_band(make_line(STORY), make_line(STORY, y=1960)),
        make_band(make_group("table", make_group("row", make_line("Anna")))),
        set_label(make_text("Boats", 100, 1960), "h2", "heading"),
        make_band(),
    ],
    ids=[
        "far from the end",
        "large words without a sign",
        "a high band of sentences",
        "a table",
        "a title",
        "no words",
    ],
)
def test_these_are_none(band: Node):
    assert not is_footer(band, PAGE)


def test_a_band_in_the_upper_part_of_a_short_page_is_no_footer():
    page = make_page(height=600)
    assert not is_footer(make_line("© 2026 Harbour", y=100), page)


def test_the_words_of_a_footer_are_links_and_its_sentences_are_not():
    words = [make_line(word, 100 + 120 * i) for i, word in enumerate(("Boats", "Prices", "Press"))]
    row = set_label(make_group("row", *words), "div", "row")
    footer = make_footer([make_band(row, make_line(STORY, y=1960))])
    links = [n.text for n in footer.walk() if n.flow == "text" and n.label.tag == "a"]
    assert footer.label.tag == "footer"
    assert links == ["Boats", "Prices", "Press"]


def test_several_bands_are_one_footer():
    bands = [make_band(make_line("Boats"), y=1600), make_band(make_line("© 2026 Harbour"))]
    footer = make_footer(bands)
    assert footer.label.tag == "footer"
    assert list_texts(footer) == ["Boats", "© 2026 Harbour"]


def test_what_follows_the_last_wide_rule_of_a_section_is_the_footer():
    signed = make_line("© 2026 Harbour", y=1960)
    section = set_label(
        make_group("column", make_line(STORY, y=1500), make_rule(0, 1900, 1280), signed),
        "div",
        "column",
    )
    *above, footer = label_footer([section], PAGE)
    assert footer.label.tag == "footer"
    assert list_texts(footer) == ["© 2026 Harbour"]
    assert [list_texts(part) for part in above] == [[STORY]]


def test_a_painted_section_keeps_the_footer_inside():
    signed = make_line("© 2026 Harbour", y=1960)
    section = make_band(
        make_line(STORY, y=1500), make_rule(0, 1900, 1280), signed, y=1400, height=600
    )
    [kept] = label_footer([section], PAGE)
    assert [child.label.tag for child in kept.children][-1] == "footer"


def test_a_page_without_bands_has_no_footer():
    assert label_footer([], PAGE) == []
    rule = make_rule(0, 1900, 1280)
    assert label_footer([rule], PAGE) == [rule]
