"""What a form's fields say of themselves."""

from __future__ import annotations

import pytest

from studio.pipeline.codegen.context import Context
from studio.pipeline.codegen.controls import place_box
from studio.pipeline.codegen.element import Element, Room
from studio.pipeline.codegen.form_fields import complete_fields, guess_type
from studio.pipeline.layout.nodes import Node, Style
from studio.pipeline.perception.hints import Box

PLAIN = Style(16, 400, "sans", "Inter", "#111111", 24)


def make_form(*, color: str = "#777777", label: str = "E-mail") -> tuple[Element, Element]:
    """Return a label and a field right below it, as elements, after they were completed."""
    name = Element("label", "label", children=[label], node=1)
    field = Element("input", "field", {"--placeholder": color}, node=2)
    field.attrs = {"type": "text", "placeholder": "ada@home.org", "aria-label": "ada@home.org"}
    nodes = (
        Node(1, "text", Box(40, 100, 60, 18), Box(40, 100, 60, 18)),
        Node(2, "column", Box(40, 124, 300, 44), Box(40, 124, 300, 44)),
    )
    page = Node(3, "column", Box(0, 0, 400, 400), Box(0, 0, 400, 400), nodes)
    complete_fields(Element("form", children=[name, field]), page)
    return name, field


def test_a_label_is_for_the_field_below_it():
    label, field = make_form()
    assert label.attrs["for"] == field.attrs["id"] == "mail"
    assert "aria-label" not in field.attrs


def test_type_and_autocomplete_follow_the_label():
    _, field = make_form()
    assert field.attrs["type"] == "email"
    assert field.attrs["autocomplete"] == "email"


def test_pale_words_are_a_placeholder_and_dark_ones_a_value():
    _, pale = make_form()
    _, dark = make_form(color="#111111")
    assert "placeholder" in pale.attrs
    assert dark.attrs["value"] == "ada@home.org"
    assert dark.style == {"color": "#111111"}


def test_a_field_without_a_label_keeps_its_accessible_name():
    field = Element("input", "field", attrs={"type": "text", "aria-label": "Search orders"})
    page = Node(3, "column", Box(0, 0, 400, 400), Box(0, 0, 400, 400))
    complete_fields(Element("div", children=[field]), page)
    assert field.attrs["aria-label"] == "Search orders"
    assert field.attrs["type"] == "search"


@pytest.mark.parametrize(
    ("words", "kind"),
    [("Your password", "password"), ("Phone", "tel"), ("E-mail", "email"), ("City", "text")],
)
def test_types(words: str, kind: str):
    assert guess_type(words) == kind


@pytest.mark.parametrize(
    ("box", "display"),
    [
        (Box(100, 10, 200, 40), "block"),
        (Box(0, 10, 200, 40), None),
        (Box(200, 10, 200, 40), "block"),
    ],
)
def test_a_field_in_the_middle_or_at_the_right_is_a_block(box: Box, display: str | None) -> None:
    field = Element("input", "field")
    place_box(field, Node(1, "text", box, box), Room(0, 400), Context(PLAIN, 400))
    assert field.style.get("display") == display
