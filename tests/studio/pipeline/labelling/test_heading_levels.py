"""Levels of headings follow their looks, and none is left out on the way down."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.heading_levels import (
    label_equal_headings,
    order_heading_levels,
)
from studio.pipeline.labelling.rules.text_facts import collect_page_facts
from studio.pipeline.layout.nodes import Label, Node, Style, TextRow, TextRun
from studio.pipeline.layout.tree import build_tree
from studio.pipeline.perception.hints import Box, TextLine
from tests.studio.pipeline.codegen.sketch import STORY, Sketch
from tests.studio.pipeline.hand_made import make_page, make_text, set_label

BOX = Box(0, 0, 100, 20)


SIZES = {1: 60.0, 2: 36.0, 3: 24.0, 4: 20.0, 5: 18.0, 6: 16.0}  # px


def make_heading(number: int, rank: int, size: float) -> Node:
    style = Style(size, 700, "sans", "Liberation Sans", "#000000", size)
    line = TextLine(
        number, BOX, "Words", 0.99, size, 700, "sans", "Liberation Sans", "#000000", "#ffffff"
    )
    row = TextRow((TextRun("Words", style, line),), 0, 100, 16)
    label = Label(f"h{rank}", "heading")  # type: ignore[arg-type]
    return Node(number, "text", BOX, BOX, lines=(row,), label=label)


def order(*ranks: int) -> list[str]:
    return order_sizes(*((rank, SIZES[rank]) for rank in ranks))


def order_sizes(*looks: tuple[int, float]) -> list[str]:
    heads = tuple(make_heading(i, rank, size) for i, (rank, size) in enumerate(looks, start=1))
    page = order_heading_levels(Node(99, "column", BOX, BOX, heads))
    return [node.label.tag for node in page.children]


@pytest.mark.parametrize(
    ("ranks", "levels"),
    [
        ((1, 4, 4, 4), ["h1", "h2", "h2", "h2"]),
        ((1, 2, 3, 3, 2, 3), ["h1", "h2", "h3", "h3", "h2", "h3"]),
        ((1, 2, 1, 2), ["h1", "h2", "h2", "h2"]),
        ((2, 3, 5), ["h1", "h2", "h3"]),
        ((1, 3, 2, 3), ["h1", "h2", "h2", "h2"]),
        ((1, 3, 2, 3, 2, 3), ["h1", "h2", "h2", "h3", "h2", "h3"]),
        ((), []),
    ],
)
def test_looks_become_levels(ranks: tuple[int, ...], levels: list[str]):
    assert order(*ranks) == levels


@pytest.mark.parametrize("ranks", [(1, 5, 2, 6, 3), (3, 1, 2, 6), (4, 4, 1, 6, 2, 5)])
def test_no_level_is_left_out_on_the_way_down(ranks: tuple[int, ...]):
    levels = [int(tag[1]) for tag in order(*ranks)]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert levels.count(1) == 1


def test_the_first_of_the_large_headings_is_the_title():
    assert order_sizes((2, 36.0), (1, 44.0), (3, 20.0)) == ["h1", "h2", "h3"]


def test_a_small_line_above_a_large_title_is_not_the_title():
    assert order_sizes((2, 20.0), (1, 44.0)) == ["h2", "h1"]


def test_sizes_that_were_measured_a_little_differently_are_one_level():
    sizes = (44.0, 42.0, 30.0, *(16.0 for _ in range(5)))
    heads = tuple(make_heading(i, 1, size) for i, size in enumerate(sizes, start=1))
    levels = collect_page_facts(Node(99, "column", BOX, BOX, heads)).levels
    assert levels[44.0, True] == levels[42.0, True]
    assert levels[30.0, True] > levels[44.0, True]


def test_the_title_in_a_band_of_its_own_is_a_heading():
    page = Sketch().rect(0, 0, 1280, 100, "#334455")
    page.text(500, 64, "Boats for a day", size=40, weight=700, color="#ffffff")
    page.paragraph(100, 260, STORY)
    nodes = label_tree(build_tree(page.hints())).walk()
    assert next(n.label.tag for n in nodes if n.flow == "text") == "h1"


def test_a_sentence_that_looks_like_a_heading_is_its_equal():
    page = Sketch().text(100, 60, "Boats for a day", size=40, weight=700)
    for i, title in enumerate(
        ("Two masts", "A boat with two masts is good for a long day at sea.")
    ):
        page.text(100, 140 + 200 * i, title, size=24).paragraph(100, 180 + 200 * i, STORY)
    nodes = [n for n in label_tree(build_tree(page.hints())).walk() if n.flow == "text"]
    assert [n.label.tag for n in nodes if n.style.size == 24] == ["h2", "h2"]


def plans() -> Sketch:
    page = Sketch(height=1200).text(400, 80, "Learn to draw", size=44, weight=700)
    page.text(400, 260, "Choose a plan", size=30, weight=700)
    for x, price in ((100, "Free"), (480, "Basic"), (860, "Team")):
        page.rect(x, 320, 340, 300, "#eeeeee").text(x + 40, 400, price, size=40, weight=700)
        page.text(x + 40, 450, "Three lessons a week").text(x + 40, 490, "Letters by hand")
    page.text(400, 800, "Questions", size=30, weight=700).text(400, 860, "Write to us at any time.")
    return page


def test_titles_of_cards_are_below_the_title_above_the_cards_however_large():
    page = label_tree(build_tree(plans().hints()))
    levels = {node.text: node.label.tag for node in page.walk() if node.label.role == "heading"}
    assert levels["Choose a plan"] == levels["Questions"] == "h2"
    assert {levels["Free"], levels["Basic"], levels["Team"]} == {"h3"}


def test_a_letter_however_large_is_no_heading():
    page = Sketch().text(400, 100, "Welcome", size=40, weight=700).text(400, 300, "Some words")
    page.text(400, 500, "f", size=40, weight=700)
    nodes = label_tree(build_tree(page.hints())).walk()
    assert [node.text for node in nodes if node.label.role == "heading"] == ["Welcome"]


def test_titles_of_columns_that_look_like_the_title_before_them_are_its_equals():
    page = Sketch(height=900).text(100, 80, "Contact", size=44, weight=700)
    page.text(100, 200, "Your message", size=24, weight=700).text(100, 240, "We read all of them.")
    for x, title in ((100, "Address"), (500, "Hours")):
        page.text(x, 400, title, size=24, weight=700).text(x, 440, "Fifth street, at the corner")
        page.text(x, 480, "Every day but Sunday")
    labelled = label_tree(build_tree(page.hints()))
    levels = [node.label.tag for node in labelled.walk() if node.label.role == "heading"]
    assert levels == ["h1", "h2", "h2", "h2"]


@pytest.mark.parametrize(("size", "tag"), [(30.0, "h2"), (17.0, "p")])
def test_a_sentence_is_the_equal_of_a_heading_only_where_that_is_large(size: float, tag: str):
    look = {"size": size, "weight": 700}
    heading = set_label(make_text("Our boats", **look), "h2", "heading")
    sentence = set_label(make_text("We sail every day.", 0, 100, **look), "p", "text")
    _, labelled = label_equal_headings(make_page(heading, sentence), 16.0).children
    assert labelled.label.tag == tag
