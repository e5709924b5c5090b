"""Whole files are edited by hand: only those of the version, and only within the bounds of code."""

from __future__ import annotations

import pytest

from studio.pipeline.bundle import MOST_CHARACTERS, Bundle
from studio.pipeline.editing.edit_error import EditError
from studio.pipeline.editing.file_edits import apply_file_edits, describe_file_edits

PAGE = Bundle({"index.html": "<h1>Boats</h1>", "styles.css": "h1 {}"}, {"assets/a.png": b"x"})


def test_the_files_are_replaced_and_the_rest_stays() -> None:
    made = apply_file_edits(PAGE, {"styles.css": "h1 { color: red }"})
    assert made.files == {"index.html": "<h1>Boats</h1>", "styles.css": "h1 { color: red }"}
    assert made.assets == PAGE.assets


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"new.js": "x"}, "'new.js' is not a file of this version"),
        ({"../../etc/passwd": "x"}, "is not a file"),
        ({"styles.css": "h1 {}"}, "Nothing was changed"),
        ({}, "Nothing was changed"),
        ({"styles.css": "x" * (MOST_CHARACTERS + 1)}, f"use at most {MOST_CHARACTERS}"),
        ({"index.html": "<b>" * 300}, "levels of elements"),
    ],
)
def test_what_cannot_be_a_version_is_refused_in_one_sentence(
    texts: dict[str, str], words: str
) -> None:
    with pytest.raises(EditError, match=words):
        apply_file_edits(PAGE, texts)


def test_a_version_says_which_files_were_edited() -> None:
    assert describe_file_edits({"b.css": "", "a.html": ""}) == "Code edited: a.html, b.css"
