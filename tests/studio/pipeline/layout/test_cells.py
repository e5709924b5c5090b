"""What stands in a cell: words, small pictures, badges and buttons."""

from __future__ import annotations

import re

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch


def write_orders() -> Sketch:
    page = Sketch()
    for i in range(4):
        y = 140 + 50 * i
        page.text(208, y, f"#1534{i}").text(420, y, "John Sanders")
        page.rect(700, y - 16, 62, 22, "#22aa66", radius=4.0)
        page.text(714, y, "Paid", size=13, weight=700, color="#ffffff")
        page.rect(200, y + 20, 880, 1, "#cccccc")
    return page


def test_rows_with_a_badge_are_rows_of_a_table():
    flows = [node.flow for node in build_tree(write_orders().hints()).walk()]
    assert flows.count("table") == 1


def test_a_badge_in_a_cell_stays_a_badge_and_no_cell_is_in_a_cell():
    html = make_draft(write_orders().hints(), {}).bundle.files["index.html"]
    assert html.count("badge") >= 4
    assert not re.search(r"<t[dh][^>]*>\s*<t[dh]", html)
