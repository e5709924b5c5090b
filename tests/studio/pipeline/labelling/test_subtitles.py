"""Lines that look like titles or links and are none."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def find_tags(page: Sketch) -> dict[str, str]:
    nodes = label_tree(build_tree(page.hints())).walk()
    return {node.text: node.label.tag for node in nodes if node.flow == "text"}


def test_a_smaller_line_below_a_title_that_heads_nothing_is_a_text():
    page = Sketch().rect(0, 0, 1280, 400, "#223344")
    page.text(100, 180, "Boats for a day", size=56, weight=700, color="#ffffff")
    page.text(100, 230, "From the old harbour", size=24, color="#ffffff")
    page.paragraph(100, 500, STORY)
    assert find_tags(page)["From the old harbour"] == "p"


def test_a_smaller_line_below_a_title_that_heads_a_text_is_a_heading():
    page = Sketch().text(100, 100, "Boats for a day", size=56, weight=700)
    page.text(100, 150, "From the old harbour", size=24, weight=700).paragraph(100, 190, STORY)
    assert find_tags(page)["From the old harbour"] == "h2"


def test_a_colored_line_above_a_title_is_no_link():
    page = Sketch().text(100, 100, "OUR PRICES", size=13, weight=700, color="#2405f2")
    page.text(100, 150, "What a day costs", size=40, weight=700).paragraph(100, 200, STORY)
    assert find_tags(page)["OUR PRICES"] == "p"


def test_a_bold_word_beside_its_value_is_no_heading():
    page = Sketch().text(100, 80, "Your account", size=40, weight=700)
    page.paragraph(100, 140, STORY, size=14)
    page.text(100, 400, "Plan", size=16, weight=700).text(400, 400, "Free for a month", size=15)
    assert find_tags(page)["Plan"] == "p"


@pytest.mark.parametrize("words", ["ada@harbour.org", "$299", "20/10/2026", "0927 6277 285"])
def test_amounts_dates_and_addresses_are_neither_headings_nor_links(words: str):
    page = Sketch().text(100, 80, "Contact us", size=40, weight=700)
    page.paragraph(100, 140, STORY, size=14)
    page.text(100, 420, words, size=20, weight=700, color="#2405f2")
    assert find_tags(page)[words] == "p"


def test_colored_words_of_a_title_size_are_a_heading():
    page = Sketch().text(100, 100, "What a day costs", size=40, weight=700, color="#2405f2")
    page.paragraph(100, 160, STORY)
    assert find_tags(page)["What a day costs"] == "h1"


def test_colored_code_is_no_link():
    page = Sketch().text(100, 100, "Boats", size=40).paragraph(100, 160, STORY)
    page.text(100, 400, "sail(boat)", size=14, family="mono", color="#2405f2")
    assert find_tags(page)["sail(boat)"] == "p"
