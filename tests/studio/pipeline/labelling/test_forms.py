"""Controls that only their surroundings show."""

from __future__ import annotations

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
