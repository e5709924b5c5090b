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


def draw_columns(page: Sketch, color: str) -> list[str]:
    """Three columns of links with titles, and their words."""
    words = []
    for i, title in enumerate(("Company", "Services", "Help")):
        page.text(100 + 300 * i, 700, title, size=20, weight=700, color=color)
        words.append(title)
        for j, word in enumerate(("About", "Prices", "Boats", "Press")):
            page.text(100 + 300 * i, 740 + 34 * j, f"{word} {i + 1}", size=15, color=color)
            words.append(f"{word} {i + 1}")
    return words


def test_columns_of_links_with_titles_above_the_line_that_signs_belong_to_the_footer():
    page = make_page().rect(0, 650, 1280, 260, "#181c2b").rect(0, 910, 1280, 90, "#282b39")
    words = draw_columns(page, "#ffffff")
    page.text(500, 960, "© 2026 Harbour Boats", size=14, color="#ffffff")
    [footer] = find_footers(page)
    assert sorted(footer) == sorted([*words, "© 2026 Harbour Boats"])


def test_small_texts_on_a_dark_ground_of_a_light_page_belong_to_the_footer():
    page = make_page().rect(0, 700, 1280, 200, "#302a31").rect(0, 900, 1280, 100, "#222222")
    page.text(100, 760, "About the harbour", size=17, weight=700, color="#cccccc")
    page.paragraph(100, 790, STORY, size=13, color="#999999")
    page.text(100, 960, "© 2026 Harbour Boats", size=14, color="#ffffff")
    [footer] = find_footers(page)
    assert "About the harbour" in footer


def test_a_dark_band_with_a_button_above_the_footer_is_a_section():
    page = make_page().rect(0, 700, 1280, 200, "#302a31").rect(0, 900, 1280, 100, "#222222")
    page.text(100, 790, "Come aboard", size=20, weight=700, color="#cccccc")
    page.rect(900, 770, 160, 48, "#ff5a3d", radius=6)
    page.text(930, 800, "Book a boat", size=16, color="#ffffff")
    page.text(100, 960, "© 2026 Harbour Boats", size=14, color="#ffffff")
    assert find_footers(page) == [["© 2026 Harbour Boats"]]


def test_a_band_with_a_form_above_the_line_that_signs_is_a_section():
    page = make_page().rect(0, 650, 1280, 260, "#2a7aa2").rect(0, 910, 1280, 90, "#111111")
    draw_columns(page, "#ffffff")
    for i, words in enumerate(("Enter name", "Enter email")):
        page.rect(950, 680 + 60 * i, 240, 40, "#ffffff")
        page.text(954, 705 + 60 * i, words, size=14, color="#777777")
    page.rect(950, 820, 88, 44, "#1b526c").text(966, 847, "Submit", color="#ffffff")
    page.text(500, 960, "© 2026 Harbour Boats", size=14, color="#ffffff")
    assert find_footers(page) == [["© 2026 Harbour Boats"]]
