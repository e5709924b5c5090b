"""Groups are labelled by what they hold and how that repeats."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.pipeline.labelling.rules.groups import (
    label_as_cards,
    label_as_link,
    label_as_list,
    label_as_nav,
    label_group,
)
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.nodes import Label, Node
from tests.studio.pipeline.hand_made import (
    make_box,
    make_group,
    make_picture,
    make_rule,
    make_text,
    set_label,
)

FACTS = PageFacts(1280, 2000, 16.0, "#222222", {})
STORY = "A boat for a quiet day on the water, and for the night after it"


def make_link(words: str, x: float = 0, y: float = 0) -> Node:
    return set_label(make_text(words, x, y), "a", "link")


def make_line(words: str, x: float = 0, y: float = 0, **look: object) -> Node:
    return set_label(make_text(words, x, y, **look), "p", "text")


def label(node: Node) -> Label:
    return label_group(node, FACTS).label


def test_a_row_of_words_at_the_pages_top_is_a_nav_of_links():
    words = [make_line(word, 100 * i, 20) for i, word in enumerate(("Boats", "Prices", "Press"))]
    nav = label_group(make_group("row", *words), FACTS)
    assert nav.label == Label("nav", "nav")
    assert {child.label.tag for child in nav.children} == {"a"}


def test_a_row_of_words_in_the_middle_of_a_page_is_a_row():
    words = [make_line(word, 100 * i, 900) for i, word in enumerate(("Boats", "Prices", "Press"))]
    assert label(make_group("row", *words)) == Label("div", "row")


def test_a_row_of_links_at_the_pages_end_is_a_nav():
    words = [make_link(word, 100 * i, 1950) for i, word in enumerate(("Imprint", "Privacy"))]
    assert label(make_group("row", *words)) == Label("nav", "nav")


def test_prices_at_the_pages_top_are_no_nav():
    words = [make_line(word, 100 * i, 20) for i, word in enumerate(("$9", "$19", "$29"))]
    assert label(make_group("row", *words)).tag == "div"


def test_a_narrow_column_of_words_at_the_pages_edge_is_a_nav():
    words = ("Boats", "Prices", "Contact", "Press")
    column = make_group("column", *(make_line(word, 20, 40 * i) for i, word in enumerate(words)))
    assert label(column) == Label("nav", "nav")


def test_an_entry_in_its_own_color_beside_a_nav_is_one_of_its_entries():
    entries = [make_link(word, 20, 60 + 40 * i) for i, word in enumerate(("Prices", "Press"))]
    nav = set_label(make_group("column", *entries), "nav", "nav")
    active = make_box(10, 10, 200, 40, make_line("Boats", 20, 20), fill="#2563eb")
    [joined] = label_group(make_box(0, 0, 240, 600, active, nav), FACTS).children
    assert joined.label.role == "nav"
    assert [child.label.role for child in joined.children] == ["link"] * 3
    assert joined.box.y == 10


def test_an_empty_square_before_words_is_a_choice():
    square = make_box(0, 2, 16, 16, fill="#ffffff", border="#888888")
    choice = label_group(make_group("row", square, make_line("I accept", 26)), FACTS)
    assert choice.label == Label("label", "choice")
    assert choice.children[0].label == Label("input", "choice")


@pytest.mark.parametrize(
    "words",
    [make_line("I accept", 90), make_line("240", 26), make_line("I accept\nall terms", 26)],
    ids=["far off", "a number", "two lines"],
)
def test_a_square_before_other_things_is_no_choice(words: Node):
    square = make_box(0, 2, 16, 16, fill="#ffffff", border="#888888")
    assert label(make_group("row", square, words)).role != "choice"


def test_a_long_text_beside_a_bar_of_its_height_is_a_quote():
    text = make_line(STORY, 20)
    bar = make_box(0, 0, 4, text.box.height, fill="#2563eb")
    assert label(make_group("row", bar, text)) == Label("blockquote", "quote")


def test_a_word_beside_a_bar_is_no_quote():
    bar = make_box(0, 0, 4, 20, fill="#2563eb")
    assert label(make_group("row", bar, make_line("Boats", 20))).tag == "div"


def test_marked_lines_are_a_list_numbered_ones_an_ordered_one():
    for marker, tag in (("•", "ul"), ("1.", "ol")):
        items = [make_text(f"A boat {i}", 400, 60 * i, marker=marker) for i in range(2)]
        items = [set_label(item, "li", "item") for item in items]
        assert label(make_group("column", *items)) == Label(tag, "list")


def test_links_below_each_other_are_a_list():
    links = [make_link(f"Link {i}", 400, 24 * i) for i in range(3)]
    assert label(make_group("column", *links)) == Label("ul", "list")


def test_lines_as_close_as_those_of_an_address_are_no_list():
    lines = [make_line(f"Line {i}", 400, 22 * i) for i in range(3)]
    assert label(make_group("column", *lines)).role == "column"


def test_boxes_of_one_width_are_cards_that_repeat():
    boxes = [make_box(300 * i, 600, 280, 200, make_line(STORY, 300 * i)) for i in range(3)]
    cards = label_group(make_group("row", *boxes), FACTS)
    assert cards.label == Label("div", "cards")
    assert {card.label for card in cards.children} == {
        Label("article", "card", frozenset({"repeat"}))
    }


def test_boxes_of_several_widths_are_no_cards():
    boxes = [make_box(400 * i, 600, 280 + 60 * i, 200, make_line(STORY)) for i in range(3)]
    assert label(make_group("row", *boxes)).role == "columns"


def test_columns_of_one_build_are_cards_without_boxes():
    columns = [
        make_group(
            "column",
            make_picture(300 * i, 600, 40, 40),
            make_line("Boats", 300 * i, 660, size=22),
            make_line(STORY, 300 * i, 700),
        )
        for i in range(3)
    ]
    assert label(make_group("row", *columns)) == Label("div", "cards")


def test_a_painted_group_is_a_panel_and_another_a_column():
    parts = make_line(STORY, 400, 600), make_picture(400, 640, 300, 200)
    assert label(make_box(380, 580, 600, 300, *parts)) == Label("div", "panel")
    assert label(make_group("column", *parts)) == Label("div", "column")


def test_a_stack_is_a_stack():
    assert label(make_group("stack", make_box(0, 0, 90, 90), make_line("New"))).role == "stack"


def test_words_right_above_a_field_are_its_label():
    text = make_line("Your name", 400, 600)
    field = set_label(make_box(400, 630, 320, 44), "input", "field")
    first, _ = label_group(make_group("column", text, field), FACTS).children
    assert first.label == Label("label", "text")


def test_words_far_above_a_field_are_a_text():
    text = make_line("Your name", 400, 600)
    field = set_label(make_box(400, 700, 320, 44), "input", "field")
    first, _ = label_group(make_group("column", text, field), FACTS).children
    assert first.label == Label("p", "text")


def make_table(*rows: tuple[Node, ...]) -> Node:
    made = [make_group("row", *cells) for cells in rows]
    return replace(make_group("table", *made), columns=len(rows[0]))


def list_cell_tags(table: Node) -> list[list[str]]:
    return [[cell.label.tag for cell in row.children] for row in table.children]


def test_a_bold_first_row_is_the_head_of_its_table():
    head = (make_line("Boat", weight=700), make_line("Price", 300, weight=700))
    table = label_group(make_table(head, (make_line("Anna"), make_line("$40", 300))), FACTS)
    assert table.label == Label("table", "table")
    assert list_cell_tags(table) == [["th", "th"], ["td", "td"]]


def test_a_table_of_equal_rows_has_no_head():
    rows = [(make_line(name), make_line("$40", 300)) for name in ("Anna", "Bea", "Cleo")]
    assert list_cell_tags(label_group(make_table(*rows), FACTS)) == [["td", "td"]] * 3


def test_a_link_and_a_badge_in_cells_stay_what_they_are():
    badge = set_label(make_box(300, 0, 60, 24, make_text("Paid", 310)), "a", "badge")
    [link, cell] = label_group(make_table((make_link("Anna"), badge)), FACTS).children[0].children
    assert link.label == Label("td", "text", frozenset({"clickable"}))
    assert cell.label == badge.label


def test_rules_in_a_table_are_no_rows():
    rows = [make_group("row", make_line(name), make_line("$40", 300)) for name in ("Anna", "Bea")]
    table = replace(make_group("table", rows[0], make_rule(0, 30, 400), rows[1]), columns=2)
    tags = [child.label.tag for child in label_group(table, FACTS).children if child.flow == "row"]
    assert tags == ["tr", "tr"]


def test_a_link_holds_no_links_and_no_titles():
    row = make_group("row", make_link("Boats"), set_label(make_text("New"), "h3", "heading"))
    link = label_as_link(row)
    assert link.label == Label("a", "link")
    assert {child.label for child in link.children} == {Label("p", "text")}


def test_a_button_in_a_nav_stays_a_button():
    button = set_label(make_box(300, 0, 120, 40, make_text("Sign in", 320)), "a", "button")
    nav = label_as_nav(make_group("row", make_line("Boats"), button))
    assert [child.label.role for child in nav.children] == ["link", "button"]


def test_fields_and_buttons_beside_each_other_become_no_cards():
    field = set_label(make_box(0, 0, 200, 44), "input", "field")
    card = make_box(220, 0, 200, 44, make_line("Boats"))
    cards = label_as_cards(make_group("row", field, card))
    assert [child.label.role for child in cards.children] == ["field", "card"]


def test_items_of_a_list_keep_their_tag_and_are_items():
    made = label_as_list(make_group("column", make_link("Boats"), make_link("Press", 0, 30)))
    assert {(child.label.tag, child.label.role) for child in made.children} == {("a", "item")}


def test_a_bold_row_is_a_head_though_the_rows_below_begin_with_bold_words():
    rows = [
        (make_line(name, weight=700), make_line(price, 300, weight=weight))
        for name, price, weight in (
            ("Boat", "Price", 700),
            ("Anna", "$40", 400),
            ("Bea", "$9", 400),
        )
    ]
    assert list_cell_tags(label_group(make_table(*rows), FACTS))[:2] == [["th", "th"], ["td", "td"]]


def test_a_row_of_words_below_a_header_is_a_nav_too():
    words = [make_line(word, 100 * i, 150) for i, word in enumerate(("Boats", "Prices", "Press"))]
    assert label(make_group("row", *words)).tag == "nav"


def write_column(words: str) -> Node:
    return make_group("column", *(make_line(f"{words}{i}", 20, 40 * i) for i in range(4)))


def test_a_column_at_the_edge_is_a_nav_only_where_it_is_narrow():
    assert label(write_column("About the old harbour")).tag == "nav"
    assert label(write_column("Donaudampfschifffahrtsgesellschaftskapitänsmützen")).tag != "nav"


def test_a_high_box_beside_a_nav_is_no_entry_of_it():
    entries = [make_link(word, 20, 160 + 40 * i) for i, word in enumerate(("Prices", "Press"))]
    nav = set_label(make_group("column", *entries), "nav", "nav")
    card = make_box(10, 10, 200, 140, make_line("Boats", 20, 20), fill="#2563eb")
    assert len(label_group(make_box(0, 0, 240, 600, card, nav), FACTS).children) == 2


def test_plain_lines_far_enough_apart_are_a_list():
    lines = [make_line(f"Line {i}", 400, 40 * i) for i in range(3)]
    assert label(make_group("column", *lines)) == Label("ul", "list")


def test_a_short_text_beside_a_bar_is_no_quote():
    text = make_line("A quiet day on board", 20)
    bar = make_box(0, 0, 4, text.box.height, fill="#2563eb")
    assert label(make_group("row", bar, text)).tag == "div"


def make_band(y: float, width: float = 400, height: float = 60, words: str = "Basic") -> Node:
    text = make_line(words, 180, y + height / 2 - 10)
    return set_label(make_box(0, y, width, height, text, fill="#2563eb"), "a", "button")


def list_band_roles(*parts: Node) -> list[str]:
    card = label_group(make_box(0, 0, 400, 800, *parts), FACTS)
    return [child.label.role for child in card.children]


def test_bands_that_begin_a_card_are_titles():
    rest = make_line(STORY, 20, 300), make_line("and so on", 20, 500)
    assert list_band_roles(make_band(0), make_band(60), *rest)[:2] == ["panel", "panel"]


def test_the_words_of_a_band_are_a_heading_and_its_amount_a_text():
    rest = make_line(STORY, 20, 300), make_line("and so on", 20, 500)
    title, price, *_ = label_group(
        make_box(0, 0, 400, 800, make_band(0), make_band(60, words="$12"), *rest), FACTS
    ).children
    assert [band.children[0].label.role for band in (title, price)] == ["heading", "text"]


def test_a_narrower_one_a_low_one_and_one_of_two_parts_stay_buttons():
    rest = make_line(STORY, 20, 500), make_line("and so on", 20, 600)
    assert list_band_roles(make_band(0, width=300), *rest)[0] == "button"
    assert list_band_roles(make_band(0, height=250), make_band(250), *rest)[1] == "button"
    assert list_band_roles(make_band(0), rest[0])[0] == "button"
