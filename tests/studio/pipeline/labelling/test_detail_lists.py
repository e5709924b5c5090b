"""Terms with their values below each other are one list."""

from __future__ import annotations

from bs4 import BeautifulSoup

from studio.pipeline.codegen.draft import make_draft
from tests.studio.pipeline.codegen.sketch import STORY, Sketch

DETAILS = (("Game ID:", "COD 2"), ("Genre:", "Action"), ("Players:", "Two"))


def parse_draft(details: tuple[tuple[str, str], ...]) -> BeautifulSoup:
    page = Sketch().text(100, 80, "A game", size=40, weight=700).paragraph(100, 130, STORY)
    for i, (term, value) in enumerate(details):
        page.text(100, 300 + 40 * i, term, color="#888888").text(220, 300 + 40 * i, value)
    return BeautifulSoup(make_draft(page.hints(), {}).bundle.files["index.html"], "html.parser")


def test_each_term_and_its_value_are_an_item():
    items = parse_draft(DETAILS).select("ul > li")
    assert [item.get_text(" ", strip=True) for item in items] == [
        f"{term} {value}" for term, value in DETAILS
    ]


def test_an_item_of_one_line_holds_no_paragraphs():
    assert not parse_draft(DETAILS).select("li p")


def test_one_term_is_no_list():
    assert not parse_draft(DETAILS[:1]).select("li")
