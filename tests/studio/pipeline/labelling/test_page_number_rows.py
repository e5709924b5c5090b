"""Numbers that count on are page numbers where something says that they lead to pages."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules.page_numbers import label_page_numbers
from studio.pipeline.layout.nodes import Node
from tests.studio.pipeline.hand_made import (
    make_box,
    make_group,
    make_page,
    make_picture,
    make_text,
    set_label,
)


def make_row(*words: str, y: float = 600, painted: str = "") -> Node:
    """Words side by side; `painted` is the one on a ground of its own."""
    parts = []
    for i, word in enumerate(words):
        text = set_label(make_text(word, 60 * i, y), "p", "text")
        is_current = word == painted
        parts.append(make_box(60 * i, y, 40, 30, text, fill="#2563eb") if is_current else text)
    return set_label(make_group("row", *parts), "div", "row")


def count_navs(*rows: Node) -> int:
    labelled = label_page_numbers(make_page(*rows))
    return sum(node.label.name == "pagination" for node in labelled.walk())


@pytest.mark.parametrize(
    "row",
    [
        make_row("1", "2", "3", "Next"),
        make_row("←", "4", "5", "6", "→"),
        make_row("1", "2", "3", "…", "12", painted="2"),
        make_row("上一页", "1", "2", "下一页"),
    ],
    ids=["a word for the next page", "arrows", "one of them painted", "Chinese words"],
)
def test_these_rows_are_page_numbers(row: Node):
    assert count_navs(row) == 1


@pytest.mark.parametrize(
    "row",
    [
        make_row("1", "2", "3"),
        make_row("3", "2", "1", "Next"),
        make_row("10", "25", "50", "Next"),
        make_row("1", "2", "boats", "Next"),
        make_row("1", "Next"),
    ],
    ids=["nothing leads on", "counting down", "steps of several", "other words", "one number"],
)
def test_these_are_none(row: Node):
    assert count_navs(row) == 0


def test_icons_at_both_ends_lead_on_too():
    numbers = [set_label(make_text(str(i), 60 * i, 600), "p", "text") for i in (1, 2, 3)]
    arrows = make_picture(0, 600, 20, 20), make_picture(240, 600, 20, 20)
    assert count_navs(make_group("row", arrows[0], *numbers, arrows[1])) == 1


def test_rows_of_numbers_above_each_other_are_a_pad():
    rows = [make_row("1", "2", "3", painted="2", y=600 + 60 * i) for i in range(3)]
    assert count_navs(*rows) == 0


def test_page_numbers_above_and_below_a_long_list_are_both_page_numbers():
    assert count_navs(make_row("1", "2", "Next", y=100), make_row("1", "2", "Next", y=700)) == 2


def test_numbers_in_large_boxes_are_figures():
    boxes = [
        make_box(240 * i, 600, 200, 150, set_label(make_text(str(i + 1), 240 * i), "p", "text"))
        for i in range(3)
    ]
    forward = set_label(make_text("Next", 760, 600), "p", "text")
    assert count_navs(make_group("row", *boxes, forward)) == 0
