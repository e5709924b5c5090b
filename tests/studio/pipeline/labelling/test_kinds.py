"""What a node may be follows from its shape; what the rules take it for is one of the kinds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.pipeline.labelling.model.alphabet import KINDS
from studio.pipeline.labelling.model.apply_answer import apply_labels
from studio.pipeline.labelling.model.question import describe_steps, get_rule_guess
from studio.pipeline.labelling.model.steps import WalkStep, list_kinds, list_steps
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.nodes import Label, Node
from tests.studio.pipeline.hand_made import (
    make_box,
    make_group,
    make_page,
    make_picture,
    make_rule,
    make_text,
    set_label,
)

FACTS = PageFacts(1280, 800, 16.0, "#222222", {(24, True): 2})


@pytest.mark.parametrize(
    "node",
    [
        make_picture(0, 0, 40, 40),
        make_rule(0, 0, 300),
        make_text("A boat", marker="•"),
        make_group("table", make_group("row", make_text("Anna"))),
    ],
    ids=["a picture", "a rule", "a marked line", "a table"],
)
def test_of_these_nothing_is_to_be_decided(node: Node) -> None:
    assert list_kinds(node) == ("fixed",)


def test_a_short_line_may_be_a_text_a_heading_a_link_or_a_label() -> None:
    assert set(list_kinds(make_text("Our boats"))) == {"text", "heading", "link", "label"}


def test_a_paragraph_is_no_label_and_a_long_one_no_heading() -> None:
    paragraph = make_text("A boat for a quiet day\nand for the night\nafter it")
    assert set(list_kinds(paragraph)) == {"text", "heading"}
    assert "heading" not in list_kinds(make_text("A boat for a quiet day " * 8))


def test_a_painted_box_with_a_word_may_be_a_control() -> None:
    kinds = list_kinds(make_box(0, 0, 160, 44, make_text("Book now", 40, 12)))
    assert {"panel", "button", "badge", "field", "select"} <= set(kinds)


def test_a_painted_box_with_two_texts_is_no_control() -> None:
    box = make_box(0, 0, 300, 100, make_text("Anna"), make_text("A boat", 0, 40))
    assert not {"button", "badge", "field"} & set(list_kinds(box))


def test_a_box_too_small_for_a_field_is_none() -> None:
    assert "field" not in list_kinds(make_box(0, 0, 40, 16, make_text("New", size=10)))


def test_words_side_by_side_may_be_a_nav_and_cards_hold_several_things() -> None:
    words = make_group("row", make_text("Boats"), make_text("Prices", 100))
    cards = make_group("row", *(make_box(300 * i, 0, 280, 90, make_text("A")) for i in range(2)))
    assert "nav" in list_kinds(words)
    assert "cards" not in list_kinds(words)
    assert "cards" in list_kinds(cards)


def test_a_walk_passes_tables_and_leaves_out_what_is_in_them() -> None:
    table = make_group("table", make_group("row", make_text("Anna")))
    page = make_page(make_text("Our boats"), table)
    [steps] = list_steps(page)
    assert [step.node.flow for step in steps] == ["text", "table"]


def test_a_walk_is_cut_between_sections_where_a_question_is_full() -> None:
    sections = [make_group("column", *(make_text("A") for _ in range(3))) for _ in range(4)]
    parts = list_steps(make_page(*sections), most=8)
    assert [len(part) for part in parts] == [8, 8]


def test_a_section_larger_than_a_question_is_cut_inside() -> None:
    section = make_group("column", *(make_text("A") for _ in range(11)))
    assert [len(part) for part in list_steps(make_page(section), most=8)] == [8, 4]


@pytest.mark.parametrize(
    ("label", "guess"),
    [
        (Label("h2", "heading"), "heading"),
        (Label("p", "text"), "text"),
        (Label("a", "item"), "link"),
        (Label("select", "field"), "select"),
        (Label("label", "text"), "label"),
        (Label("nav", "row"), "nav"),
        (Label("form", "card"), "card"),
        (Label("form", "column"), "form"),
        (Label("section", "hero"), "section"),
        (Label("aside", "sidebar"), "aside"),
        (Label("div", "columns"), "group"),
    ],
)
def test_the_rules_label_is_one_of_the_kinds(label: Label, guess: str) -> None:
    node = replace(make_group("column", make_text("Boats")), label=label)
    assert get_rule_guess(node) == guess
    assert guess in KINDS


def describe(node: Node, *siblings: Node) -> str:
    parent = make_page(node, *siblings)
    [about] = describe_steps([WalkStep(node, parent, 1, list_kinds(node))], FACTS)
    return about


def test_texts_of_another_look_are_described_otherwise() -> None:
    plain = describe(make_text("Our boats"))
    assert describe(make_text("Our boats")) == plain
    for look in ({"size": 24}, {"weight": 700}, {"color": "#2563eb"}):
        assert describe(make_text("Our boats", **look)) != plain


def test_boxes_of_another_paint_are_described_otherwise() -> None:
    plain = describe(make_box(0, 0, 200, 80, fill="#f5f5f5"))
    for paint in ({"fill": "#2563eb"}, {"fill": None}, {"border": "#cccccc"}, {"radius": 8.0}):
        assert describe(make_box(0, 0, 200, 80, **{"fill": "#f5f5f5", **paint})) != plain


def test_the_same_text_among_others_like_it_is_described_otherwise() -> None:
    others = [make_text("Prices", 0, 40), make_text("Press", 0, 80)]
    assert describe(make_text("Boats"), *others) != describe(make_text("Boats"))


def apply(node: Node, kind: str) -> Label:
    page = apply_labels(make_page(node), {node.id: kind}, FACTS)
    return page.children[0].label


def test_a_kind_changes_the_rules_label() -> None:
    text = set_label(make_text("Our boats", size=24, weight=700), "p", "text")
    assert apply(text, "heading").role == "heading"
    assert apply(text, "link") == Label("a", "link")


def test_what_rules_know_better_stays() -> None:
    field = set_label(make_box(0, 0, 320, 44), "input", "field")
    assert apply(field, "button") == field.label


def test_an_arrow_that_only_a_picture_shows_makes_a_field_a_select() -> None:
    field = set_label(make_box(0, 0, 320, 44), "input", "field")
    assert apply(field, "select") == Label("select", "field")


def test_a_kind_that_was_wrong_on_unseen_sites_changes_nothing() -> None:
    label = set_label(make_text("Your name"), "label", "text")
    assert apply(label, "heading") == label.label


def test_a_kind_that_agrees_with_the_rules_keeps_all_details() -> None:
    button = set_label(make_box(0, 0, 160, 44, make_text("Book")), "button", "button")
    assert apply(button, "button") == button.label
