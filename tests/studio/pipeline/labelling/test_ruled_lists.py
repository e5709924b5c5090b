"""Alike lines at one distance are a list, with or without rules between them."""

from __future__ import annotations

import re

import pytest

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.ruled_lists import gather_line_lists
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch
from tests.studio.pipeline.hand_made import list_texts, make_group, make_text, set_label

FEATURES = ("Responsive design", "One boat a day", "Unlimited guests", "Free at weekends")


def draw_plan(
    *, ruled: bool, pitch: float = 54, sizes: tuple[float, ...] = (15, 14, 14, 14)
) -> Sketch:
    page = Sketch(height=900).text(100, 80, "Plans", size=40, weight=700)
    page.rect(100, 150, 300, 500, border="#cccccc")
    page.text(200, 200, "Basic", size=26, weight=700)
    for i, words in enumerate(FEATURES):
        y = 270 + pitch * i
        page.text(190, y, words, size=sizes[i])
        if ruled:
            page.rect(101, y + 22, 298, 1, "#cfcfcf")
    page.rect(190, 580, 120, 44, "#ffb800", radius=4).text(216, 607, "Get now")
    return page


def list_items(page: Sketch) -> list[str]:
    nodes = label_tree(build_tree(page.hints())).walk()
    lists = [node for node in nodes if node.label.tag == "ul"]
    return [
        " ".join(inner.text for inner in item.walk() if inner.flow == "text")
        for group in lists
        for item in group.children
    ]


@pytest.mark.parametrize("ruled", [False, True])
def test_the_features_of_a_plan_are_one_list(ruled: bool):
    assert list_items(draw_plan(ruled=ruled)) == list(FEATURES)


def test_a_rule_is_the_lower_border_of_its_item():
    files = make_draft(draw_plan(ruled=True).hints(), {}).bundle.files
    html, css = files["index.html"], files["styles.css"]
    assert "<hr" not in html
    assert re.search(r"border-bottom: 1px solid", css)
    assert len(re.findall(r"<li[^>]*>\s*<span[^>]*>", html)) == len(FEATURES)


def test_the_lines_of_a_paragraph_are_no_list():
    assert list_items(draw_plan(ruled=False, pitch=21)) == []


def test_lines_of_several_sizes_are_no_list():
    assert list_items(draw_plan(ruled=True, sizes=(24, 14, 20, 12))) == []


def test_amounts_below_each_other_are_no_list():
    page = Sketch().text(100, 80, "Prices", size=40, weight=700)
    for i in range(4):
        page.text(100, 200 + 50 * i, f"${i}0.00")
    assert list_items(page) == []


def gather(*lines: Node) -> list[str]:
    """Return the words of the lists that are made of lines below a title."""
    title = set_label(make_text("Plans", 0, -200, size=40, weight=700), "h1", "heading")
    column = gather_line_lists(make_group("column", title, *lines))
    lists = [node for node in column.walk() if node.label.role == "list"]
    return [words for group in lists for words in list_texts(group)]


def make_line(words: str, y: float, size: float = 16) -> Node:
    return set_label(make_text(words, 0, y, size), "p", "text")


def test_lines_at_nearly_one_distance_are_a_list():
    assert len(gather(*(make_line(f"Boat {y}", y) for y in (0, 40, 83, 123)))) == 4


def test_lines_at_unlike_distances_are_none():
    assert gather(*(make_line(f"Boat {y}", y) for y in (0, 40, 100, 140))) == []


def test_lines_of_nearly_one_size_are_a_list_and_of_two_sizes_none():
    def write(second: float) -> list[str]:
        sizes = (16, second, 16, second)
        return gather(*(make_line(f"Boat {i}", 40 * i, size) for i, size in enumerate(sizes)))

    assert len(write(16.5)) == 4
    assert write(19) == []


def test_sentences_are_no_list():
    sentence = "A boat for each quiet day of the year and a crew for it"
    assert gather(*(make_line(sentence, 40 * i) for i in range(4))) == []
