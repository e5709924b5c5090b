"""What repeats is written once: twins share a style, cells are styled by column, cards stand in
even columns.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen import write_page
from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.codegen.element import Element, Room
from studio.pipeline.codegen.grid_tracks import find_tracks
from studio.pipeline.codegen.shared_styles import make_alike
from studio.pipeline.layout.nodes import Node
from studio.pipeline.perception.hints import Box
from tests.studio.pipeline.codegen.sketch import bill


def card(size: float, weight: str | None, top: float) -> Element:
    title = Element("h3", "title", {"font-size": size, "margin-top": top})
    if weight:
        title.style["font-weight"] = weight
    return Element("article", "card", {"padding-top": 24.0}, children=[title, Element("p", "text")])


def titles(root: Element) -> list[dict[str, float | str]]:
    return [e.style for e in root.walk() if e.tag == "h3"]


def test_twins_that_nearly_have_one_style_get_it() -> None:
    root = Element(
        "div",
        "cards",
        {"display": "grid"},
        children=[card(20, "700", 8), card(20.5, "700", 9), card(20, None, 8)],
    )
    make_alike(root, 2.0, 16.0)
    assert titles(root) == [{"font-size": 20, "margin-top": 8.0, "font-weight": "700"}] * 3


def test_twins_that_differ_clearly_stay_what_they_are() -> None:
    root = Element(
        "div", "cards", {"display": "grid"}, children=[card(20, "700", 8), card(32, "700", 40)]
    )
    make_alike(root, 2.0, 16.0)
    assert [style["font-size"] for style in titles(root)] == [20, 32]
    assert [style["margin-top"] for style in titles(root)] == [8, 40]


def code(share: float) -> Bundle:
    return write_page(make_draft(bill().hints(), {}).tree, {}, share=share, reach=share)


def test_cells_of_an_even_table_need_no_classes() -> None:
    bundle = code(2.0)
    body = bundle.files["index.html"].split("<tbody>")[1]
    assert "<td>" in body
    assert not re.search(r"<td class", body)
    assert re.search(
        r"\.table td:nth-child\(2\) \{[^}]*text-align: right", bundle.files["styles.css"]
    )


@pytest.mark.parametrize("repeat", [False, True])
def test_columns_known_to_repeat_are_even_where_they_nearly_are(repeat: bool) -> None:
    boxes = [Box(100, 0, 200, 300), Box(498, 0, 210, 300), Box(906, 0, 200, 300)]
    nodes = [Node(i, "column", box, box) for i, box in enumerate(boxes)]
    nodes[1] = replace(nodes[1], box=Box(490, 0, 220, 300))
    assert find_tracks(nodes, Room(40, 1170), repeat=repeat).equal is repeat
