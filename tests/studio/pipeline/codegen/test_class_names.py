"""Class names say the block and the part, and never end in a number."""

from __future__ import annotations

import re

import pytest

from studio.pipeline.codegen.class_names import assign_names
from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.codegen.element import Element
from tests.studio.pipeline.codegen.sketch import (
    Sketch,
    article,
    bill,
    cards,
    habitats,
    login,
    plans,
)


def text(words: str, name: str = "text", tag: str = "p", **style: float | str) -> Element:
    return Element(tag, name, dict(style), children=[words])


def name_parts(*children: Element, block: str = "card") -> list[str]:
    root = Element("article", "card", block=block, children=list(children))
    assign_names(root, 16.0, 400)
    return [child.name for child in children]


def list_classes(page: Sketch) -> set[str]:
    html = make_draft(page.hints(), {}).bundle.files["index.html"]
    return {name for found in re.findall(r'class="([^"]*)"', html) for name in found.split()}


def test_parts_are_called_after_their_block():
    assert name_parts(text("Fast", "title", "h3"), text("It is fast.")) == [
        "card__title",
        "card__text",
    ]


def test_texts_of_one_look_share_a_name_and_others_get_their_own():
    names = name_parts(text("One."), text("Two."), text("small print", **{"font-size": 12.0}))
    assert names == ["card__text", "card__text", "card__meta"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("$29", "price"),
        ("+12.4%", "change"),
        ("4,120", "value"),
        ("3 Nov 2026", "date"),
        ("/month", "period"),
        ("ada@home.org", "email"),
        ("“We stopped counting.”", "quote"),
    ],
)
def test_a_text_is_called_after_what_it_says(words: str, part: str):
    assert name_parts(text(words)) == [f"card__{part}"]


def test_headings_of_several_levels_have_names_of_their_own():
    names = name_parts(text("A", "title", "h2"), text("B", "title", "h3"))
    assert names == ["card__title", "card__subtitle"]


def test_a_control_keeps_its_name_and_its_place_is_the_block_s():
    button = Element("a", "button", children=["Buy"])
    assert name_parts(button) == ["button"]
    assert button.mix == "card__button"


def test_a_block_inside_a_block_begins_names_of_its_own():
    inner = Element("article", "card", block="plan", children=[text("Pro", "title", "h3")])
    name_parts(inner, block="section")
    assert [child.name for child in inner.children if isinstance(child, Element)] == ["plan__title"]


def test_a_row_of_buttons_is_called_actions():
    row = Element("div", "row", children=[Element("a", "button"), Element("a", "button")])
    assert name_parts(row) == ["card__actions"]


@pytest.mark.parametrize("page", [article, cards, bill, habitats, login, plans])
def test_no_class_of_a_page_ends_in_a_number(page):
    assert not [name for name in list_classes(page()) if re.search(r"\d$", name)]
