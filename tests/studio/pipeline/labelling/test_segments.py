"""Rows of choices: each is a button, not only the chosen one."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def list_nodes(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def find_text(page: Sketch, words: str) -> Node:
    """Return the text with these words."""
    return next(node for node in list_nodes(page) if node.flow == "text" and node.text == words)


def draw_title() -> Sketch:
    return Sketch().text(100, 80, "Rents", size=40, weight=700).paragraph(100, 130, STORY)


def list_buttons(page: Sketch) -> list[str]:
    return [
        next(inner.text for inner in node.walk() if inner.flow == "text")
        for node in list_nodes(page)
        if node.label.role == "button"
    ]


def draw_segments() -> Sketch:
    page = draw_title().rect(152, 282, 60, 32, "#ffffff", border="#cccccc", radius=6.0)
    for i, words in enumerate(("7D", "30D", "90D", "12M")):
        page.text(114 + 54 * i, 303, words, size=14)
    return page


def test_words_beside_a_painted_one_are_buttons():
    assert list_buttons(draw_segments()) == ["7D", "30D", "90D", "12M"]


def test_the_room_around_the_painted_ones_words_is_that_around_the_others():
    boxes = [node.box for node in list_nodes(draw_segments()) if node.label.role == "button"]
    assert {box.height for box in boxes} == {32}
    assert all(b.x >= a.right - 1 for a, b in zip(boxes, boxes[1:], strict=False))


def test_words_of_which_one_is_in_a_color_are_tabs():
    page = draw_title().text(100, 300, "Description", size=18, color="#0071f8")
    page.rect(230, 284, 1, 24, "#dddddd").text(260, 300, "Reviews (3)", size=18)
    page.paragraph(100, 350, STORY)
    assert list_buttons(page) == ["Description", "Reviews (3)"]


def test_two_words_without_a_line_between_are_no_tabs():
    page = draw_title().text(100, 300, "Description", size=18, color="#0071f8")
    page.text(260, 300, "Reviews", size=18).paragraph(100, 350, STORY)
    assert list_buttons(page) == []


@pytest.mark.parametrize(("color", "are_tabs"), [("#0071f8", True), ("#d92d20", False)])
def test_three_words_are_tabs_unless_the_color_is_that_of_a_state(color: str, are_tabs: bool):
    page = draw_title()
    for i, words in enumerate(("Boats", "Crews", "Late")):
        look = {"color": color} if i == 2 else {}
        page.text(100 + 110 * i, 300, words, size=18, **look)
    page.paragraph(100, 350, STORY)
    assert list_buttons(page) == (["Boats", "Crews", "Late"] if are_tabs else [])


def draw_calls(x: float, words: str, links: tuple[float, float], fill: str) -> Sketch:
    """A painted button at `x`, 100 px wide, and two links."""
    page = draw_title().rect(x, 282, 100, 36, fill, radius=6.0)
    page.text(x + 16, 305, words, color="#ffffff" if fill != "#e5e7eb" else "#222222")
    return page.text(links[0], 305, "Prices").text(links[1], 305, "Contact")


def test_links_before_a_filled_button_are_none():
    page = draw_calls(290, "Book now", (124, 204), "#2563eb")
    assert list_buttons(page) == ["Book now"]


def test_links_as_far_from_a_button_as_from_each_other_are_none():
    page = draw_calls(100, "Book now", (228, 304), "#e5e7eb")
    assert list_buttons(page) == ["Book now"]


def test_the_first_of_three_segments_may_be_the_filled_one():
    page = draw_title().rect(100, 282, 42, 36, "#2563eb", radius=6.0)
    page.text(112, 305, "All", color="#ffffff").text(156, 305, "Paid").text(214, 305, "Late")
    assert list_buttons(page) == ["All", "Paid", "Late"]


def test_words_of_one_color_are_none():
    page = draw_title().text(100, 300, "Description", size=18).text(260, 300, "Reviews", size=18)
    assert list_buttons(page.paragraph(100, 350, STORY)) == []


def test_a_term_before_a_colored_value_is_no_tab():
    page = draw_title().text(100, 300, "Genre:").text(220, 300, "Action", color="#0071f8")
    assert list_buttons(page.paragraph(100, 350, STORY)) == []


def test_words_of_which_one_is_underlined_are_tabs():
    page = draw_title()
    for i, words in enumerate(("All", "Paid", "Pending", "Cancelled")):
        page.text(160 + 240 * i, 300, words, size=14)
    page.rect(100, 312, 200, 2, "#15a362")
    assert list_buttons(page) == ["All", "Paid", "Pending", "Cancelled"]
