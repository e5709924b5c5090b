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
WORDS = ("Boats", "Prices", "Press", "Contact")


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


def write_words(
    count: int = len(WORDS), y: float = 1900, *, step: float = 110, **look: object
) -> list[Node]:
    return [make_line(WORDS[i % len(WORDS)], 100 + step * i, y, **look) for i in range(count)]


@pytest.mark.parametrize(
    "band",
    [
        make_band(*write_words(), y=1400, height=600),
        make_band(*write_words(1), *(make_line(STORY, y=1820 + 30 * i) for i in range(3))),
        make_band(
            make_line("Come aboard", size=44), make_line("© 2026", y=1970), y=1080, height=920
        ),
        make_band(make_line("Come aboard today", size=44), *write_words()),
        make_line("One\ntwo\nthree\nfour\nfive", y=1880),
        make_band(*write_words(y=1600), y=1500, height=200),
        make_band(make_line("Come aboard", size=44), make_line("© 2026", y=1970), width=500),
    ],
    ids=[
        "words in a very high band",
        "one word among sentences",
        "signed but half a page high",
        "a large sentence above a few words",
        "a high text",
        "some way above the end",
        "a signed column with a large word",
    ],
)
def test_these_bands_are_no_footers_either(band: Node):
    assert not is_footer(band, PAGE)


def test_a_large_word_above_many_links_is_a_footer():
    columns = [word for i in range(3) for word in write_words(y=1850 + 40 * i)]
    assert is_footer(make_band(make_line("Come aboard", size=44), *columns), PAGE)


def test_the_last_line_of_a_page_lower_than_its_middle_only_is_a_footer():
    page = make_page(height=240)
    assert not is_footer(make_line("© 2026 Harbour", y=80), page)
    assert is_footer(make_line("© 2026 Harbour", y=200), page)


def find_footer(*bands: Node) -> list[str]:
    """Return the words of the footer of a page with these bands."""
    page = make_page(height=2000)
    found = [band for band in label_footer(bands, page) if band.label.tag == "footer"]
    return [word for band in found for word in list_texts(band)]


def make_content() -> Node:
    return set_label(make_group("column", make_line(STORY, y=300)), "div", "column")


def make_dark_words(y: float = 1700) -> Node:
    parts = make_line("About the harbour", y=y + 20), *write_words(y=y + 60)
    return set_label(make_box(0, y, 1280, 120, *parts, fill="#111111"), "div", "panel")


def test_a_dark_band_above_a_low_last_line_belongs_to_the_footer():
    closing = make_band(make_line("© 2026 Harbour", y=1950), y=1920, height=80)
    assert "About the harbour" in find_footer(make_content(), make_dark_words(), closing)


def test_a_dark_band_above_a_high_footer_is_a_section():
    closing = make_band(*write_words(), make_line("© 2026 Harbour", y=1960), y=1820, height=180)
    assert "About the harbour" not in find_footer(make_content(), make_dark_words(1600), closing)


def make_link_columns(*boxes: Node) -> Node:
    words = [word for i in range(3) for word in write_words(y=1650 + 40 * i)]
    return set_label(make_box(0, 1600, 1280, 250, *words, *boxes, fill="#eef2ff"), "div", "panel")


def make_small_box(x: float) -> Node:
    return make_box(x, 1780, 200, 40, make_line("Your mail", x + 10, 1790), fill="#ffffff")


def test_columns_of_links_with_a_newsletters_field_and_button_belong_to_the_footer():
    closing = make_band(make_line("© 2026 Harbour", y=1950), y=1920, height=80)
    newsletter = make_link_columns(make_small_box(100), make_small_box(400))
    form = make_link_columns(make_small_box(100), make_small_box(400), make_small_box(700))
    assert "Boats" in find_footer(make_content(), newsletter, closing)
    assert "Boats" not in find_footer(make_content(), form, closing)


def make_section(*foot: Node, rule: float) -> Node:
    """Return a section with a sentence, and below a rule of this width its last parts."""
    parts = make_line(STORY, y=1500), make_rule(0, 1880, rule), *foot
    return set_label(make_group("column", *parts), "div", "column")


def make_word_row() -> Node:
    return set_label(make_group("row", *write_words()), "div", "row")


def test_links_below_a_wide_rule_close_the_page_without_a_sign():
    assert find_footer(make_section(make_word_row(), rule=1280)) == list(WORDS)


def test_one_word_below_a_wide_rule_closes_nothing():
    assert find_footer(make_section(*write_words(1), rule=1280)) == []


def test_links_below_a_short_rule_close_nothing():
    assert find_footer(make_section(make_word_row(), rule=200)) == []
