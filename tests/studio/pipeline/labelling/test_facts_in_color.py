"""Colors and sizes that say what a text is about, and no link and no title."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.font_metrics import measure_ink_width
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import SANS, STORY, Sketch


def list_nodes(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def find_text(page: Sketch, words: str) -> Node:
    """Return the text with these words."""
    return next(node for node in list_nodes(page) if node.flow == "text" and node.text == words)


def draw_line(words: str, **look: object) -> Sketch:
    page = Sketch().text(100, 80, "Rents", size=40, weight=700).paragraph(100, 130, STORY)
    return page.text(100, 300, words, **look)


@pytest.mark.parametrize(
    ("words", "color"),
    [
        ("+15 payments received", "#22c55e"),
        ("3 tenants past due", "#ef4444"),
        ("December 26, 2017", "#7eb436"),
    ],
)
def test_a_change_a_state_or_a_date_in_color_is_no_link(words: str, color: str):
    assert find_text(draw_line(words, color=color), words).label.role == "text"


def test_a_count_in_the_color_of_links_is_one():
    assert find_text(draw_line("12 comments", color="#2563eb"), "12 comments").label.role == "link"


@pytest.mark.parametrize("words", ["Address:", "Phone no:", "02-14-2018 Travel"])
def test_a_term_and_a_date_are_no_titles(words: str):
    assert find_text(draw_line(words, size=20, weight=700), words).label.role == "text"


def test_a_numbered_line_larger_than_the_body_is_a_title_with_its_number():
    page = draw_line("2. Data we collect", size=22).paragraph(100, 340, STORY)
    assert find_text(page, "2. Data we collect").label.role == "heading"


def test_a_numbered_line_of_the_bodys_size_is_an_item():
    page = draw_line("1. Bring a coat").text(100, 330, "2. Bring bread")
    assert find_text(page, "Bring bread").label.role == "item"


@pytest.mark.parametrize(
    ("words", "role"), [("01", "badge"), ("Popular", "badge"), ("Buy", "button")]
)
def test_a_step_number_and_a_tag_in_a_box_are_no_buttons(words: str, role: str):
    page = draw_line("Boats for a day").rect(100, 400, 90, 44, "#365949", radius=4.0)
    left = 145 - measure_ink_width(words, SANS, 400, False) * 16 / 2
    page.text(left, 427, words, color="#ffffff")
    boxes = [node for node in list_nodes(page) if node.surface and node.box.width == 90]
    assert [box.label.role for box in boxes] == [role]
