"""Lines with an icon each are lists, also in several columns."""

from __future__ import annotations

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def list_nodes(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def find_text(page: Sketch, words: str) -> Node:
    """Return the text with these words."""
    return next(node for node in list_nodes(page) if node.flow == "text" and node.text == words)


def draw_lines(rows: int, columns: int) -> Sketch:
    page = Sketch().text(100, 80, "Bring along", size=40, weight=700).paragraph(100, 130, STORY)
    for row in range(rows):
        for column in range(columns):
            x, y = 100 + 400 * column, 300 + 36 * row
            page.picture(x, y - 10, 10, 10, kind="icon")
            page.text(x + 24, y, f"A warm coat {row} {column}")
    return page


def list_words(node: Node) -> list[str]:
    return [inner.text for inner in node.walk() if inner.flow == "text"]


def test_rows_of_icon_lines_are_a_list_for_each_column():
    lists = [node for node in list_nodes(draw_lines(3, 2)) if node.label.tag == "ul"]
    assert [list_words(each) for each in lists] == [
        [f"A warm coat {row} {column}" for row in range(3)] for column in range(2)
    ]


def test_the_items_stay_items_where_they_look_like_a_component():
    items = [node for node in list_nodes(draw_lines(3, 2)) if node.label.role == "item"]
    assert [item.label.tag for item in items] == ["div"] * 6


def test_one_row_of_icon_lines_is_no_list():
    assert not [node for node in list_nodes(draw_lines(1, 2)) if node.label.tag == "ul"]
