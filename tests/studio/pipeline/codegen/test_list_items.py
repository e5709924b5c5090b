"""Lines that repeat are lists, and their items hold the words themselves."""

from __future__ import annotations

from bs4 import BeautifulSoup

from studio.pipeline.codegen.draft import make_draft
from tests.studio.pipeline.codegen.sketch import STORY, Sketch

LINES = ("Two masts and a cabin", "Bread and coffee on board", "Back before it is dark")


def parse_draft(page: Sketch) -> BeautifulSoup:
    return BeautifulSoup(make_draft(page.hints(), {}).bundle.files["index.html"], "html.parser")


def make_page() -> Sketch:
    return (
        Sketch().text(100, 100, "Boats for a day", size=40, weight=700).paragraph(100, 160, STORY)
    )


def test_short_lines_at_one_pitch_are_a_list():
    page = make_page()
    for i, line in enumerate(LINES):
        page.text(100, 300 + 48 * i, line)
    parsed = parse_draft(page)
    assert [item.get_text(strip=True) for item in parsed.select("ul > li")] == list(LINES)
    assert not parsed.select("li p")


def test_icons_with_a_line_each_are_a_list_whose_items_hold_both():
    page = make_page()
    for i, line in enumerate(LINES):
        page.picture(100, 288 + 48 * i, 16, 16, kind="icon").text(130, 300 + 48 * i, line)
    parsed = parse_draft(page)
    items = parsed.select("ul > li")
    assert [item.get_text(strip=True) for item in items] == list(LINES)
    assert all(
        [child.name for child in item.find_all(recursive=False)][1] == "span" for item in items
    )


def test_lines_of_code_are_no_list():
    page = make_page()
    for i, line in enumerate(("let boat = 1", "sail(boat)", "anchor(boat)")):
        page.text(100, 300 + 48 * i, line, family="mono")
    assert not parse_draft(page).select("ul")


def test_lines_as_near_as_those_of_an_address_are_no_list():
    page = make_page()
    for i, line in enumerate(("Harbour Boats", "Quay 4", "10115 Berlin")):
        page.text(100, 300 + 24 * i, line)
    assert not parse_draft(page).select("ul")
