"""Rows in common columns are a table, whatever stands in their cells."""

from __future__ import annotations

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch

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
