"""A sidebar is one column, whatever stands beside it."""

from __future__ import annotations

from studio.pipeline.layout.bands import split_into_bands
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.sidebars import find_sidebar_runs
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch

LINKS = ["Dashboard", "Customers", "Team", "Invoices", "Transfers", "Balance", "Reports"]


def write_dashboard() -> Sketch:
    """Seven links on the left; a banner, a line and two cards on the right, in unlike rows."""
    page = Sketch()
    for i, words in enumerate(LINKS):
        page.text(60, 120 + 46 * i, words)
    page.rect(300, 100, 900, 90, "#3355cc").text(330, 150, "Hello, Admin", color="#ffffff")
    page.text(300, 262, "What happened while you were away, day by day")
    for i in range(2):
        page.rect(300 + 460 * i, 300, 440, 140, "#eeeeee").text(330 + 460 * i, 370, f"Chart {i}")
    return page


def list_texts(node: Node) -> list[str]:
    return [inner.text for inner in node.walk() if inner.flow == "text"]


def test_the_links_of_a_sidebar_are_one_column_before_the_content():
    assert list_texts(build_tree(write_dashboard().hints()))[: len(LINKS)] == LINKS


def test_icons_beside_words_are_no_sidebar():
    page = Sketch()
    for i, words in enumerate(LINKS):
        page.picture(60, 108 + 46 * i, 16, 16, kind="icon").text(100, 120 + 46 * i, words)
    nodes = [node for node in build_tree(page.hints()).walk() if node.flow in ("text", "picture")]
    assert find_sidebar_runs(split_into_bands(nodes, vertical=True)) == {}


def test_names_beside_values_are_no_sidebar():
    page = Sketch()
    for i, words in enumerate(LINKS):
        page.text(60, 120 + 46 * i, words).text(500, 120 + 46 * i, f"Value {i} of this row")
    texts = [node for node in build_tree(page.hints()).walk() if node.flow == "text"]
    assert find_sidebar_runs(split_into_bands(texts, vertical=True)) == {}
