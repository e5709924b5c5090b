"""Boxes that open: questions, or lines with a plus or a chevron at their end."""

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


QUESTIONS = ("How do I choose a boat?", "Who steers it?", "May I bring my dog?")
LINES = ("Choosing a boat", "Steering the boat", "Dogs on board")


def draw_boxes(lines: tuple[str, ...], sign: tuple[float, float] | None = None) -> Sketch:
    page = Sketch().text(100, 80, "Questions", size=40, weight=700).paragraph(100, 130, STORY)
    for i, line in enumerate(lines):
        y = 260 + 80 * i
        page.rect(100, y, 480, 56, "#f3f4fe", radius=6.0).text(124, y + 34, line)
        if sign is not None:
            page.picture(540, y + 24, *sign, kind="icon")
    return page


def find_disclosures(page: Sketch) -> list[str]:
    return [
        next(inner.text for inner in node.walk() if inner.flow == "text")
        for node in list_nodes(page)
        if "discloses" in node.label.flags
    ]


def test_boxes_that_ask_open():
    assert find_disclosures(draw_boxes(QUESTIONS)) == list(QUESTIONS)


def test_boxes_with_a_chevron_or_a_plus_at_their_end_open():
    assert find_disclosures(draw_boxes(LINES, (14, 8))) == list(LINES)
    assert find_disclosures(draw_boxes(LINES, (14, 14))) == list(LINES)


def test_boxes_with_an_arrow_to_the_right_or_with_nothing_do_not():
    assert find_disclosures(draw_boxes(LINES, (8, 14))) == []
    assert find_disclosures(draw_boxes(LINES)) == []


def test_two_boxes_are_too_few():
    assert find_disclosures(draw_boxes(QUESTIONS[:2])) == []


def test_they_are_details_whose_summary_holds_the_question_as_a_title():
    html = make_draft(draw_boxes(QUESTIONS).hints(), {}).bundle.files["index.html"]
    found = BeautifulSoup(html, "html.parser").select("details > summary > h2")
    assert [title.get_text() for title in found] == list(QUESTIONS)


FORM_QUESTIONS = ("What is your name?", "Where do you live?", "Which boat do you want?")


def draw_outlined(lines: tuple[str, ...], color: str) -> Sketch:
    page = Sketch().text(100, 80, "Questions", size=40, weight=700).paragraph(100, 130, STORY)
    for i, line in enumerate(lines):
        y = 260 + 80 * i
        page.rect(100, y, 480, 56, "#ffffff", border="#bbbbbb").text(116, y + 34, line, color=color)
    return page


def test_outlined_boxes_that_ask_in_dark_words_open():
    assert find_disclosures(draw_outlined(QUESTIONS, "#222222")) == list(QUESTIONS)


def test_fields_whose_placeholders_ask_do_not():
    assert find_disclosures(draw_outlined(FORM_QUESTIONS, "#777777")) == []


def test_the_questions_of_a_form_with_other_fields_do_not():
    page = draw_outlined((*FORM_QUESTIONS, "Email"), "#222222")
    page.rect(100, 580, 160, 48, "#2563eb").text(155, 610, "Send", color="#ffffff")
    assert find_disclosures(page) == []


def test_buttons_that_ask_do_not():
    page = Sketch().text(100, 80, "Questions", size=40, weight=700).paragraph(100, 130, STORY)
    for i, line in enumerate(("Lost your key?", "Need a boat?", "Sail with us?")):
        y = 260 + 80 * i
        page.rect(100, y, 300, 56, "#2563eb", radius=6.0)
        page.text(200, y + 34, line, color="#ffffff")
    assert find_disclosures(page) == []
