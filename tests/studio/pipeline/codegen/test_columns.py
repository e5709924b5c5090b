"""The padding and the spaces of a column, as one number for all its children."""

from __future__ import annotations

import re

from studio.pipeline.codegen.columns import find_content_room, space_children, write_offset
from studio.pipeline.codegen.context import Context
from studio.pipeline.codegen.document import PLAIN
from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.codegen.element import Element, Room
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from studio.pipeline.perception.hints import Box
from tests.studio.pipeline.codegen.sketch import Sketch


def list_texts(page: Sketch) -> tuple[Node, ...]:
    return tuple(node for node in build_tree(page.hints()).walk() if node.flow == "text")


def box_at(y: float, height: float) -> Node:
    box = Box(0, y, 400, height)
    return Node(round(y) + 1, "shape", box, box)


def test_texts_that_start_at_one_place_share_the_padding():
    page = Sketch().text(300, 60, "A line that is rather long, up to here").text(300, 160, "Short")
    room = find_content_room(list_texts(page), Room(100, 640))
    assert abs(room.left - 300) <= 3


def test_words_in_the_middle_need_no_container():
    room = Room(0, 1280)
    words = Node(1, "text", Box(390, 0, 500, 30), Box(390, 0, 500, 30), lines=(None,))  # type: ignore[arg-type]
    assert find_content_room((words,), room) == room


def test_boxes_that_seem_to_overlap_by_a_pixel_get_no_negative_margin():
    nodes = [box_at(0, 101), box_at(100, 100), box_at(230, 60)]
    elements = [Element("div", f"box-{i}") for i in range(3)]
    column = Node(9, "column", Box(0, 0, 400, 290), Box(0, 0, 400, 290), tuple(nodes))
    space_children(Element("div"), column, nodes, elements, Context(PLAIN, 1280))
    assert "margin-top" not in elements[1].style
    assert elements[2].style["margin-top"] == 29


def test_an_offset_of_some_twelfths_is_written_as_such():
    assert write_offset(402.0, 1200.0) == "33.33%"
    assert write_offset(437.0, 1200.0) == 437.0


def test_no_margin_of_a_draft_of_overlapping_lines_is_negative():
    page = (
        Sketch().text(100, 80, "A title", size=40, weight=700).text(100, 106, "and what is below")
    )
    assert not re.search(r"margin[^:]*: -", make_draft(page.hints(), {}).bundle.files["styles.css"])
