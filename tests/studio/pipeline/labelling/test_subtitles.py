"""Lines that look like titles or links and are none."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.subtitles import unmark_subtitles
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch
from tests.studio.pipeline.hand_made import make_box, make_group, make_text, set_label


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


@pytest.mark.parametrize("words", ["$299", "20/10/2026", "0927 6277 285"])
def test_amounts_and_dates_are_neither_headings_nor_links(words: str):
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


def test_a_smaller_title_above_a_title_is_a_line_of_text():
    page = Sketch().text(100, 100, "Our prices", size=22, weight=700, color="#b34700")
    page.text(100, 150, "What a day costs", size=40, weight=700).paragraph(100, 200, STORY)
    assert find_tags(page)["Our prices"] == "p"


def test_a_smaller_sentence_above_a_title_stays_a_title():
    words = "What our guests say of the boats of last summer"
    page = Sketch().text(100, 100, words, size=22, weight=700)
    page.text(100, 150, "What a day costs", size=40, weight=700).paragraph(100, 200, STORY)
    assert find_tags(page)[words] != "p"


def find_pill(page: Sketch) -> str:
    """The role of the box around the words "Our prices"."""
    nodes = label_tree(build_tree(page.hints())).walk()
    return next(
        node.label.role
        for node in nodes
        if node.surface is not None and [child.text for child in node.children] == ["Our prices"]
    )


@pytest.mark.parametrize(("size", "role"), [(40, "badge"), (22, "button")])
def test_a_pill_above_the_title_of_a_section_is_no_button_and_above_that_of_a_card_is(
    size: float, role: str
):
    page = Sketch().rect(100, 60, 110, 32, "#ffe1d6", radius=16)
    page.text(118, 81, "Our prices", size=14, weight=700, color="#b34700")
    page.text(100, 140, "What a day costs", size=size, weight=700).paragraph(100, 190, STORY)
    assert find_pill(page) == role


def test_the_title_after_a_count_is_a_title():
    page = Sketch().text(100, 80, "How it works", size=40, weight=700)
    page.paragraph(100, 140, STORY, size=14)
    page.text(100, 400, "01", size=26, color="#b34700").text(
        150, 400, "Choose a boat", size=20, weight=700
    )
    page.paragraph(100, 440, STORY, size=14)
    assert find_tags(page)["Choose a boat"].startswith("h")


@pytest.mark.parametrize(("height", "role"), [(30, "badge"), (80, "button")])
def test_only_a_low_box_above_a_title_is_no_button(height: float, role: str):
    words = set_label(make_text("Our prices", 12, 4, size=14), "p", "text")
    pill = set_label(make_box(0, 0, 120, height, words), "a", "button")
    title = set_label(make_text("What a day costs", 0, height + 10, size=40), "h1", "heading")
    labelled, _ = unmark_subtitles(make_group("column", pill, title)).children
    assert labelled.label.role == role
