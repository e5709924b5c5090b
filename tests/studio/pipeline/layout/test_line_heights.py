"""Single lines take the line height of the paragraphs that look like them."""

from __future__ import annotations

import pytest

from studio.pipeline.layout.font_metrics import find_baseline_in_line
from studio.pipeline.layout.line_heights import set_line_height, share_line_heights
from studio.pipeline.layout.nodes import Node
from tests.studio.pipeline.hand_made import SANS, make_text


def get_leading(node: Node) -> float:
    return node.style.leading


def test_a_single_line_takes_the_line_height_of_paragraphs_of_its_look():
    paragraph = make_text("A boat for\na quiet day", leading=26.0)
    line, _ = share_line_heights([make_text("Read on", 0, 100), paragraph])
    assert get_leading(line) == 26.0


def test_a_line_of_another_look_keeps_its_own():
    paragraph = make_text("A boat for\na quiet day", leading=26.0)
    title = make_text("Boats", 0, 100, size=24, weight=700, leading=29.0)
    assert [get_leading(node) for node in share_line_heights([title, paragraph])] == [29.0, 26.0]


def test_a_long_paragraph_decides_over_a_short_one():
    short = make_text("A boat for\na quiet day", leading=30.0)
    long = make_text("A\nboat\nfor\na quiet\nday", 0, 200, leading=26.0)
    line = share_line_heights([short, long, make_text("Read on", 0, 500)])[-1]
    assert get_leading(line) == 26.0


def test_paragraphs_keep_the_line_height_that_they_show():
    short = make_text("A boat for\na quiet day", leading=30.0)
    long = make_text("A\nboat\nfor\na quiet\nday", 0, 200, leading=26.0)
    assert [get_leading(node) for node in share_line_heights([short, long])] == [30.0, 26.0]


def test_another_line_height_leaves_the_first_baseline_where_it_is():
    node = make_text("A boat for\na quiet day")
    changed = set_line_height(node, 40.0)
    drop = find_baseline_in_line(40.0, 16, SANS, 400, False)
    assert changed.box.y + drop == pytest.approx(node.lines[0].baseline)
    assert changed.box.height == 80.0


def test_another_line_height_is_set_on_every_run():
    changed = set_line_height(make_text("A boat for\na quiet day"), 40.0)
    assert {run.style.leading for line in changed.lines for run in line.runs} == {40.0}
