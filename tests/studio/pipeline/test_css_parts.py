"""Lists in CSS are split at the top level, and a selector weighs what the cascade says."""

from __future__ import annotations

import pytest

from studio.pipeline.css_parts import compute_specificity, split_at


@pytest.mark.parametrize(
    ("selector", "specificity"),
    [
        ("*", (0, 0, 0)),
        ("li", (0, 0, 1)),
        ("ul > li + li", (0, 0, 3)),
        (".card.card--big", (0, 2, 0)),
        ("#top .card a", (1, 1, 1)),
        ("a[href^='https:']", (0, 1, 1)),
        ("a:hover", (0, 1, 1)),
        ("a:focus-visible", (0, 1, 1)),
        ("a::before", (0, 0, 2)),
        ("a:before", (0, 0, 2)),
        ("li:nth-child(2n + 1)", (0, 1, 1)),
        ("::part(thumb)", (0, 0, 1)),
        (":where(#top, .card) a", (0, 0, 1)),
        (":is(.card, #top) a", (1, 0, 1)),
        ("a:not(.card, #top .nav)", (1, 1, 1)),
        (".md\\:w-1", (0, 1, 0)),
        ("", (0, 0, 0)),
    ],
)
def test_specificity_is_the_cascade_s(selector: str, specificity: tuple[int, int, int]) -> None:
    assert compute_specificity(selector) == specificity


def test_a_list_is_split_outside_parentheses_brackets_and_strings() -> None:
    text = "a:is(b, c),\n d[title='x, y'] , /* e, */ f"
    assert split_at(text, ",") == ["a:is(b, c)", 'd[title="x, y"]', "f"]


def test_words_of_a_value_keep_their_functions_whole() -> None:
    assert split_at("calc(1px + 2px)  rgb(0 0 0 / 50%) 'a b'", " ") == [
        "calc(1px + 2px)",
        "rgb(0 0 0 / 50%)",
        '"a b"',
    ]
