"""Regions that broke in the draft's own render are taken apart, and only those."""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.fitting.draft.repairs import find_broken_regions, repair_regions
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from studio.pipeline.perception.hints import Box
from studio.pipeline.types import DomBox, DomText, Render
from tests.studio.pipeline.codegen.sketch import Sketch


def write_page() -> Node:
    """A panel with a picture and three lines, and a line outside of it."""
    page = Sketch(height=600).text(100, 60, "A headline that stands outside")
    page.rect(100, 100, 500, 240, "#eeeeee").picture(120, 120, 60, 60)
    for i in range(3):
        page.text(220, 150 + 60 * i, f"Line {i} beside the picture")
    return build_tree(page.hints())


def render_tree(tree: Node, moved: dict[int, Box]) -> Render:
    """What a render shows where every node stands as in the mockup, but the `moved` ones."""
    texts, boxes = [], []
    for node in tree.walk():
        box = moved.get(node.id, node.ink)
        if node.flow == "text":
            texts.append(DomText(node.text, box, 16, 400, "sans", "#000000", f"#n{node.id}"))
        elif node.flow == "picture" or node.surface is not None:
            boxes.append(DomBox("div", box, f"#n{node.id}", None, None, 0))
    return Render(b"", 1280, 600, tuple(texts), tuple(boxes), 0)


def find_picture(tree: Node) -> Node:
    return next(node for node in tree.walk() if node.flow == "picture")


def test_a_page_that_came_out_as_drawn_is_left_alone():
    tree = write_page()
    assert repair_regions(tree, render_tree(tree, {})) is tree


def test_a_picture_blown_up_breaks_the_smallest_region_around_it():
    tree = write_page()
    picture = find_picture(tree)
    grown = replace(picture.box, width=400.0, height=400.0)
    broken = find_broken_regions(tree, render_tree(tree, {picture.id: grown}))
    regions = [node for node in tree.walk() if node.id in broken]
    assert len(regions) == 1
    assert picture in regions[0].children


def test_the_parts_of_a_broken_region_stand_where_the_mockup_has_them():
    tree = write_page()
    picture = find_picture(tree)
    grown = replace(picture.box, width=400.0, height=400.0)
    repaired = repair_regions(tree, render_tree(tree, {picture.id: grown}))
    stack = next(node for node in repaired.walk() if node.flow == "stack")
    assert all(part in list(tree.walk()) for part in stack.children)
    assert {node.text for node in repaired.walk()} == {node.text for node in tree.walk()}


def test_siblings_that_cover_each_other_break_their_region():
    tree = write_page()
    first, second = [node for node in tree.walk() if node.text.startswith("Line")][:2]
    broken = find_broken_regions(tree, render_tree(tree, {second.id: first.ink}))
    assert len(broken) == 1
