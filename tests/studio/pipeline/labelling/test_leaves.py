"""Texts, pictures and controls are labelled by what they are on their own."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules.leaves import label_leaf
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.nodes import Label, Node
from tests.studio.pipeline.hand_made import (
    make_box,
    make_group,
    make_picture,
    make_rule,
    make_text,
    set_label,
)

FACTS = PageFacts(1280, 800, 16.0, "#222222", {(40, True): 1, (24, True): 2})


def label(node: Node) -> Label:
    labelled = label_leaf(node, FACTS)
    assert labelled is not None
    return labelled.label


def make_field(words: str = "Your name", x: float = 12, **look: object) -> Node:
    """A white box with an outline and gray words at its left, or `x` px from it."""
    gray = {"color": "#777777", **look}
    return make_box(
        0, 0, 320, 44, make_text(words, x, 12, **gray), fill="#ffffff", border="#aaaaaa"
    )


def make_button(words: str = "Book now", fill: str | None = "#2563eb", **box: object) -> Node:
    text = make_text(words, 80 - 4 * len(words), 12, color="#ffffff")
    return make_box(0, 0, 160, 44, text, fill=fill, **box)


@pytest.mark.parametrize(("size", "tag"), [(40, "h1"), (24, "h2"), (30, "h6")])
def test_a_title_gets_the_level_of_its_look_and_the_deepest_without_one(size: float, tag: str):
    assert label(make_text("Our boats", size=size, weight=700)) == Label(tag, "heading")


def test_plain_words_are_a_paragraph():
    assert label(make_text("A boat for a quiet day")) == Label("p", "text")


@pytest.mark.parametrize(("marker", "flag"), [("•", "bullet"), ("3.", "number")])
def test_a_marked_line_is_an_item_of_its_kind_of_list(marker: str, flag: str):
    assert label(make_text("A boat", marker=marker)) == Label("li", "item", frozenset({flag}))


@pytest.mark.parametrize("words", ["ada@home.org", "Read more", "+49 30 1234 5678"])
def test_words_that_lead_somewhere_are_links_whatever_their_look(words: str):
    assert label(make_text(words)) == Label("a", "link")


def test_colored_words_are_a_link_and_a_colored_amount_is_none():
    assert label(make_text("Our prices", color="#cc2222")) == Label("a", "link")
    assert label(make_text("$240", color="#cc2222")) == Label("p", "text")


def test_an_underlined_number_is_a_link():
    assert label(make_text("3", underline=True)) == Label("a", "link")


def test_pictures_and_rules_are_what_they_are():
    assert label(make_picture(0, 0, 20, 20)) == Label("img", "icon")
    assert label(make_picture(0, 0, 300, 200, kind="photo")) == Label("img", "picture")
    assert label(make_rule(0, 0, 300)) == Label("hr", "rule")


def test_a_group_is_no_leaf():
    assert label_leaf(make_group("row", make_text("Boats")), FACTS) is None


def test_gray_words_at_the_left_of_an_outlined_box_are_a_field():
    assert label(make_field()) == Label("input", "field")


def test_a_tall_field_is_a_textarea():
    text = make_text("Your message", 12, 12, color="#777777")
    box = make_box(0, 0, 320, 120, text, fill="#ffffff", border="#aaaaaa")
    assert label(box) == Label("textarea", "field")


def test_a_field_with_a_flat_icon_at_its_end_is_a_select():
    text, arrow = make_text("Berlin", 12, 12, color="#777777"), make_picture(296, 18, 12, 8)
    box = make_box(0, 0, 320, 44, text, arrow, fill="#ffffff", border="#aaaaaa", flow="row")
    assert label(box) == Label("select", "field")


def test_an_outlined_box_with_nothing_in_it_is_a_field_if_it_is_long():
    long = make_box(0, 0, 320, 44, fill="#ffffff", border="#aaaaaa")
    short = make_box(0, 0, 100, 44, fill="#ffffff", border="#aaaaaa")
    assert label(long) == Label("input", "field")
    assert label(short) == Label("div", "shape")


@pytest.mark.parametrize(
    "node",
    [
        make_field(weight=700),
        make_field(color="#cc2222"),
        make_field("Nothing was sent because the harbour is closed until noon today", size=8),
    ],
    ids=["bold words", "words in a color", "a long sentence"],
)
def test_a_box_that_says_something_is_no_field(node: Node):
    labelled = label_leaf(node, FACTS)
    assert labelled is None or labelled.label.role != "field"


def test_a_word_in_the_middle_of_a_painted_box_is_a_button():
    assert label(make_button()) == Label("a", "button")
    assert label(make_button(fill=None, border="#2563eb")) == Label("a", "button")


def test_a_low_box_with_a_small_word_is_a_badge():
    text = make_text("Paid", 12, 4, size=12, color="#ffffff")
    assert label(make_box(0, 0, 48, 22, text, fill="#22aa66")) == Label("a", "badge")


def test_a_large_word_in_a_button_is_no_title():
    text = make_text("Go", 56, 7, size=24, weight=700, color="#ffffff")
    title = set_label(text, "h2", "heading")
    button = label_leaf(make_box(0, 0, 136, 44, title, fill="#2563eb"), FACTS)
    assert button.label.role == "button"
    assert [child.label.role for child in button.children] == ["text"]


@pytest.mark.parametrize(
    "node",
    [
        make_box(0, 0, 700, 44, make_text("Book now", 318, 12), fill="#2563eb"),
        make_box(0, 0, 160, 120, make_text("Book now", 48, 50), fill="#2563eb"),
        make_box(0, 0, 160, 44, make_text("Book now", 4, 12), fill="#2563eb"),
        make_box(0, 0, 160, 60, make_text("One\ntwo", 60, 10), fill="#2563eb"),
        make_box(0, 0, 160, 60, make_text("One", 60, 5), make_text("two", 60, 35)),
    ],
    ids=["across the page", "as high as a card", "words at the left", "two lines", "two texts"],
)
def test_a_box_that_is_not_like_a_button_is_a_group(node: Node):
    assert label_leaf(node, FACTS) is None


def test_large_words_in_a_color_are_a_title_and_slightly_larger_ones_a_link():
    assert label(make_text("Our boats", size=24, color="#cc2222")).role == "heading"
    assert label(make_text("Our boats", size=19, color="#cc2222")).role == "link"


@pytest.mark.parametrize(("off", "is_button"), [(10, True), (40, False)])
def test_the_words_of_a_pale_button_are_nearly_in_its_middle(off: float, is_button: bool):
    text = make_text("Book now", 168 + off, 12, weight=700)
    box = make_box(0, 0, 400, 44, text, fill="#dddddd")
    assert (label_leaf(box, FACTS) is not None) == is_button


@pytest.mark.parametrize(
    ("fill", "is_field"), [("#ffffff", True), ("#999999", False), ("#1f2937", True)]
)
def test_a_field_is_pale_or_dark(fill: str, is_field: bool):
    text = make_text("Your name", 12, 12, color="#888888")
    box = make_box(0, 0, 320, 44, text, fill=fill, border="#aaaaaa")
    labelled = label_leaf(box, FACTS)
    assert (labelled is not None and labelled.label.role == "field") == is_field


def test_words_that_say_what_to_write_may_be_a_short_sentence():
    assert label(make_field("What is your name, captain?")).role == "field"


@pytest.mark.parametrize(("side", "is_field"), [(20, True), (60, False)])
def test_a_long_box_with_nothing_but_a_small_icon_is_a_field(side: float, is_field: bool):
    icon = make_picture(12, 2, side, min(side, 40))
    box = make_box(0, 0, 320, 44, icon, fill="#ffffff", border="#aaaaaa")
    labelled = label_leaf(box, FACTS)
    assert (labelled is not None and labelled.label.role == "field") == is_field


@pytest.mark.parametrize(
    ("icon", "tag"),
    [((296, 18, 12, 8), "select"), ((280, 14, 30, 16), "input"), ((220, 18, 12, 8), "input")],
    ids=["a small one at the end", "a large one", "one far from the end"],
)
def test_the_arrow_of_a_select_is_small_and_at_its_end(icon: tuple[float, ...], tag: str):
    text = make_text("Berlin", 12, 12, color="#777777")
    parts = text, make_picture(*icon)
    box = make_box(0, 0, 320, 44, *parts, fill="#ffffff", border="#aaaaaa", flow="row")
    assert label(box).tag == tag


@pytest.mark.parametrize(("height", "role"), [(24, "badge"), (40, "button")])
def test_new_is_a_tag_in_a_low_box_and_a_button_in_a_high_one(height: float, role: str):
    text = make_text("New", 36, height / 2 - 10)
    assert label(make_box(0, 0, 96, height, text, fill="#2563eb")).role == role
