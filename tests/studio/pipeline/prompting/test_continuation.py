"""An answer that was cut off is gone on with, and what the model repeats is dropped."""

from __future__ import annotations

import pytest

from inference.types import Message, ModelRequest, TextPart
from studio.pipeline.prompting.continuation import (
    build_continuation,
    drop_repetition,
    is_inside_fence,
)

TOLD = '```html index.html\n<!doctype html>\n<main>\n  <p class="lead">Bread from our own'


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        pytest.param(" oven</p>", " oven</p>", id="exactly where it stopped"),
        pytest.param('  <p class="lead">Bread from our own oven</p>', " oven</p>", id="its line"),
        pytest.param("```html index.html\n oven</p>", " oven</p>", id="a new fence"),
        pytest.param("```html\nBread from our own oven</p>", " oven</p>", id="a fence and words"),
        pytest.param("\n```\n oven</p>", " oven</p>", id="a fence after an empty line"),
    ],
)
def test_what_is_repeated_is_dropped(more: str, kept: str) -> None:
    assert drop_repetition(TOLD, more) == kept


def test_the_fence_of_another_file_stays() -> None:
    told = "```html index.html\n<p>hi</p>\n```\n"
    assert drop_repetition(told, "```css styles.css\np{}") == "```css styles.css\np{}"


def test_short_likeness_is_no_repetition() -> None:
    assert drop_repetition("```html\n<li></li>", "</li>\n</ul>") == "</li>\n</ul>"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("", False),
        ("```html\n<p>", True),
        ("```html\n<p>\n```\n", False),
        ("````html\n```\n", True),
        ("~~~css\n```\n", True),
    ],
)
def test_whether_a_fence_is_open(text: str, inside: bool) -> None:
    assert is_inside_fence(text) is inside


def test_the_request_ends_with_the_answer_so_far_and_asks_to_go_on() -> None:
    asked = ModelRequest((Message("user", (TextPart("hi"),)),), max_tokens=100, seed=3)
    following = build_continuation(asked, TOLD, 50)
    assert following.messages[0] == asked.messages[0]
    assert [message.role for message in following.messages] == ["user", "assistant", "user"]
    assert following.messages[1].parts == (TextPart(TOLD),)
    assert (following.max_tokens, following.seed) == (50, 3)
