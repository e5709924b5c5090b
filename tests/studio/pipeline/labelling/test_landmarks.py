"""Place and content tell the landmarks of a page: header, hero, sections, sidebar, main, footer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.pipeline.labelling.rules.landmarks import label_as_landmark, label_landmarks
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.nodes import Label, Node
from studio.pipeline.perception.hints import Box
from tests.studio.pipeline.hand_made import (
    find_text,
    list_texts,
    make_box,
    make_group,
    make_page,
    make_picture,
    make_text,
    set_label,
)

FACTS = PageFacts(1280, 2000, 16.0, "#222222", {(48, True): 1, (24, True): 2})
STORY = "A boat for a quiet day on the water, and for the night after it"


def make_line(words: str, x: float = 100, y: float = 0, **look: object) -> Node:
    return set_label(make_text(words, x, y, **look), "p", "text")


def make_title(words: str, y: float, size: float = 48) -> Node:
    return set_label(make_text(words, 100, y, size=size, weight=700), "h1", "heading")


def make_bar(*words: str, y: float = 20) -> Node:
    texts = [make_line(word, 100 + 110 * i, y) for i, word in enumerate(words)]
    return set_label(make_group("row", *texts), "div", "row")


def make_section(y: float, title: str = "Our boats") -> Node:
    parts = make_title(title, y, size=24), make_line(STORY, 100, y + 60)
    return set_label(make_group("column", *parts), "div", "column")


def make_band(y: float, height: float, *parts: Node) -> Node:
    return set_label(make_box(0, y, 1280, height, *parts), "div", "panel")


def label(*bands: Node) -> list[Node]:
    page = label_landmarks(make_page(*bands, height=2000), FACTS)
    assert page.label == Label("div", "page")
    return list(page.children)


def test_a_bar_of_words_at_the_top_is_a_header_with_links():
    header, section = label(make_bar("Harbour", "Boats", "Prices", "Press"), make_section(600))
    assert header.label.tag == "header"
    assert {n.label.tag for n in header.walk() if n.flow == "text"} == {"a"}
    assert section.label.tag == "section"


def test_a_picture_at_the_top_is_a_header_without_links():
    logo = set_label(make_group("row", make_picture(100, 10, 60, 60)), "div", "row")
    header, _ = label(logo, make_section(600))
    assert header.label == Label("header", "header")


def test_a_high_band_at_the_top_is_no_header():
    hero, _ = label(make_band(0, 600, make_line(STORY, 100, 300)), make_section(900))
    assert hero.label.tag == "section"


def test_a_painted_band_with_a_large_title_near_the_top_is_a_hero():
    band = make_band(0, 500, make_title("Quiet days", 200), make_line(STORY, 100, 300))
    hero, section = label(band, make_section(900))
    assert hero.label.role == "hero"
    assert section.label.role == "section"


def test_there_is_one_hero():
    first = make_band(0, 280, make_title("Quiet days", 100), make_line(STORY, 100, 180))
    second = make_band(280, 300, make_title("Loud days", 350), make_line(STORY, 100, 420))
    roles = [band.label.role for band in label(first, second, make_section(900))]
    assert roles == ["hero", "section", "section"]


def test_a_band_without_a_large_title_is_no_hero():
    band = make_band(0, 500, make_line("Quiet days", 100, 200), make_line(STORY, 100, 300))
    first, _ = label(band, make_section(900))
    assert first.label.role == "section"


def test_a_row_of_links_that_begins_the_band_below_the_header_is_a_nav():
    menu = make_bar("Boats", "Prices", "Press", "Contact", y=140)
    band = set_label(make_group("column", menu, make_section(300)), "div", "column")
    _, section, _ = label(make_bar("Harbour", "Sign in"), band, make_section(900))
    navs = [node for node in section.walk() if node.label.tag == "nav"]
    assert [list_texts(nav) for nav in navs] == [["Boats", "Prices", "Press", "Contact"]]


def test_a_signed_line_at_the_end_is_the_footer():
    foot = make_line("© 2026 Harbour Boats", 100, 1950)
    *_, footer = label(make_bar("Harbour", "Boats"), make_section(600), foot)
    assert footer.label.tag == "footer"


def make_sidebar(x: float = 0) -> Node:
    words = ("Dashboard", "Orders", "Guests", "Boats", "Crews")
    logo = set_label(make_picture(x + 20, 20, 40, 40), "img", "icon")
    links = [make_line(word, x + 20, 80 + 50 * i) for i, word in enumerate(words)]
    return set_label(make_box(x, 0, 240, 2000, logo, *links, fill="#223344"), "div", "panel")


def make_application(*content: Node) -> Node:
    main = set_label(make_group("column", *content), "div", "column")
    main = replace(main, box=Box(240, 0, 1040, 2000))
    row = set_label(make_group("row", make_sidebar(), main), "div", "columns")
    return replace(
        make_page(height=2000), flow="row", children=row.children, label=Label("div", "page")
    )


def test_a_narrow_column_as_high_as_the_page_is_a_sidebar_beside_main():
    page = label_landmarks(make_application(make_section(300), make_section(700)), FACTS)
    assert [side.label.tag for side in page.children] == ["aside", "main"]


def test_the_words_of_a_sidebar_are_the_entries_of_one_menu_that_folds():
    page = label_landmarks(make_application(make_section(300), make_section(700)), FACTS)
    aside = page.children[0]
    assert "folds" in aside.label.flags
    linked = [n.text for n in aside.walk() if n.flow == "text" and n.label.tag == "a"]
    assert linked == ["Dashboard", "Orders", "Guests", "Boats", "Crews"]


def test_a_bar_above_the_content_of_an_application_is_its_header():
    bar = make_bar("Orders", "Ada Brown", y=20)
    page = label_landmarks(make_application(bar, make_section(300), make_section(700)), FACTS)
    header, main = page.children[1].children
    assert (header.label.tag, main.label.tag) == ("header", "main")


def test_two_bars_at_the_top_are_one_header():
    contacts = make_bar("ada@home.org", "Open all day", y=10)
    menu = make_bar("Harbour", "Boats", "Prices", "Press", y=80)
    header, _ = label(contacts, menu, make_section(600))
    assert header.label.tag == "header"
    assert len(header.children) == 2


def test_a_bar_at_the_top_of_the_first_band_is_a_nav_and_the_band_the_header():
    bar = make_bar("Harbour", "Boats", "Prices", "Press")
    band = make_band(0, 600, bar, make_title("Quiet days", 300), make_line(STORY, 100, 400))
    header, _ = label(band, make_section(900))
    assert header.label.tag == "header"
    assert header.children[0].label.tag == "nav"


@pytest.mark.parametrize("tag", ["nav", "form", "table"])
def test_what_is_something_already_stays_it(tag: str):
    node = replace(make_group("column", make_line(STORY)), label=Label(tag, "group"))
    assert label_as_landmark(node, "section", "section") is node


def test_a_leaf_is_no_landmark():
    text = make_line(STORY)
    assert label_as_landmark(text, "section", "section") is text


def test_a_row_of_cards_that_is_a_section_stays_wide():
    cards = set_label(make_group("row", make_line("A"), make_line("B", 300)), "div", "cards")
    assert label_as_landmark(cards, "section", "section").label == Label(
        "section", "section", frozenset({"wide"})
    )


def test_the_name_of_a_group_stays_when_it_becomes_a_landmark():
    group = set_label(make_group("column", make_line(STORY)), "div", "column", name="boats")
    assert label_as_landmark(group, "section", "section").label.name == "boats"


def test_a_title_in_the_content_stays_a_title():
    page = make_page(make_bar("Harbour", "Boats"), make_section(600), height=2000)
    assert find_text(label_landmarks(page, FACTS), "Our boats").label.role == "heading"


def make_beside_sidebar(height: float) -> Node:
    """A band of a sidebar of this height at the page's edge, and content beside it."""
    words = ("Dashboard", "Orders", "Guests")
    links = [make_line(word, 20, 20 + 40 * i) for i, word in enumerate(words)]
    side = set_label(make_box(0, 0, 240, height, *links, fill="#223344"), "div", "panel")
    content = set_label(
        make_group("column", make_line(STORY, 300, 20), make_line(STORY, 300, 300)), "div", "column"
    )
    return set_label(make_group("row", side, content), "div", "columns")


@pytest.mark.parametrize(("height", "is_sidebar"), [(700, True), (200, False)])
def test_a_sidebar_of_the_first_band_is_as_high_as_a_window(height: float, is_sidebar: bool):
    first, _ = label(make_beside_sidebar(height), make_section(1500))
    assert any(node.label.tag == "aside" for node in first.walk()) == is_sidebar


def test_a_row_of_links_far_below_the_header_is_no_nav():
    menu = make_bar("Boats", "Prices", "Press", "Contact", y=600)
    band = set_label(make_group("column", menu, make_section(700)), "div", "column")
    _, section, _ = label(make_bar("Harbour", "Sign in"), band, make_section(1200))
    assert "nav" not in {node.label.tag for node in section.walk()}


def test_two_words_below_the_header_are_no_nav():
    row = make_bar("Boats", "Prices", y=140)
    band = set_label(make_group("column", row, make_section(300)), "div", "column")
    _, section, _ = label(make_bar("Harbour", "Sign in"), band, make_section(900))
    assert "nav" not in {node.label.tag for node in section.walk()}


def test_a_bar_that_begins_lower_on_the_page_is_no_header():
    first, _ = label(make_bar("Harbour", "Boats", "Prices", y=120), make_section(600))
    assert first.label.tag != "header"


def test_of_a_first_band_as_high_as_the_page_only_its_bar_is_the_header():
    bar = make_bar("Harbour", "Boats", "Prices", "Press")
    band = make_band(0, 1900, bar, make_title("Quiet days", 300), make_line(STORY, 100, 400))
    first, _ = label(band, make_section(1950))
    assert first.label.tag != "header"
    assert first.children[0].label.tag == "header"


def make_link_columns(y: float) -> Node:
    """Two columns of words below titles."""
    columns = []
    for x in (100, 500):
        title = set_label(make_text("Company", x, y, weight=700), "h3", "heading")
        words = [make_line(word, x, y + 40 + 30 * i) for i, word in enumerate(("A", "Bo", "Cy"))]
        columns.append(set_label(make_group("column", title, *words), "div", "column"))
    return set_label(make_group("row", *columns), "div", "columns")


@pytest.mark.parametrize(("y", "are_links"), [(600, False), (1200, True)])
def test_columns_of_words_are_links_in_the_lower_half_of_a_page(y: float, are_links: bool):
    *_, band, _ = label(
        make_bar("Harbour", "Boats"), make_section(300), make_link_columns(y), make_section(1600)
    )
    links = [n for n in band.walk() if n.flow == "text" and n.label.tag == "a"]
    assert bool(links) == are_links
