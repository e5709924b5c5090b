"""Levels of headings follow their looks, and none is left out on the way down."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules.heading_levels import order_heading_levels
from studio.pipeline.layout.nodes import Label, Node
from studio.pipeline.perception.hints import Box

BOX = Box(0, 0, 100, 20)


def order(*ranks: int) -> list[str]:
    heads = tuple(
        Node(i, "text", BOX, BOX, label=Label(f"h{rank}", "heading"))  # type: ignore[arg-type]
        for i, rank in enumerate(ranks, start=1)
    )
    page = order_heading_levels(Node(99, "column", BOX, BOX, heads))
    return [node.label.tag for node in page.children]


@pytest.mark.parametrize(
    ("ranks", "levels"),
    [
        ((1, 4, 4, 4), ["h1", "h2", "h2", "h2"]),
        ((1, 2, 3, 3, 2, 3), ["h1", "h2", "h3", "h3", "h2", "h3"]),
        ((1, 2, 1, 2), ["h1", "h2", "h2", "h2"]),
        ((2, 3, 5), ["h1", "h2", "h3"]),
        ((1, 3, 2, 3), ["h1", "h2", "h2", "h2"]),
        ((1, 3, 2, 3, 2, 3), ["h1", "h2", "h2", "h3", "h2", "h3"]),
        ((), []),
    ],
)
def test_looks_become_levels(ranks: tuple[int, ...], levels: list[str]):
    assert order(*ranks) == levels


@pytest.mark.parametrize("ranks", [(1, 5, 2, 6, 3), (3, 1, 2, 6), (4, 4, 1, 6, 2, 5)])
def test_no_level_is_left_out_on_the_way_down(ranks: tuple[int, ...]):
    levels = [int(tag[1]) for tag in order(*ranks)]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert levels.count(1) == 1
