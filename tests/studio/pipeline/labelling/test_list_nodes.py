"""Lists are made of items, and groups of lines are taken apart only if they hold nothing else."""

from __future__ import annotations

from studio.pipeline.labelling.rules.list_nodes import make_list, take_apart
from studio.pipeline.layout.nodes import is_text
from tests.studio.pipeline.hand_made import (
    make_box,
    make_group,
    make_picture,
    make_rule,
    make_text,
)


def test_a_list_is_as_large_as_its_items():
    made = make_list([make_text("Boats", 10, 10), make_text("Crews", 10, 50)])
    assert (made.label.tag, made.label.role) == ("ul", "list")
    assert (made.box.y, made.box.bottom) == (10, 70)


def test_a_column_of_lines_and_rules_is_taken_apart():
    column = make_group("column", make_text("Boats"), make_rule(0, 30, 200))
    assert take_apart(column, is_text) == column.children


def test_a_painted_column_and_one_with_a_picture_stay_whole():
    card = make_box(0, 0, 200, 60, make_text("Boats"), make_rule(0, 30, 200))
    figure = make_group("column", make_text("Boats"), make_picture(0, 30, 200, 100))
    assert take_apart(card, is_text) == (card,)
    assert take_apart(figure, is_text) == (figure,)
