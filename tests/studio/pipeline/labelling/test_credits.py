"""Names in a footer's line of rights or credits are links, and so are columns of a few words."""

from __future__ import annotations

from bs4 import BeautifulSoup

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def list_nodes(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def find_text(page: Sketch, words: str) -> Node:
    """Return the text with these words."""
    return next(node for node in list_nodes(page) if node.flow == "text" and node.text == words)


def make_page() -> Sketch:
    return Sketch(height=1000).text(100, 100, "Boats", size=40).paragraph(100, 160, STORY)


def parse_footer(page: Sketch) -> BeautifulSoup:
    parsed = BeautifulSoup(make_draft(page.hints(), {}).bundle.files["index.html"], "html.parser")
    return parsed.footer


def test_a_bold_name_in_the_line_is_a_link():
    page = make_page().text(100, 960, "© 2026 designed by", size=14)
    page.text(230, 960, "Harbour", size=14, weight=700)
    assert [link.get_text() for link in parse_footer(page).select("a")] == ["Harbour"]


def test_a_bold_name_in_another_line_is_none():
    page = (
        make_page()
        .text(100, 930, "Sail with", size=14)
        .text(162, 930, "Harbour", size=14, weight=700)
    )
    page.text(100, 960, "© 2026", size=14)
    assert not parse_footer(page).select("a")


def draw_columns(*entries: str) -> Sketch:
    page = make_page().rect(0, 700, 1280, 300, "#151649")
    for i, title in enumerate(("Company", "Boats", "Help")):
        page.text(100 + 300 * i, 760, title, size=20, weight=700, color="#ffffff")
        for k, entry in enumerate(entries):
            page.text(100 + 300 * i, 810 + 40 * k, entry, size=15, color="#ffffff")
    return page.text(100, 970, "© 2026 Harbour", size=13, color="#8c8c9e")


def test_columns_of_two_words_each_are_lists_of_links():
    links = parse_footer(draw_columns("About us", "Our team")).select("ul a")
    assert [link.get_text() for link in links] == ["About us", "Our team"] * 3


def test_columns_with_numbers_are_none():
    assert not parse_footer(draw_columns("Monday 9 to 5", "Quay 4")).select("a")


def test_a_row_of_large_words_that_heads_nothing_is_a_row_of_links():
    page = make_page().rect(0, 800, 1280, 200, "#f5f5f5")
    for i, word in enumerate(("About us", "Boats", "Prices", "Help")):
        page.text(300 + 130 * i, 860, word, size=20, weight=700)
    page.text(560, 960, "© 2026 Harbour", size=13)
    links = [link.get_text() for link in parse_footer(page).select("ul a")]
    assert links == ["About us", "Boats", "Prices", "Help"]
