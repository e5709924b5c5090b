"""Rows of cards, and rows of a title and its text, are no tables."""

from __future__ import annotations

from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch


def find_tables(page: Sketch) -> list[Node]:
    return [node for node in build_tree(page.hints()).walk() if node.flow == "table"]


def rule(page: Sketch, y: float) -> None:
    page.rect(100, y, 1000, 1, "#dddddd")


def test_rows_of_plans_between_rules_are_no_table():
    page = Sketch()
    rows = (("Free", "Plus", "Team"), ("$0", "$12", "$40"), ("One boat", "Two boats", "Ten boats"))
    for i, (row, size) in enumerate(zip(rows, (20, 40, 14), strict=True)):
        for k, word in enumerate(row):
            page.text(120 + 340 * k, 120 + 70 * i, word, size=size)
        rule(page, 145 + 70 * i)
    assert find_tables(page) == []


def test_titles_with_a_text_of_several_lines_beside_them_are_no_table():
    page = Sketch()
    for i, title in enumerate(("Masts", "Cabins", "Anchors")):
        page.text(120, 120 + 100 * i, title, size=18, weight=700)
        page.text(500, 120 + 100 * i, "Each boat has what it needs for a long day at sea", size=14)
        page.text(
            500, 140 + 100 * i, "and for the night after it, whatever the weather is", size=14
        )
        rule(page, 170 + 100 * i)
    assert find_tables(page) == []


def test_rows_of_words_between_rules_are_a_table():
    page = Sketch()
    for i, row in enumerate(
        (("Boat", "Masts", "Price"), ("Anna", "2", "$40"), ("Bea", "1", "$30"))
    ):
        for k, word in enumerate(row):
            page.text(120 + 340 * k, 120 + 50 * i, word)
        rule(page, 140 + 50 * i)
    [table] = find_tables(page)
    assert table.columns == 3
