"""A row of small numbers that count on is a nav, where it leads to other pages."""

from __future__ import annotations

import pytest

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch


def page_with(words: tuple[str, ...], painted: int | None = None) -> Sketch:
    page = Sketch(height=1200).text(300, 300, "All the letters", size=36, weight=700)
    page.text(300, 360, "They were written over many years, and read once or twice.")
    for i, word in enumerate(words):
        x = 300 + 60 * i
        fill = "#2266cc" if i == painted else "#eeeeee"
        page.rect(x, 700, 44, 44, fill)
        page.text(x + 16, 728, word, color="#ffffff" if i == painted else "#222222")
    return page.text(300, 1000, "Some more words, below the numbers, say where the page ends.")


def find_navs(page: Sketch) -> list[Node]:
    nodes = label_tree(build_tree(page.hints())).walk()
    return [node for node in nodes if node.label.name == "pagination"]


@pytest.mark.parametrize(
    ("words", "painted"),
    [(("1", "2", "3", "4"), 0), (("1", "2", "3", "»"), None), (("«", "4", "5", "6", "»"), 2)],
)
def test_numbers_that_lead_to_pages_are_a_nav(words: tuple[str, ...], painted: int | None):
    [nav] = find_navs(page_with(words, painted))
    assert nav.label.tag == "nav"
    assert len(nav.children) == len(words)


@pytest.mark.parametrize("words", [("7", "8", "9"), ("1", "2", "3"), ("12", "40", "7", "3")])
def test_keys_and_counts_are_none(words: tuple[str, ...]):
    assert not find_navs(page_with(words))


def test_the_code_says_what_the_nav_is_for():
    page = page_with(("1", "2", "3", "4"), 0)
    code = make_draft(page.hints(), {}).bundle.files["index.html"]
    assert 'aria-label="Pagination"' in code
