"""A sidebar is one column, whatever stands beside it."""

from __future__ import annotations

import pytest

from studio.pipeline.layout.bands import split_into_bands
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.sidebars import find_sidebar_runs
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch
from tests.studio.pipeline.hand_made import make_box, make_text

STORY_LINE = "What happened on the water while you were away from the harbour, day by day"
LINKS = ["Dashboard", "Customers", "Team", "Invoices", "Transfers", "Balance", "Reports"]


def write_dashboard() -> Sketch:
    """Seven links on the left; a banner, a line and two cards on the right, in unlike rows."""
    page = Sketch()
    for i, words in enumerate(LINKS):
        page.text(60, 120 + 46 * i, words)
    page.rect(300, 100, 900, 90, "#3355cc").text(330, 150, "Hello, Admin", color="#ffffff")
    page.text(300, 262, "What happened while you were away, day by day")
    for i in range(2):
        page.rect(300 + 460 * i, 300, 440, 140, "#eeeeee").text(330 + 460 * i, 370, f"Chart {i}")
    return page


def list_texts(node: Node) -> list[str]:
    return [inner.text for inner in node.walk() if inner.flow == "text"]


def test_the_links_of_a_sidebar_are_one_column_before_the_content():
    assert list_texts(build_tree(write_dashboard().hints()))[: len(LINKS)] == LINKS


def test_icons_beside_words_are_no_sidebar():
    page = Sketch()
    for i, words in enumerate(LINKS):
        page.picture(60, 108 + 46 * i, 16, 16, kind="icon").text(100, 120 + 46 * i, words)
    nodes = [node for node in build_tree(page.hints()).walk() if node.flow in ("text", "picture")]
    assert find_sidebar_runs(split_into_bands(nodes, vertical=True)) == {}


def test_names_beside_values_are_no_sidebar():
    page = Sketch()
    for i, words in enumerate(LINKS):
        page.text(60, 120 + 46 * i, words).text(500, 120 + 46 * i, f"Value {i} of this row")
    texts = [node for node in build_tree(page.hints()).walk() if node.flow == "text"]
    assert find_sidebar_runs(split_into_bands(texts, vertical=True)) == {}


def write_columns(*, side: float = 60, content: float = 400, links: int = 7) -> list[Node]:
    """Links below each other, and lines of a story at other heights beside them."""
    column = [make_text(f"Link {i}", side, 40 * i, size=14) for i in range(links)]
    story = [make_text(STORY_LINE, content, 10 + 55 * i) for i in range(5)]
    return [*column, *story]


def count_sidebars(*items: Node) -> int:
    return len(find_sidebar_runs(split_into_bands(items, vertical=True)))


def test_a_sidebar_may_stand_at_either_side():
    assert count_sidebars(*write_columns()) == 1
    assert count_sidebars(*write_columns(side=1100, content=100)) == 1


def test_a_few_words_are_no_sidebar():
    assert count_sidebars(*write_columns(links=3)) == 0


def test_a_column_as_wide_as_the_content_is_no_sidebar():
    wide = [make_text(STORY_LINE, 0, 40 * i) for i in range(7)]
    content = [make_text(STORY_LINE, 640, 10 + 55 * i) for i in range(5)]
    assert count_sidebars(*wide, *content) == 0


def test_a_sidebar_ends_where_something_stands_across_both():
    items = [*write_columns(), make_box(0, 400, 1280, 100)]
    rows = split_into_bands(items, vertical=True)
    [(start, end)] = find_sidebar_runs(rows).items()
    assert (start, end) == (0, len(rows) - 1)


def test_words_that_begin_everywhere_are_no_sidebar():
    links = [make_text("Link", x, 40 * i) for i, x in enumerate((0, 20, 44, 8, 60, 30, 72))]
    content = [make_text(STORY_LINE, 400, 10 + 55 * i) for i in range(5)]
    assert count_sidebars(*links, *content) == 0


@pytest.mark.parametrize(("links", "pitch"), [(3, 100), (7, 20)], ids=["few words", "a low column"])
def test_a_few_words_and_a_low_column_are_no_sidebar(links: int, pitch: float):
    column = [make_text(f"Link {i}", 60, pitch * i, size=14) for i in range(links)]
    story = [make_text(STORY_LINE, 400, 7 + 25 * i) for i in range(12)]
    assert count_sidebars(*column, *story) == 0


@pytest.mark.parametrize(("gap", "sidebars"), [(8, 0), (40, 1)])
def test_a_gutter_parts_a_sidebar_from_the_content(gap: float, sidebars: int):
    right = make_text("Link 0", 60, 0, size=14).box.right
    assert count_sidebars(*write_columns(content=right + gap)) == sidebars


@pytest.mark.parametrize(("off", "sidebars"), [(0.9, 1), (10, 0)])
def test_the_words_of_a_sidebar_begin_at_one_or_two_edges(off: float, sidebars: int):
    links = [make_text("Link", 60 + off * (i % 4), 40 * i, size=14) for i in range(8)]
    story = [make_text(STORY_LINE, 400, 10 + 55 * i) for i in range(5)]
    assert count_sidebars(*links, *story) == sidebars
