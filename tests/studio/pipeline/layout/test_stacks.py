"""Overlapping layers: the stack is as tall as what stands out of its ground."""

from __future__ import annotations

from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch


def test_a_card_that_hangs_out_of_a_band_makes_the_stack_taller():
    page = Sketch().rect(0, 0, 1280, 300, "#2244aa").text(100, 100, "Title", color="#ffffff")
    page.rect(340, 200, 600, 300, "#eeeeee").text(380, 260, "A card over the edge")
    page.text(100, 700, "What comes below")
    stack = next(node for node in build_tree(page.hints()).walk() if node.flow == "stack")
    assert stack.box.bottom == 500


def test_a_badge_on_the_lower_edge_does_not():
    page = Sketch().rect(100, 100, 300, 200, "#eeeeee").text(130, 160, "Card")
    page.rect(200, 288, 100, 24, "#cc2222").text(220, 305, "New", size=14, color="#ffffff")
    page.text(100, 700, "What comes below")
    stack = next(node for node in build_tree(page.hints()).walk() if node.flow == "stack")
    assert stack.box.bottom == 300
