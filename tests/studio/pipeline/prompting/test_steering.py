"""A few wishes are found in a person's words; whatever else they say is told back, never taken for
done.
"""

from __future__ import annotations

import pytest

from studio.pipeline.editing.restyling.requests import (
    AIRY,
    COMPACT,
    RestyleRequests,
    ThemeName,
    read_words,
)


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("Make it dark", RestyleRequests(ThemeName.DARK)),
        ("white background, please", RestyleRequests(ThemeName.LIGHT)),
        ("dark mode with a green accent", RestyleRequests(ThemeName.DARK, accent="#16a34a")),
        ("use #F60 for the buttons", RestyleRequests(accent="#ff6600")),
        ("a light blue accent instead of red", RestyleRequests(accent="#87a9f4")),
        ("dark blue", RestyleRequests(accent="#143681")),
        ("More compact.", RestyleRequests(density=COMPACT)),
        ("more breathing room and purple links", RestyleRequests(density=AIRY, accent="#9333ea")),
        (
            "Remove the footer and the sidebar",
            RestyleRequests(without=frozenset({"footer", "sidebar"})),
        ),
        (
            "without images, and no menu",
            RestyleRequests(without=frozenset({"pictures", "navigation"})),
        ),
    ],
)
def test_wishes_are_found(words: str, wishes: RestyleRequests) -> None:
    assert read_words(words) == wishes


@pytest.mark.parametrize(
    "words",
    [
        "make the corners rounder",
        "add a pricing table",
        "Move the red button to the left",
        "remove the image in the header",
        "The menu collapses on phones",
        "the dark card should come first",
        "",
        "?",
    ],
)
def test_what_is_about_something_else_changes_nothing(words: str) -> None:
    assert not read_words(words)


def test_a_clause_is_done_or_told_back_as_a_whole() -> None:
    assert read_words("Make it dark and round the corners") == RestyleRequests(
        ThemeName.DARK, left=("round", "corners")
    )
