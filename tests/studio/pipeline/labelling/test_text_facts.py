"""A page's texts say what its body looks like, and which of them stand out."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules.text_facts import (
    PageFacts,
    collect_page_facts,
    is_link,
    may_be_heading,
)
from studio.pipeline.layout.nodes import Node
from tests.studio.pipeline.hand_made import make_page, make_style, make_text

STORY = "A map was something you folded badly and kept\nin the glove box, until the day"
BODY = 16.0


def collect(*texts: Node) -> PageFacts:
    return collect_page_facts(make_page(*texts))


def write_page(*others: Node) -> PageFacts:
    return collect(make_text(STORY, 0, 300), *others)


def test_the_body_is_the_size_and_color_of_most_letters():
    title = make_text("A quiet revolution", size=40, color="#1144cc")
    facts = write_page(title)
    assert (facts.body, facts.ink) == (BODY, "#222222")


def test_a_page_of_large_letters_still_has_a_body_of_a_usual_size():
    large = make_text(
        "A very long sentence that is set as large as titles are\nand goes on", size=40
    )
    assert collect(large, make_text("Read on", 0, 300)).body == BODY


def test_a_page_without_texts_has_a_body_nevertheless():
    assert collect().body == 16.0


def test_larger_titles_have_higher_levels():
    titles = [make_text(f"Title {i}", size=size) for i, size in enumerate((24, 40, 32))]
    levels = write_page(*titles).levels
    assert [levels[size, False] for size in (40, 32, 24)] == [1, 2, 3]


def test_sizes_that_were_measured_a_little_differently_are_one_level():
    titles = [make_text(f"Title {i}", size=size) for i, size in enumerate((24, 23.5))]
    levels = write_page(*titles).levels
    assert levels[24, False] == levels[23.5, False] == 1


def test_there_are_no_more_than_six_levels():
    sizes = (60, 52, 44, 36, 30, 26, 22)
    levels = write_page(*(make_text(f"Title {size}", size=size) for size in sizes)).levels
    assert max(levels.values()) == 6


def test_the_colors_of_titles_are_the_pages_accents():
    facts = write_page(make_text("A quiet revolution", size=40, color="#1144cc"))
    assert "#1144cc" in facts.accents


@pytest.mark.parametrize(
    ("words", "size", "weight"),
    [
        ("Our boats", 22, 400),
        ("Our boats", 18, 700),
        ("What does a day on the water cost?", 28, 400),
    ],
    ids=["larger", "bold and a little larger", "a large question"],
)
def test_words_that_stand_out_may_be_a_heading(words: str, size: float, weight: int):
    assert may_be_heading(make_text(words, size=size, weight=weight), BODY)


@pytest.mark.parametrize(
    ("words", "size", "weight"),
    [
        ("Our boats", 16, 400),
        ("Our boats", 16, 700),
        ("Our boats", 14, 700),
        ("$240", 40, 700),
        ("+", 40, 700),
        ("2026", 40, 700),
        ("We sail every day of the week and in every weather.", 20, 400),
        ("We sail every day " * 8, 30, 400),
        ("One\ntwo\nthree\nfour", 30, 400),
    ],
    ids=[
        "the body's size",
        "bold in the body's size",
        "smaller and bold",
        "an amount",
        "an icon that was read",
        "a number",
        "a lead paragraph",
        "a long text",
        "four lines",
    ],
)
def test_other_words_are_no_heading(words: str, size: float, weight: int):
    assert not may_be_heading(make_text(words.strip(), size=size, weight=weight), BODY)


def test_small_bold_words_are_no_heading_however_small_the_body_is():
    assert not may_be_heading(make_text("Our boats", size=14, weight=700), 12.0)


def test_the_color_of_words_a_little_larger_than_the_body_is_no_accent():
    assert "#1144cc" not in write_page(make_text("Read on", size=18, color="#1144cc")).accents


FACTS = PageFacts(1280, 800, BODY, "#222222", {}, frozenset({"#1144cc"}))


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        ({"underline": True}, True),
        ({"color": "#cc2222"}, True),
        ({"color": "#888888"}, False),
        ({"color": "#1144cc"}, False),
        ({"color": "#cc2222", "family": "mono"}, False),
        ({"underline": True, "family": "mono"}, True),
    ],
    ids=[
        "underlined",
        "in a color",
        "gray",
        "in the titles' color",
        "colored code",
        "underlined code",
    ],
)
def test_links_are_underlined_or_in_a_color_of_their_own(look: dict[str, object], expected: bool):
    assert is_link(make_style(**look), FACTS) == expected
