"""Sequences that repeat are groups, but a band across the page is in none."""

from __future__ import annotations

from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.paragraphs import Ids
from studio.pipeline.layout.repeats import find_repeats
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch
from tests.studio.pipeline.hand_made import (
    list_texts,
    make_group,
    make_page,
    make_picture,
    make_rule,
    make_text,
)


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


TOPICS = ("Boats", "Crews", "Meals")


def write_entry(topic: str, y: float, *, ruled: bool = False) -> list[Node]:
    """A title, a line and a date below each other, and a rule where `ruled`."""
    entry = [
        make_text(topic, 0, y, size=24, weight=700),
        make_text(f"{topic} for a quiet day", 0, y + 40),
        make_text("12 May 2026", 0, y + 70, size=12),
    ]
    return [*entry, make_rule(0, y + 100, 600)] if ruled else entry


def group(*children: Node) -> list[list[str]]:
    """Return the words of each part of a column on a wider page, after repeats were grouped."""
    column = make_group("column", *children)
    [found] = find_repeats(make_page(column), Ids()).children
    return [list_texts(node) for node in found.children]


def test_entries_of_one_pattern_are_groups():
    parts = group(*write_entry("Boats", 0), *write_entry("Crews", 150))
    assert [part[0] for part in parts] == ["Boats", "Crews"]
    assert {len(part) for part in parts} == {3}


def test_what_stands_before_the_entries_stays_for_itself():
    parts = group(
        make_text("What you learn", 0, 0, size=40),
        *write_entry("Boats", 100),
        *write_entry("Crews", 250),
    )
    assert [len(part) for part in parts] == [1, 3, 3]


def test_entries_that_end_in_a_rule_are_groups_though_they_are_of_several_lengths():
    entries = [write_entry(topic, 150 * i, ruled=True) for i, topic in enumerate(TOPICS)]
    entries[1].insert(2, make_text("and for a loud one", 0, 215, color="#888888"))
    parts = group(*(node for entry in entries for node in entry))
    assert [len(part) for part in parts] == [3, 4, 3]


def test_a_single_entry_is_no_repeat():
    assert len(group(*write_entry("Boats", 0))) == 3


def test_lines_of_one_look_do_not_repeat():
    lines = [make_text(f"Line {i}", 0, 30 * i) for i in range(8)]
    assert len(group(*lines)) == 8


def test_entries_begin_with_their_largest_text():
    children = []
    for i, topic in enumerate(TOPICS):
        small = make_text("12 May 2026", 0, 150 * i, size=12)
        children += [small, make_text(topic, 0, 150 * i + 30, size=24)]
    assert len(group(*children)) > len(TOPICS)


def test_entries_may_begin_with_a_picture():
    children = []
    for i, topic in enumerate(TOPICS):
        picture = make_picture(0, 300 * i, 200, 120, kind="photo")
        children += [picture, make_text(topic, 0, 300 * i + 130)]
    assert group(*children) == [["Boats"], ["Crews"], ["Meals"]]


def test_four_parts_are_too_few_to_repeat():
    children = []
    for i in range(2):
        title = make_text(TOPICS[i], 0, 100 * i, size=24, weight=700)
        children += [title, make_text("for a quiet day", 0, 100 * i + 40)]
    assert len(group(*children)) == 4


def test_entries_of_very_many_parts_are_sections_and_no_entries():
    children = []
    for i in range(2):
        for k in range(8):
            children.append(make_text(f"Part {k}", 0, 400 * i + 40 * k, size=30 - 2 * k))
    assert len(group(*children)) == 16
