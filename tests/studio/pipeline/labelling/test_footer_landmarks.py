"""What closes a page is its footer, wherever it begins."""

from __future__ import annotations

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def find_footers(page: Sketch) -> list[list[str]]:
    nodes = label_tree(build_tree(page.hints())).walk()
    return [list_words(node) for node in nodes if node.label.tag == "footer"]


def list_words(node: Node) -> list[str]:
    return [inner.text for inner in node.walk() if inner.flow == "text"]


def make_page() -> Sketch:
    return Sketch(height=1000).text(100, 100, "Boats", size=40).paragraph(100, 160, STORY)


def test_a_lone_line_at_the_page_end_is_a_footer():
    page = make_page().text(560, 960, "© 2026 Harbour Boats", size=14)
    assert find_footers(page) == [["© 2026 Harbour Boats"]]


def test_a_band_with_a_large_name_that_is_signed_is_a_footer():
    page = make_page().rect(0, 700, 1280, 300, "#151649")
    page.text(100, 780, "Come aboard", size=44, weight=700, color="#ffffff")
    page.text(100, 960, "Copyright 2026 Harbour Boats", size=13, color="#8c8c9e")
    assert find_footers(page) == [["Come aboard", "Copyright 2026 Harbour Boats"]]


def test_a_band_with_a_large_name_that_says_nothing_of_rights_is_a_section():
    page = make_page().rect(0, 700, 1280, 300, "#151649")
    page.text(100, 780, "Come aboard", size=44, weight=700, color="#ffffff")
    page.text(100, 960, "We sail every day of the week", size=13, color="#8c8c9e")
    assert find_footers(page) == []


def test_what_follows_the_last_wide_rule_of_a_page_is_its_footer():
    page = make_page().rect(100, 820, 1080, 1, "#dddddd")
    for i, word in enumerate(("About", "Prices", "Contact", "Press")):
        page.text(100 + 90 * i, 860, word, size=14)
    assert find_footers(page) == [["About", "Prices", "Contact", "Press"]]


def test_words_side_by_side_in_a_footer_are_links():
    page = make_page().rect(0, 900, 1280, 100, "#222222")
    for i, word in enumerate(("About", "Prices", "Contact", "Press")):
        page.text(800 + 90 * i, 950, word, size=14, color="#cccccc")
    page.text(100, 950, "© 2026 Harbour", size=14, color="#cccccc")
    nodes = label_tree(build_tree(page.hints())).walk()
    links = [node.text for node in nodes if node.flow == "text" and node.label.tag == "a"]
    assert links == ["About", "Prices", "Contact", "Press"]
