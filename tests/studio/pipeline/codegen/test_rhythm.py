"""Spaces on a scale: each a multiple of 4 px, and the page as high as before to 2 px."""

from __future__ import annotations

import random

import pytest

from studio.pipeline.codegen.element import Element
from studio.pipeline.codegen.spacing_scale import Rhythm

SPACES = ("margin-top", "padding-top", "padding-bottom", "margin-bottom")


def column(spaces: list[float]) -> Element:
    children = [
        Element("p", f"text-{i}", {"margin-top": px}, node=i + 1) for i, px in enumerate(spaces)
    ]
    return Element(
        "div", "column", {"padding-top": 17.0, "padding-bottom": 9.0}, children=list(children)
    )


def spaces_of(root: Element) -> list[float]:
    return [float(e.style[key]) for e in root.walk() for key in SPACES if key in e.style]


@pytest.mark.parametrize("seed", range(20))
def test_every_space_is_on_the_scale_and_the_sum_stays(seed):
    rng = random.Random(seed)
    root = column([float(rng.randint(1, 80)) for _ in range(30)])
    before = sum(spaces_of(root))
    Rhythm(2.0).settle(root)
    assert all(px % 4 == 0 for px in spaces_of(root))
    assert abs(sum(spaces_of(root)) - before) <= 2


def test_a_short_reach_leaves_far_spaces_as_measured():
    root = column([18.0, 23.5])
    Rhythm(0.5).settle(root)
    assert [e.style["margin-top"] for e in root.children if isinstance(e, Element)] == [18.0, 24.0]


def test_columns_of_a_row_keep_pace_on_their_own():
    row = Element(
        "div", "row", {"display": "flex"}, children=[column([10.0, 10.0, 10.0]), column([30.0])]
    )
    Rhythm(2.0).settle(row)
    for side, total in zip(row.children, (56.0, 56.0), strict=True):
        assert isinstance(side, Element)
        assert abs(sum(spaces_of(side)) - total) <= 2


def test_what_a_rows_longest_text_gains_is_taken_from_the_space_below_the_row():
    lines = Element("div", "body", children=[])
    for i in range(4):
        words: list[Element | str] = [f"line {i}"]
        lines.children.append(Element("p", f"line-{i}", {"margin-top": 5.6}, children=words))
    row = Element("div", "row", {"display": "flex"}, children=[Element("svg", "icon"), lines])
    below = Element("p", "note", {"margin-top": 20.0}, children=["below"])
    Rhythm(2.0).settle(Element("div", "column", children=[row, below]))
    gained = sum(spaces_of(lines)) - 4 * 5.6
    assert gained
    assert abs(sum(spaces_of(below)) + gained - 20.0) <= 2


@pytest.mark.parametrize(("height", "is_picture_tallest"), [("400", True), ("20", False)])
def test_a_high_picture_makes_a_rows_height_and_an_icon_does_not(
    height: str, is_picture_tallest: bool
):
    lines = Element("div", "body", children=[])
    for i in range(4):
        words: list[Element | str] = [f"line {i}"]
        lines.children.append(Element("p", f"line-{i}", {"margin-top": 5.6}, children=words))
    picture = Element("div", "figure", children=[Element("img", attrs={"height": height})])
    row = Element("div", "row", {"display": "flex"}, children=[picture, lines])
    below = Element("p", "note", {"margin-top": 19.0}, children=["below"])
    Rhythm(2.0).settle(Element("div", "column", children=[row, below]))
    assert (below.style["margin-top"] == 20.0) == is_picture_tallest
