"""Controls that only their surroundings show."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch


def labelled(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def sign_up() -> Sketch:
    page = Sketch().rect(440, 100, 400, 460, "#ffffff", border="#dddddd")
    page.text(480, 160, "Join us", size=30, weight=700)
    for i, (name, hint) in enumerate((("Full name", "Ada"), ("E-mail", "ada@home.org"))):
        page.text(480, 200 + 90 * i, name, size=14)
        page.rect(480, 212 + 90 * i, 320, 44, "#ffffff", border="#aaaaaa")
        page.text(494, 240 + 90 * i, hint, color="#777777")
    page.picture(480, 380, 16, 16, kind="icon").text(506, 394, "I accept the terms")
    page.picture(480, 420, 16, 16, kind="icon").text(506, 434, "Monthly")
    page.picture(620, 420, 16, 16, kind="icon").text(646, 434, "Yearly")
    page.rect(480, 470, 320, 48, "#222222").text(615, 500, "Create", color="#ffffff")
    return page


def test_a_square_picture_before_words_in_a_form_is_a_choice():
    nodes = labelled(sign_up())
    marks = [n for n in nodes if n.label.tag == "input" and n.label.role == "choice"]
    assert ["number" in mark.label.flags for mark in marks] == [False, True, True]


def test_words_above_a_field_are_its_label():
    nodes = labelled(sign_up())
    assert [n.text for n in nodes if n.label.tag == "label" and n.flow == "text"] == [
        "Full name",
        "E-mail",
    ]


def test_the_same_picture_outside_a_form_stays_an_icon():
    page = Sketch().picture(100, 100, 16, 16, kind="icon").text(126, 114, "Free returns")
    assert not [n for n in labelled(page) if n.label.role == "choice"]


def test_a_field_with_an_arrow_at_its_end_is_a_select():
    page = Sketch().rect(100, 100, 320, 44, "#ffffff", border="#aaaaaa")
    page.text(114, 128, "Portugal").picture(390, 119, 12, 7, kind="icon")
    page.text(100, 300, "Where you live", size=30)
    assert [n.label.tag for n in labelled(page) if n.label.role == "field"] == ["select"]


def keypad() -> Sketch:
    page = Sketch(width=720, height=400, background="#222222")
    for i, key in enumerate("789"):
        page.rect(100 + 120 * i, 100, 100, 60, "#eae3db", radius=8.0)
        page.text(143 + 120 * i, 138, key, size=28)
    page.rect(460, 100, 100, 60, "#eae3db", radius=8.0).picture(502, 122, 16, 16, kind="icon")
    return page


def test_a_box_like_the_buttons_around_it_is_a_button_though_it_holds_only_an_icon():
    assert [n.label.role for n in labelled(keypad())].count("button") == 4


def test_keys_are_buttons_and_no_links():
    keys = [n for n in labelled(keypad()) if n.label.role == "button"]
    assert {key.label.tag for key in keys} == {"button"}


def test_a_long_sentence_in_a_box_is_no_field():
    page = Sketch().rect(100, 100, 900, 52, "#f8d7da", border="#f5c2c7")
    page.text(
        116, 131, "Your card was declined; please enter another one or pay by bank transfer now."
    )
    page.text(100, 300, "Payment", size=30)
    assert not [n for n in labelled(page) if n.label.role == "field"]


def test_grey_boxes_below_words_are_fields():
    page = Sketch()
    for i, word in enumerate(("Title :", "Description :")):
        page.text(100, 120 + 120 * i, word)
        page.rect(100, 132 + 120 * i, 400, 40 + 40 * i, "#b8b8b8", border="#a0a0a0")
    nodes = list(label_tree(build_tree(page.hints())).walk())
    assert [n.label.tag for n in nodes if n.label.role == "field"] == ["input", "textarea"]


def subscribe(words: str, weight: int = 400) -> Sketch:
    page = Sketch(background="#1d293f").text(100, 100, "News", size=30, color="#ffffff")
    page.rect(100, 160, 260, 48, "#ffffff").text(116, 190, words, color="#777777", weight=weight)
    page.rect(376, 160, 120, 48, "#2091f9").text(408, 190, "Sign up", color="#ffffff")
    return page


def test_a_box_without_border_right_before_a_button_is_a_field():
    nodes = labelled(subscribe("Your e-mail"))
    assert [n.label.tag for n in nodes if n.label.role == "field"] == ["input"]
    assert sum(n.label.tag == "form" for n in nodes) == 1


def test_a_bold_word_in_such_a_box_is_what_it_says():
    assert not [n for n in labelled(subscribe("Now", 700)) if n.label.role == "field"]


@pytest.mark.parametrize("size", [14, 20])
def test_a_title_and_texts_above_the_first_label_are_no_part_of_the_form(size: float):
    page = Sketch(height=900).text(100, 100, "Write to us", size=36, weight=700)
    page.text(100, 160, "We read all letters and answer most of them within a day or two.")
    for i, name in enumerate(("Name", "E-mail")):
        page.text(100, 220 + 90 * i, name, size=size)
        page.rect(100, 232 + 90 * i, 320, 44, "#ffffff", border="#aaaaaa")
    page.rect(100, 420, 160, 48, "#222222").text(161, 450, "Send", color="#ffffff")
    [form] = [n for n in labelled(page) if n.label.tag == "form"]
    assert [n.text for n in form.walk() if n.flow == "text"] == ["Name", "E-mail", "Send"]
