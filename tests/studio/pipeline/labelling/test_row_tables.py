"""Rows in common columns are a table, whatever stands in their cells."""

from __future__ import annotations

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.row_tables import gather_row_tables
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch
from tests.studio.pipeline.hand_made import (
    make_box,
    make_group,
    make_picture,
    make_rule,
    make_text,
    set_label,
)

ROWS = (
    ("#4120", "Ada Brown", "Paid", "$240.00"),
    ("#4121", "Jonas Weber", "Open", "$89.50"),
    ("#4122", "Mina Park", "Paid", "$120.00"),
    ("#4123", "Luis Ortega", "Open", "$35.20"),
)


def orders(rows: int = 4) -> Sketch:
    """A table with a muted head, rules between rows and a badge in every row."""
    page = Sketch(height=900).text(200, 80, "Latest orders", size=30, weight=700)
    for x, word in zip((200, 420, 640, 960), ("Order", "Customer", "Status", "Total"), strict=True):
        page.text(x, 140, word, size=14, color="#888888")
    page.rect(200, 158, 880, 1, "#dddddd")
    for i, (number, name, state, total) in enumerate(ROWS[:rows]):
        y = 190 + 48 * i
        page.text(200, y, number).text(420, y, name).text(960, y, total)
        page.rect(640, y - 17, 60, 24, "#dcf5e6", radius=12.0)
        page.text(654, y, state, size=12, color="#0b7a43")
        page.rect(200, y + 22, 880, 1, "#dddddd")
    return page


def labelled(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def test_rows_with_badges_are_a_table():
    [table] = [node for node in labelled(orders()) if node.flow == "table"]
    assert table.columns == 4
    assert sum(node.label.tag == "tr" for node in table.children) == 5


def test_a_head_of_another_color_is_a_head():
    nodes = labelled(orders())
    assert [n.text for n in nodes if n.label.tag == "th"] == [
        "Order",
        "Customer",
        "Status",
        "Total",
    ]


def test_badges_stay_badges_in_their_cells():
    [table] = [node for node in labelled(orders()) if node.flow == "table"]
    assert sum(node.label.role == "badge" for node in table.walk()) == 4


def test_two_rows_are_no_table():
    page = Sketch().text(100, 100, "Name").text(400, 100, "Anna Berg").text(800, 100, "Edit")
    page.text(100, 160, "Language").text(400, 160, "English").text(800, 160, "Edit")
    page.text(100, 300, "Settings of the account", size=30)
    assert not [n for n in labelled(page) if n.flow == "table" and n.id < 0]


def test_a_title_above_the_head_is_no_row():
    page = Sketch().text(200, 80, "Customers", size=18, weight=700)
    page.text(860, 80, "$120,500", size=24, weight=700).text(990, 80, "+3.2%", color="#cc3300")
    page.rect(190, 110, 860, 32, "#eeeeee")
    for x, word in zip((200, 480, 760), ("Name", "Company", "Country"), strict=True):
        page.text(x, 130, word, size=13, weight=700)
    people = (("Ada Brown", "Curly"), ("Luis Ortega", "Taco House"), ("Mina Park", "Gecko"))
    for i, (name, company) in enumerate(people):
        y = 180 + 56 * i
        page.text(200, y, name, size=12).text(480, y, company, size=12)
        page.rect(760, y - 20, 90, 30, "#dd4400", radius=6.0)
        page.text(780, y, "Waiting", size=12, color="#ffffff")
    [table] = [node for node in labelled(page) if node.flow == "table"]
    assert [len(row.children) for row in table.children] == [3, 3, 3, 3]


def files() -> Sketch:
    """Rows in two colors: a tick box, an icon and a name, a date, a size, and two lines."""
    page = Sketch(width=1280, height=800).rect(100, 80, 1080, 60, "#eeeeee")
    page.rect(110, 100, 20, 20, "#ffffff", border="#999999")
    for x, word in zip((190, 600, 800, 1000), ("Name", "Uploaded", "Size", "Changed"), strict=True):
        page.text(x, 116, word)
    for i in range(5):
        y = 140 + 60 * i
        if i % 2:
            page.rect(100, y, 1080, 60, "#f7f7f7")
        page.rect(110, y + 20, 20, 20, "#ffffff", border="#999999")
        page.picture(190, y + 20, 20, 20, kind="icon").text(220, y + 36, f"Report {i}")
        page.text(600, y + 36, "26 Nov 2022").text(800, y + 36, f"{i + 3} Mb")
        page.text(1000, y + 26, "10 Dec 2022").text(1000, y + 46, "by Ada", size=12)
    return page


def test_rows_of_boxes_icons_and_cells_of_two_lines_are_a_table():
    [table] = [node for node in labelled(files()) if node.flow == "table"]
    assert len(table.children) == 6
    [cell] = [c for c in table.children[1].children if "by Ada" in [n.text for n in c.walk()]]
    assert [n.text for n in cell.walk() if n.flow == "text"] == ["10 Dec 2022", "by Ada"]


def test_a_box_far_from_the_words_beside_it_is_no_tick_box_of_theirs():
    assert not [node for node in labelled(files()) if node.label.role == "choice"]


def test_bands_of_a_page_without_common_columns_are_no_table():
    page = Sketch(height=700).text(100, 100, "Contact us", size=36, weight=700)
    page.text(100, 200, "We read all letters and answer most of them within a day.")
    page.rect(0, 500, 1280, 90, "#ececec").rect(0, 590, 1280, 60, "#ae130c")
    for i in range(4):
        page.picture(520 + 60 * i, 530, 30, 30, kind="icon")
    for i, word in enumerate(("Home", "About", "Prices", "Contact")):
        page.text(80 + 70 * i, 625, word, size=12, color="#ffffff")
    page.text(930, 625, "All rights reserved", size=12, color="#ffffff")
    assert not [node for node in labelled(page) if node.flow == "table"]


def make_line(words: str, x: float, y: float) -> Node:
    return set_label(make_text(words, x, y), "p", "text")


def gather(*rows: Node) -> list[Node]:
    """Return the tables in a column of these rows with a rule below each of them."""
    children = []
    for row in rows:
        children += [row, make_rule(0, row.box.bottom + 8, 900)]
    column = gather_row_tables(make_group("column", make_line("Orders", 0, -200), *children))
    return [node for node in column.walk() if node.flow == "table"]


def write_rows(*xs: float, count: int = 4, pitch: float = 50) -> list[Node]:
    return [
        make_group("row", *(make_line(f"Cell {i}", x, pitch * i) for x in xs)) for i in range(count)
    ]


def test_rows_of_three_cells_with_rules_are_a_table():
    [table] = gather(*write_rows(0, 300, 600))
    assert table.columns == 3


def test_rows_of_two_cells_are_none():
    assert gather(*write_rows(0, 300)) == []


def test_rows_as_high_as_cards_are_none():
    rows = [
        make_group("row", *row.children, make_picture(800, 250 * i, 60, 200, kind="photo"))
        for i, row in enumerate(write_rows(0, 300, 600, pitch=250))
    ]
    assert gather(*rows) == []


def test_rows_that_fill_few_of_the_columns_are_none():
    places = ((0, 150), (300, 450), (600, 750), (0, 450))
    rows = [
        make_group("row", *(make_line(f"Cell {i}", x, 50 * i) for x in xs))
        for i, xs in enumerate(places)
    ]
    assert gather(*rows) == []


def test_an_icon_close_to_its_word_is_in_one_cell_with_it():
    rows = [
        make_group("row", make_picture(0, 50 * i, 20, 20), *row.children)
        for i, row in enumerate(write_rows(28, 300, 600))
    ]
    [table] = gather(*rows)
    assert table.columns == 3


def test_cells_some_way_apart_are_columns_of_their_own():
    [table] = gather(*write_rows(0, 90, 180))
    assert table.columns == 3


def make_panel_row(y: float) -> Node:
    panel = make_box(0, y - 6, 400, 36, make_line("Ada", 10, y), make_line("Captain", 250, y))
    return make_group("row", set_label(panel, "div", "panel"), make_line("$40", 600, y))


def test_cells_inside_of_boxes_are_told_where_there_are_several_rows():
    assert len(gather(*(make_panel_row(60 * i) for i in range(4)))) == 1
    assert gather(*(make_panel_row(60 * i) for i in range(3))) == []
