"""Components and sections are called after what is in them."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules.component_names import (
    make_plural,
    name_component,
    name_sections,
)
from studio.pipeline.layout.nodes import Node
from tests.studio.pipeline.hand_made import (
    make_box,
    make_group,
    make_page,
    make_picture,
    make_text,
    set_label,
)

LONG = "We were on the water before the sun was up, and stayed all day"


def make_title(words: str = "Quiet days") -> Node:
    return set_label(make_text(words, 0, 60, size=22, weight=700), "h3", "heading")


def make_line(words: str = LONG, y: float = 100) -> Node:
    return set_label(make_text(words, 0, y), "p", "text")


def make_icon() -> Node:
    return set_label(make_picture(0, 0, 40, 40), "img", "icon")


def make_photo(side: float = 200) -> Node:
    return set_label(make_picture(0, 0, side, side, kind="photo"), "img", "picture")


def make_button(words: str) -> Node:
    return set_label(make_box(0, 0, 90, 40, make_text(words)), "a", "button")


def name(*parts: Node, taken: set[str] | None = None, boxed: bool = False) -> str:
    """Return the name of three equal groups of these parts, side by side."""
    instances = [make_box(0, 0, 300, 400, *parts) if boxed else make_group("column", *parts)] * 3
    parent = make_group("row", *instances)
    return name_component(instances, instances[0], parent, taken or set())


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([make_icon(), make_title(), make_line()], "feature"),
        ([make_title("Pro"), make_line("$12 / month"), make_line()], "plan"),
        ([make_photo(), make_title("Anna"), make_line("$240")], "product"),
        ([make_line(f"“{LONG}”"), make_line("Ada Brown", 200)], "testimonial"),
        ([make_text("12k", size=40), make_line("guests a year")], "stat"),
        ([make_photo(), make_title(), make_line("May 12, 2026")], "post"),
        ([make_photo(64), make_line("Ada Brown"), make_line("Captain", 130)], "person"),
        ([make_photo(), make_line("Anna"), make_line("A boat", 130)], "card"),
        ([make_title("Company"), make_line("Boats"), make_line("Press", 130)], "menu"),
        ([make_title(), make_line()], "feature"),
        ([make_button("Book now"), make_button("Ask us")], "button-row"),
        ([make_line(), make_line("and so on and on, day after day after day", 130)], "item"),
    ],
)
def test_a_component_is_called_after_its_parts(parts: list[Node], expected: str):
    assert name(*parts) == expected


def test_a_larger_picture_beside_a_name_is_no_portrait():
    assert name(make_photo(110), make_line("Ada Brown"), make_line("Captain", 130)) != "person"


def test_a_number_among_many_texts_is_no_statistic():
    lines = [make_line(f"Line {i} of the report", 100 + 30 * i) for i in range(5)]
    assert name(make_text("12k", size=40), *lines) != "stat"


def test_a_component_with_a_field_is_a_row_of_a_form():
    field = set_label(make_box(0, 100, 200, 40), "input", "field")
    assert name(make_line("Your name"), field) == "form-row"


def test_a_boxed_component_that_is_nothing_else_is_a_card():
    assert name(make_line(), make_line("and so on", 130), boxed=True) == "card"


def test_a_second_component_of_one_kind_gets_another_word():
    assert name(make_icon(), make_title(), make_line(), taken={"feature"}) == "benefit"


def test_a_component_whose_words_for_its_kind_are_taken_is_called_after_its_text():
    taken = {"feature", "benefit", "point", "highlight"}
    free = name(make_icon(), make_title("Quiet days"), make_line(), taken=taken)
    assert free.endswith("-feature")
    assert free not in taken


def test_no_name_is_given_twice_however_many_are_taken():
    taken: set[str] = set()
    for _ in range(12):
        free = name(make_line(), make_line("and so on", 130), taken=taken)
        assert free not in taken
        taken.add(free)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("feature", "features"),
        ("box", "boxes"),
        ("directory", "directories"),
        ("person", "people"),
        ("day", "days"),
    ],
)
def test_a_container_is_called_after_many_of_its_components(one: str, many: str):
    assert make_plural(one) == many


def make_section(*parts: Node) -> Node:
    return set_label(make_group("column", *parts), "section", "section")


def list_names(*sections: Node, taken: set[str] | None = None) -> list[str]:
    page = name_sections(make_page(*sections), taken or set())
    return [child.label.name for child in page.children]


def test_sections_are_called_after_their_titles():
    sections = make_section(make_title("Our boats")), make_section(make_title("The prices"))
    assert list_names(*sections) == ["boats", "prices"]


def test_a_section_without_a_title_is_called_after_its_first_text():
    assert list_names(make_section(make_line("Prices of a day"))) == ["prices"]


def test_two_sections_with_one_title_have_different_names():
    first, second = list_names(*[make_section(make_title("Our quiet boats"))] * 2)
    assert first != second


def test_a_section_is_not_called_like_a_component():
    assert list_names(make_section(make_title("Feature")), taken={"feature"}) == ["feature-section"]


def test_a_section_without_words_has_no_name():
    assert list_names(make_section(make_photo(), make_icon())) == [""]


def test_only_sections_are_called_after_their_titles():
    footer = set_label(make_group("column", make_title("Our boats")), "footer", "footer")
    assert list_names(footer) == [""]
