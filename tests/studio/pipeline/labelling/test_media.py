"""All lines that begin beside a small picture stand beside it."""

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


def draw_lines(indent: float) -> Sketch:
    page = Sketch().text(100, 80, "News", size=40, weight=700).paragraph(100, 130, STORY)
    page.picture(100, 280, 36, 36, kind="icon").text(152, 300, "Ada paid the rent")
    return page.text(100 + indent, 330, "2 minutes ago", size=12)


def find_row(page: Sketch) -> Node:
    return next(node for node in list_nodes(page) if node.flow == "row")


def test_the_line_below_is_in_one_column_with_the_first():
    _, lines = find_row(draw_lines(52)).children
    assert [line.text for line in lines.children] == ["Ada paid the rent", "2 minutes ago"]


def test_a_line_below_the_picture_is_not():
    _, line = find_row(draw_lines(0)).children
    assert line.text == "Ada paid the rent"
