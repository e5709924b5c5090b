"""Breadcrumbs are navs whose parts are links."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.trails import is_trail, label_trails, split_trail
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch
from tests.studio.pipeline.hand_made import make_group, make_page, make_text, set_label


def list_nodes(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def find_text(page: Sketch, words: str) -> Node:
    """Return the text with these words."""
    return next(node for node in list_nodes(page) if node.flow == "text" and node.text == words)


@pytest.mark.parametrize(
    "words",
    [
        "Home > Shop > Boats",
        "Home / Contact",
        "Startseite » Preise",
        "Start > Preise",
        "Start / Blog / Boats",
    ],
)
def test_words_from_home_to_the_page_are_a_breadcrumb(words: str):
    assert is_trail(words)


@pytest.mark.parametrize(
    "words",
    [
        "Home",
        "Bread / Butter",
        "Home is where the boat is",
        "24/7",
        "Home | About us | Contact",
        "Home · Boats",
        "Start / Stop",
        "Home/Garden",
    ],
)
def test_other_words_are_none(words: str):
    assert not is_trail(words)


def test_the_signs_stay_between_the_parts():
    assert split_trail("Home / Shop") == ["Home", " / ", "Shop"]


def test_it_is_a_nav_of_links_that_ends_with_the_page():
    page = Sketch().text(100, 80, "Boats", size=40, weight=700)
    page.text(100, 120, "Home > Shop > Boats", size=14).paragraph(100, 180, STORY)
    assert find_text(page, "Home > Shop > Boats").label.tag == "nav"
    parsed = BeautifulSoup(make_draft(page.hints(), {}).bundle.files["index.html"], "html.parser")
    [nav] = parsed.select("nav[aria-label=Breadcrumb]")
    assert [link.get_text() for link in nav.select("a")] == ["Home", "Shop"]
    assert nav.select_one("[aria-current=page]").get_text() == "Boats"


def find_trails(page: Node) -> list[str]:
    return [node.text for node in label_trails(page).walk() if "trail" in node.label.flags]


def test_a_menu_in_a_footer_or_a_table_or_a_headers_row_is_none():
    menu = make_text("Home / About us / Contact")
    row = make_group("row", menu)
    footer = set_label(make_group("column", menu), "footer", "footer")
    header = set_label(row, "header", "header")
    assert find_trails(make_page(footer)) == []
    assert find_trails(make_page(header)) == []
    assert find_trails(make_page(make_group("table", menu))) == []
    assert find_trails(make_page(row)) == ["Home / About us / Contact"]


def test_beside_a_title_in_a_header_it_is_one():
    title = set_label(make_text("Boats", size=32), "h1", "heading")
    row = make_group("row", title, make_text("Home / Boats", 900))
    assert find_trails(make_page(set_label(row, "header", "header"))) == ["Home / Boats"]
