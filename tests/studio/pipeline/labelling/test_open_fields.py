"""Words that ask for input are fields where a rule, a pill or a fill says so."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.field_words import (
    asks_for_message,
    asks_for_search,
    invites_input,
)
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def list_nodes(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def find_text(page: Sketch, words: str) -> Node:
    """Return the text with these words."""
    return next(node for node in list_nodes(page) if node.flow == "text" and node.text == words)


def list_fields(page: Sketch) -> list[tuple[str, str]]:
    return [
        (node.label.tag, next(inner.text for inner in node.walk() if inner.flow == "text"))
        for node in list_nodes(page)
        if node.label.role == "field"
    ]


def draw_title() -> Sketch:
    return (
        Sketch(height=1400)
        .text(100, 80, "Write to us", size=40, weight=700)
        .paragraph(100, 130, STORY)
    )


def draw_rules(*lines: str) -> Sketch:
    page = draw_title()
    for i, line in enumerate(lines):
        page.text(112, 300 + 70 * i, line, color="#909090").rect(
            100, 320 + 70 * i, 420, 1, "#dddddd"
        )
    page.rect(100, 330 + 70 * len(lines), 420, 50, "#ce3232")
    return page.text(260, 360 + 70 * len(lines), "Send message", color="#ffffff", weight=700)


@pytest.mark.parametrize(
    "words",
    [
        "Your email",
        "Full name*",
        "Enter your email…",
        "Subject",
        "Nachricht",
        "Telefonnummer",
        "搜索",
    ],
)
def test_placeholders_ask_for_input(words: str):
    assert invites_input(words)


@pytest.mark.parametrize(
    "words",
    ["5 users", "Free updates", "Names of our boats in the harbour", "Nachrichten", "Enterprise"],
)
def test_other_words_do_not(words: str):
    assert not invites_input(words)


def test_words_above_rules_are_fields():
    page = draw_rules("Full name", "Email address", "Subject")
    assert list_fields(page) == [
        ("input", "Full name"),
        ("input", "Email address"),
        ("input", "Subject"),
    ]
    assert [node.label.tag for node in list_nodes(page) if node.label.tag == "form"] == ["form"]


def test_contacts_above_rules_are_no_fields():
    assert list_fields(draw_rules("ada@home.org", "ben@home.org", "+49 30 1234 5678")) == []


def test_links_above_rules_are_no_fields():
    page = draw_title()
    for i, line in enumerate(("Email", "Password", "Phone number")):
        page.text(112, 300 + 70 * i, line, color="#0071f8")
        page.rect(100, 320 + 70 * i, 420, 1, "#dddddd")
    assert list_fields(page) == []


@pytest.mark.parametrize(("words", "is_asked"), [("Your message", True), ("Your email", False)])
def test_only_words_that_ask_for_a_message_stand_far_above_their_rule(words: str, is_asked: bool):
    page = draw_title().text(112, 300, "Full name").rect(100, 320, 420, 1, "#dddddd")
    page.text(112, 370, words).rect(100, 480, 420, 1, "#dddddd")
    assert asks_for_message(words) == is_asked
    assert (("textarea", words) in list_fields(page)) == is_asked


def test_features_above_rules_are_a_list():
    assert list_fields(draw_rules("Five users", "Free updates", "All boats")) == []


def test_a_value_below_a_label_is_a_field():
    page = draw_title()
    for i, (label, value) in enumerate((("Full name*", "Ada Lane"), ("Email*", "ada@home.org"))):
        y = 300 + 90 * i
        page.text(100, y, label, size=12).text(100, y + 30, value).rect(
            100, y + 52, 420, 1, "#eeeeee"
        )
    assert list_fields(page) == [("input", "Ada Lane"), ("input", "ada@home.org")]


def test_words_before_the_button_of_a_pill_are_a_field():
    page = draw_title().rect(100, 300, 420, 70, "#e6efeb", radius=8.0)
    page.text(120, 340, "Enter your email", color="#757575")
    page.rect(400, 310, 112, 50, "#3e6553", radius=8.0).text(418, 340, "Subscribe", color="#ffffff")
    assert list_fields(page) == [("input", "Enter your email")]


def test_other_words_before_the_button_of_a_bar_are_none():
    page = draw_title().rect(100, 300, 420, 70, "#e6efeb", radius=8.0)
    page.text(120, 340, "Sail with us", color="#757575")
    page.rect(400, 310, 112, 50, "#3e6553", radius=8.0).text(418, 340, "Subscribe", color="#ffffff")
    assert list_fields(page) == []


def test_a_filled_box_without_border_that_asks_for_input_is_a_field():
    page = (
        draw_title().rect(100, 300, 420, 48, "#f1f1f1").text(116, 330, "Your name", color="#757575")
    )
    page.rect(100, 364, 420, 120, "#f1f1f1").text(116, 394, "Message", color="#757575")
    assert list_fields(page) == [("input", "Your name"), ("textarea", "Message")]


@pytest.mark.parametrize("active", ["Budget", "Messages", "Address"])
def test_the_filled_entry_of_a_sidebar_is_no_field(active: str):
    page = Sketch().text(300, 80, "Money", size=30, weight=700).paragraph(300, 140, STORY)
    for i, words in enumerate(("Overview", "Accounts", active, "Reports")):
        if words == active:
            page.rect(16, 100 + 44 * i, 200, 40, "#e8eefc")
        page.text(32, 125 + 44 * i, words)
    assert list_fields(page) == []


def test_a_title_above_a_sidebar_changes_nothing():
    page = Sketch().text(300, 80, "Money", size=30, weight=700).paragraph(300, 140, STORY)
    page.text(24, 60, "Harbour", size=22, weight=700)
    for i, words in enumerate(("Overview", "Accounts", "Reports", "Budget")):
        if words == "Budget":
            page.rect(16, 100 + 44 * i, 200, 40, "#e8eefc")
        page.text(32, 125 + 44 * i, words)
    assert list_fields(page) == []


def test_filled_fields_at_one_pitch_stay_fields():
    page = draw_title()
    for i, words in enumerate(("Name", "Email", "Subject")):
        page.rect(100, 300 + 64 * i, 420, 48, "#f1f1f1").text(116, 330 + 64 * i, words)
    assert [words for _, words in list_fields(page)] == ["Name", "Email", "Subject"]


def test_a_large_title_above_a_field_is_no_label():
    page = Sketch().text(100, 300, "Contact us", size=28, weight=700)
    page.rect(100, 316, 420, 48, "#f1f1f1").text(116, 346, "Your name", color="#757575")
    assert find_text(page, "Contact us").label.role == "heading"


def test_a_search_field_alone_is_a_form():
    assert asks_for_search("Search for…")
    page = draw_title().rect(100, 300, 420, 48, "#ffffff", border="#cccccc")
    page.text(116, 330, "Search…", color="#757575")
    assert [node.label.tag for node in list_nodes(page) if node.label.tag == "form"] == ["form"]


def test_a_page_of_several_forms_is_no_form():
    page = Sketch(height=2400).text(100, 60, "Forms", size=40, weight=700)
    for i in range(3):
        y = 140 + 760 * i
        page.rect(100, y, 520, 400, "#ffffff", border="#dddddd").text(
            130, y + 50, f"Form {i}", size=24
        )
        page.rect(130, y + 90, 420, 48, "#f1f1f1").text(146, y + 120, "Your name", color="#757575")
        page.rect(130, y + 160, 420, 48, "#f1f1f1").text(146, y + 190, "Email", color="#757575")
        page.rect(130, y + 240, 120, 48, "#222222").text(168, y + 270, "Send", color="#ffffff")
    forms = [node for node in list_nodes(page) if node.label.tag == "form"]
    assert len(forms) == 3
