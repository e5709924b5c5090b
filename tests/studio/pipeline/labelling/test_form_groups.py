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


def test_a_tall_form_of_many_fields_with_one_button_is_a_form():
    fields = [make_field(100 * i) for i in range(18)]
    [form] = find_forms(make_group("column", *fields, make_button(1800)))
    assert len(form.children) == 19


def test_a_tall_group_with_two_buttons_is_no_form():
    fields = [make_field(100 * i) for i in range(18)]
    assert find_forms(make_group("column", *fields, make_button(1800), make_button(1900))) == []


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


def count_fields(*parts: Node) -> int:
    return list_roles(label_boxes_below_labels(make_group("column", *parts))).count("field")


def write_two(
    label: str = "Name", x: float = 0, width: float = 320, height: float = 44
) -> list[Node]:
    """Two labels, each with an empty outlined box of this size below it, `x` px beside its left."""
    parts = []
    for i in range(2):
        y = 500.0 * i
        box = make_box(x, y + 24, width, height, fill="#334455", border="#556677")
        parts += [make_line(label, y), set_label(box, "div", "shape")]
    return parts


def test_boxes_nearly_flush_with_their_labels_are_fields() -> None:
    assert count_fields(*write_two(x=6)) == 2


def test_boxes_of_other_sizes_and_places_are_no_fields() -> None:
    assert count_fields(*write_two(x=40)) == 0
    assert count_fields(*write_two(width=40)) == 0
    assert count_fields(*write_two(height=10)) == 0
    assert count_fields(*write_two(height=400)) == 0


def test_boxes_below_sentences_are_no_fields() -> None:
    assert count_fields(*write_two("What you should know before you come aboard of any boat")) == 0


def make_beside(width: float = 300, height: float = 44, gap: float = 8) -> str:
    """Return the role of a painted box of this size `gap` px before a button 44 px high."""
    box = set_label(make_box(0, 0, width, height, make_text("Mail", 8, 8)), "div", "panel")
    row = label_fields_beside_buttons(make_group("row", box, make_button(0, width + gap)))
    return row.children[0].label.role


def test_a_box_nearly_as_high_as_the_button_beside_it_is_a_field() -> None:
    assert make_beside(height=48) == "field"


def test_a_short_a_higher_and_a_farther_box_beside_a_button_are_none() -> None:
    assert make_beside(width=60) == "panel"
    assert make_beside(height=70) == "panel"
    assert make_beside(gap=60) == "panel"


def test_a_form_may_have_several_texts_beside_its_field() -> None:
    texts = [make_line(f"Line {i}", 100 + 30 * i) for i in range(7)]
    column = make_group("column", make_field(0), *texts, make_button(400))
    assert len(find_forms(column)) == 1


def test_a_field_and_a_button_far_apart_among_many_texts_are_no_form() -> None:
    texts = [make_line(f"Line {i}", 100 + 30 * i) for i in range(20)]
    assert find_forms(make_group("column", make_field(0), *texts, make_button(900))) == []


def test_a_single_title_above_the_first_field_is_part_of_the_form() -> None:
    title = set_label(make_text("Write to us", 0, 0, size=30), "h2", "heading")
    [form] = find_forms(make_group("column", title, make_field(100), make_button(160)))
    assert list_texts(form) == ["Write to us", "Send"]


def label_above(words: str = "Your name", x: float = 0) -> str:
    """Return the tag of words above the field of a form, `x` px beside its left."""
    form = label_as_form(
        make_group("column", make_line(words, 0, x), make_field(24), make_button(80))
    )
    return form.children[0].label.tag


def test_words_nearly_flush_with_a_field_are_its_label() -> None:
    assert label_above(x=6) == "label"


def test_sentences_and_words_beside_a_fields_edge_are_no_labels() -> None:
    assert label_above(x=40) == "p"
    assert label_above("What you should know before you come aboard of any boat") == "p"


def test_a_picture_twice_as_high_as_wide_is_no_check_box() -> None:
    flag = set_label(make_picture(0, 0, 12, 24), "img", "icon")
    row = label_form_choices(make_group("row", flag, make_line("I accept", 0, 30)))
    assert row.children[0].label.role == "icon"


def count_buttons(width: float) -> int:
    """Return how many buttons there are with a box of this width around an icon."""
    icon = set_label(make_picture(212, 12, 20, 20), "img", "icon")
    box = set_label(make_box(200, 0, width, 44, icon, fill="#2563eb"), "div", "panel")
    page = label_like_buttons(make_page(make_group("row", make_button(0), box)))
    return list_roles(page).count("button")


def test_a_box_nearly_as_wide_as_a_button_is_one_like_it_and_a_wider_one_is_not() -> None:
    assert count_buttons(123) == 2
    assert count_buttons(136) == 1


def test_two_buttons_of_one_sign_and_a_few_among_other_signs_are_no_pad() -> None:
    two = [make_button(0, 130 * i, words=sign) for i, sign in enumerate(("+", "−"))]
    signs = [make_line(sign, 0, 400 + 60 * i) for i, sign in enumerate(("a", "b", "c"))]
    for children in (two, [*two, *signs]):
        [row] = label_like_buttons(make_page(make_group("row", *children))).children
        assert "repeat" not in row.label.flags
