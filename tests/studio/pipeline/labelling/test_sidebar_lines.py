"""A sidebar's entries are links, whatever groups its lines were cut into."""

from __future__ import annotations

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.menus import is_menu
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def list_nodes(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def find_text(page: Sketch, words: str) -> Node:
    """Return the text with these words."""
    return next(node for node in list_nodes(page) if node.flow == "text" and node.text == words)


ENTRIES = ("Overview", "Docs", "Orders", "Pages", "Charts")


def draw_sidebar() -> Sketch:
    """A sidebar in which an upright line joins three entries to one group."""
    page = Sketch(height=800).rect(0, 0, 250, 800, "#eef0f4").text(20, 40, "PORTAL", weight=700)
    for i, entry in enumerate(ENTRIES):
        page.picture(20, 88 + 50 * i, 18, 18, kind="icon").text(52, 103 + 50 * i, entry, size=14)
    page.picture(222, 142, 12, 6, kind="icon").rect(46, 134, 2, 118, "#c5c8d2")
    page.text(300, 60, "My account", size=28, weight=700).paragraph(300, 120, STORY)
    for i in range(4):
        page.paragraph(300, 240 + 120 * i, STORY)
    return page


def test_its_entries_are_one_menu():
    menus = [node for node in list_nodes(draw_sidebar()) if is_menu(node)]
    words = [inner.text for menu in menus for inner in menu.walk() if inner.flow == "text"]
    assert words == list(ENTRIES)
