"""Bold first lines of cards are their titles, though they are no larger than the body."""

from __future__ import annotations

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def list_nodes(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def find_text(page: Sketch, words: str) -> Node:
    """Return the text with these words."""
    return next(node for node in list_nodes(page) if node.flow == "text" and node.text == words)


NAMES = ("Cacti", "Succulents", "Palms")


def draw_cards(below: str, *, weight: int = 700, color: str = "#222222") -> Sketch:
    page = Sketch().text(100, 80, "Our plants", size=40, weight=700).paragraph(100, 130, STORY)
    for i, name in enumerate(NAMES):
        x = 100 + 360 * i
        page.rect(x, 260, 320, 200, "#f2f2f2", radius=8.0)
        page.picture(x + 20, 280, 40, 40, kind="icon")
        page.text(x + 20, 360, name, weight=weight, color=color)
        page.text(x + 20, 400, below)
    return page


def test_a_bold_line_above_a_text_is_the_title_of_its_card():
    page = draw_cards("They grow in a bright and dry place")
    assert [find_text(page, name).label.role for name in NAMES] == ["heading"] * 3


def test_a_bold_line_above_a_price_is_the_title_of_its_card():
    page = draw_cards("$19.99")
    assert find_text(page, "Cacti").label.role == "heading"
    assert find_text(page, "$19.99").label.role == "text"


def test_a_bold_line_in_a_color_is_a_title_and_no_link():
    page = draw_cards("They grow in a bright and dry place", color="#2dce89")
    assert find_text(page, "Palms").label.role == "heading"


def test_a_line_that_is_not_bold_is_a_text():
    page = draw_cards("They grow in a bright and dry place", weight=400)
    assert find_text(page, "Cacti").label.role == "text"


def test_a_price_of_the_title_is_a_line_of_its_own():
    page = Sketch().text(100, 80, "Our plants", size=40, weight=700).paragraph(100, 130, STORY)
    page.text(100, 300, "Cacti plant", weight=700).text(100, 322, "$19.99", weight=700)
    assert find_text(page, "$19.99").label.role == "text"
