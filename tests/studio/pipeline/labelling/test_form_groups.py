"""A form is the smallest group that holds fields and the button that sends them."""

from __future__ import annotations

from studio.pipeline.labelling.rules.form_groups import (
    label_as_form,
    label_boxes_below_labels,
    label_fields_beside_buttons,
    label_forms,
)
from studio.pipeline.labelling.rules.forms import label_form_choices, label_like_buttons
from studio.pipeline.layout.nodes import Label, Node
from tests.studio.pipeline.hand_made import (
    list_texts,
    make_box,
    make_group,
    make_page,
    make_picture,
    make_text,
    set_label,
)


def make_field(y: float, x: float = 0) -> Node:
    return set_label(make_box(x, y, 320, 44, border="#aaaaaa"), "input", "field")


def make_button(y: float, x: float = 0, words: str = "Send") -> Node:
    box = make_box(x, y, 120, 44, make_text(words, x + 40, y + 12), fill="#2563eb")
    return set_label(box, "a", "button")


def make_line(words: str, y: float, x: float = 0) -> Node:
    return set_label(make_text(words, x, y), "p", "text")


def find_forms(node: Node) -> list[Node]:
    return [inner for inner in label_forms(node).walk() if inner.label.tag == "form"]


def list_roles(node: Node) -> list[str]:
    return [inner.label.role for inner in node.walk()]


def test_fields_and_their_button_in_a_column_are_a_form():
    [form] = find_forms(make_group("column", make_field(0), make_field(60), make_button(120)))
    assert len(form.children) == 3


def test_fields_without_a_button_are_no_form():
    assert find_forms(make_group("column", make_field(0), make_field(60))) == []


def test_two_forms_beside_each_other_are_two():
    forms = [
        make_group("column", make_field(0, 400 * i), make_button(60, 400 * i)) for i in range(2)
    ]
    assert len(find_forms(make_group("row", *forms))) == 2


def test_the_texts_above_a_form_are_no_part_of_it():
    column = make_group(
        "column",
        make_line("Write to us", 0),
        make_line("We answer on the same day", 60),
        make_line("and read every word", 100),
        make_field(160),
        make_button(220),
    )
    [form] = find_forms(column)
    assert list_texts(form) == ["Send"]


def test_the_label_right_above_the_first_field_is_part_of_the_form():
    column = make_group(
        "column",
        make_line("Write to us", 0),
        make_line("We answer on the same day", 60),
        make_line("Your name", 140),
        make_field(164),
        make_button(220),
    )
    [form] = find_forms(column)
    assert list_texts(form) == ["Your name", "Send"]


def test_a_search_in_a_bar_of_links_is_a_form_of_its_own():
    links = make_group("row", make_line("Boats", 10), make_line("Prices", 10, 100))
    bar = make_group("row", links, make_field(0, 400), make_button(0, 740))
    [form] = find_forms(bar)
    assert list_texts(form) == ["Send"]


def test_a_page_full_of_texts_is_no_form_because_of_its_search():
    texts = [make_line(f"Line {i}", 100 + 30 * i) for i in range(30)]
    search = make_group("row", make_field(0), make_button(0, 340))
    [form] = find_forms(make_group("column", search, *texts))
    assert list_texts(form) == ["Send"]


def test_the_button_of_a_form_submits():
    form = label_as_form(make_group("column", make_field(0), make_button(60)))
    assert form.children[1].label == Label("button", "button", frozenset({"primary"}))


def test_words_above_a_field_of_a_form_are_its_label():
    form = label_as_form(
        make_group("column", make_line("Your name", 0), make_field(24), make_button(80))
    )
    assert form.children[0].label == Label("label", "text")


def test_a_card_that_is_a_form_stays_a_card():
    card = set_label(make_box(0, 0, 400, 200, make_field(20), make_button(80)), "article", "card")
    assert label_as_form(card).label == Label("form", "card")


def make_outline(y: float, width: float = 320) -> Node:
    return set_label(make_box(0, y, width, 44, fill="#334455", border="#556677"), "div", "shape")


def test_two_empty_boxes_below_words_are_fields_whatever_their_color():
    column = make_group(
        "column", make_line("Name", 0), make_outline(24), make_line("Mail", 90), make_outline(114)
    )
    assert list_roles(label_boxes_below_labels(column)).count("field") == 2


def test_a_single_empty_box_below_words_may_be_anything():
    column = make_group("column", make_line("Name", 0), make_outline(24))
    assert "field" not in list_roles(label_boxes_below_labels(column))


def test_a_painted_box_right_before_a_button_of_its_height_is_a_field():
    box = set_label(make_box(0, 0, 300, 44, make_text("Your mail", 12, 12)), "div", "panel")
    row = label_fields_beside_buttons(make_group("row", box, make_button(0, 308)))
    assert [child.label.role for child in row.children] == ["field", "button"]


def test_a_painted_box_of_another_height_is_no_field():
    box = set_label(make_box(0, 0, 300, 90, make_text("Your mail", 12, 12)), "div", "panel")
    row = label_fields_beside_buttons(make_group("row", box, make_button(0, 308)))
    assert row.children[0].label.role == "panel"


def make_mark(words: str, x: float = 0) -> tuple[Node, Node]:
    icon = set_label(make_picture(x, 0, 16, 16), "img", "icon")
    return icon, make_line(words, 0, x + 24)


def test_a_square_picture_before_words_is_a_check_box():
    row = label_form_choices(make_group("row", *make_mark("I accept")))
    assert row.label == Label("label", "choice")
    assert row.children[0].label == Label("input", "choice", frozenset({"bullet"}))


def test_several_side_by_side_are_radio_buttons():
    row = label_form_choices(make_group("row", *make_mark("Monthly"), *make_mark("Yearly", 200)))
    assert [child.label.role for child in row.children] == ["choice", "choice"]
    assert [child.children[0].label.flags for child in row.children] == [frozenset({"number"})] * 2


def test_a_picture_far_from_its_words_is_an_icon():
    icon, _ = make_mark("I accept")
    row = label_form_choices(make_group("row", icon, make_line("I accept", 0, 100)))
    assert row.children[0].label.role == "icon"


def test_an_icon_in_a_box_like_a_button_is_a_button_too():
    icon = set_label(make_picture(252, 12, 20, 20), "img", "icon")
    box = set_label(make_box(200, 0, 120, 44, icon, fill="#2563eb"), "div", "panel")
    other = set_label(make_box(400, 0, 60, 60, icon, fill="#2563eb"), "div", "panel")
    page = label_like_buttons(make_page(make_group("row", make_button(0), box, other)))
    assert [child.label.role for child in page.children[0].children] == [
        "button",
        "button",
        "panel",
    ]


def test_buttons_of_one_sign_side_by_side_are_the_keys_of_a_pad():
    keys = [make_button(0, 130 * i, words=sign) for i, sign in enumerate(("7", "8", "9", "÷"))]
    [row] = label_like_buttons(make_page(make_group("row", *keys))).children
    assert row.label.flags == frozenset({"repeat"})
    assert {key.label.tag for key in row.children} == {"button"}


def test_buttons_with_words_side_by_side_are_no_pad():
    buttons = [make_button(0, 130 * i, words=word) for i, word in enumerate(("Book", "Ask", "Go"))]
    [row] = label_like_buttons(make_page(make_group("row", *buttons))).children
    assert {button.label.tag for button in row.children} == {"a"}
