"""Sequences that repeat are groups, but a band across the page is in none."""

from __future__ import annotations

from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch


def page_of_sections() -> Sketch:
    """Three columns, a band, a title; three columns, a band, a title; three columns."""
    page = Sketch(height=2000).text(300, 60, "What you learn", size=30, weight=700)
    page.text(300, 95, "All that is needed")
    for i in range(3):
        top = 120 + 560 * i
        for x in (100, 480, 860):
            page.rect(x, top, 320, 120, "#eeeeee").text(x + 30, top + 60, "Some words")
        if i < 2:
            page.rect(0, top + 200, 1280, 200, "#334455")
            page.text(200, top + 300, "On the left", color="#ffffff")
            page.text(800, top + 300, "On the right", color="#ffffff")
            page.text(300, top + 480, "The next title", size=30, weight=700)
    return page


def test_a_title_stands_with_what_it_heads():
    tree = build_tree(page_of_sections().hints())
    holders = [
        group
        for group in tree.walk()
        if any(child.flow == "text" and child.text == "The next title" for child in group.children)
    ]
    assert len(holders) == 2
    assert all(holder.children[0].text == "The next title" for holder in holders)
