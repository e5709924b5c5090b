from __future__ import annotations

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.tree import Node, build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch, article, bill, cards, login


def labelled(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def tag_of(nodes: list[Node], words: str) -> str:
    return next(n.label.tag for n in nodes if n.flow == "text" and n.text == words)


def roles(nodes: list[Node]) -> list[str]:
    return [n.label.role for n in nodes]


def test_larger_text_is_a_heading_and_body_text_a_paragraph():
    nodes = labelled(article())
    assert tag_of(nodes, "A quiet revolution") == "h1"
    assert tag_of(nodes, " ".join(STORY)) == "p"


def test_heading_levels_follow_size_and_the_page_has_one_h1():
    page = (
        Sketch().text(100, 80, "Title of all", size=40).text(100, 700, "Another as large", size=40)
    )
    page.text(100, 140, "A chapter", size=28).paragraph(100, 190, STORY).text(
        100, 320, "A part", size=22
    )
    page.paragraph(100, 360, STORY)
    nodes = labelled(page)
    assert [
        tag_of(nodes, w) for w in ("Title of all", "A chapter", "A part", "Another as large")
    ] == [
        "h1",
        "h2",
        "h3",
        "h2",
    ]


def test_a_filled_box_with_a_word_in_its_middle_is_a_button():
    buttons = [n for n in labelled(cards()) if n.label.role == "button"]
    assert [b.children[0].text for b in buttons] == ["Choose"] * 3


def test_bordered_boxes_with_muted_words_at_the_left_are_fields_of_a_form():
    nodes = labelled(login())
    assert [n.children[0].text for n in nodes if n.label.tag == "input"] == [
        "Email address",
        "Password",
    ]
    assert sum(n.label.tag == "form" for n in nodes) == 1
    assert [n.children[0].text for n in nodes if n.label.tag == "button"] == ["Log in"]


def test_a_top_row_of_words_is_a_nav():
    page = Sketch().text(40, 40, "Harbour", size=22, weight=700)
    for i, words in enumerate(("Boats", "Prices", "Contact")):
        page.text(900 + 100 * i, 40, words)
    page.text(100, 200, "Boats for a quiet day", size=40).paragraph(100, 260, STORY)
    nodes = labelled(page)
    [bar] = [n for n in nodes if "bar" in n.label.flags]
    [links] = [n for n in bar.walk() if n.label.role == "list"]
    assert [child.text for child in links.children] == ["Boats", "Prices", "Contact"]
    assert bar.label.tag == "header"


def test_boxes_of_one_width_are_cards():
    assert roles(labelled(cards())).count("card") == 3


def test_the_first_bold_row_of_a_table_is_its_head():
    nodes = labelled(bill())
    assert [n.text for n in nodes if n.label.tag == "th"] == ["Item", "Price"]
    assert [n.text for n in nodes if n.label.tag == "td"] == [
        "Website design",
        "$300.00",
        "Hosting",
        "$75.00",
    ]


def test_marked_lines_are_a_list():
    page = Sketch().text(100, 80, "Things to know")
    for i, words in enumerate(("• First of all", "• Then the rest")):
        page.text(100, 120 + 26 * i, words)
    assert [n.label.tag for n in labelled(page) if n.label.role in ("list", "item")] == [
        "ul",
        "li",
        "li",
    ]


def test_a_small_box_beside_a_word_is_a_choice():
    page = (
        Sketch().rect(100, 100, 16, 16, "#ffffff", border="#777777").text(126, 113, "Remember me")
    )
    page.paragraph(100, 200, STORY)
    assert [n.label.tag for n in labelled(page) if n.label.role == "choice"] == ["label", "input"]


def test_small_text_at_the_bottom_is_the_footer():
    page = (
        article()
        .rect(0, 720, 1280, 80, "#222222")
        .text(560, 766, "Copyright 2024", size=14, color="#ffffff")
    )
    assert [n.label.tag for n in labelled(page) if n.label.role == "footer"] == ["footer"]


def test_every_node_of_a_page_has_a_label_that_is_plain_data():
    for node in labelled(cards()):
        assert isinstance(node.label.tag, str)
        assert isinstance(node.label.role, str)
