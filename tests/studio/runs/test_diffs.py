"""The code of two versions beside each other, also where it was made to hold the comparison up."""

from __future__ import annotations

import random
from collections import Counter
from difflib import SequenceMatcher
from typing import Any

import pytest

from studio.versions import diffs
from studio.versions.diffs import MOST_PAIRS, MOST_WORD_PAIRS, ChangedWords, FileDiff, diff_files


def diff(old: str, new: str) -> FileDiff:
    [found] = diff_files({"index.html": old.encode()}, {"index.html": new.encode()})
    return found


def lines_of(found: FileDiff) -> list[tuple[str, str]]:
    return [
        (line.kind, "".join(piece.text for piece in line.pieces))
        for hunk in found.hunks
        for line in hunk
    ]


def shuffled(text: list[str]) -> str:
    return "\n".join(random.Random(1).sample(text, len(text)))


MANY = [str(number % 20) for number in range(4000)]
HOSTILE = {
    "one line of many equal words": ("a b " * 10_000, "b a " * 10_000),
    "many equal lines": ("x\n" * 4000, "x\ny\n" * 2000),
    "many lines of a few kinds": (shuffled(MANY), shuffled(MANY[1:])),
    "many lines of many equal words": (
        "\n".join("a b " * 200 + str(number) for number in range(4000)),
        "\n".join("b a " * 200 + str(number) for number in range(4000)),
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_difflib_is_given_no_more_than_it_can_do(
    monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """Its time is that of the pairs of equal parts, times the blocks that it finds."""
    given = 0

    def watched(junk: None, old: list[str], new: list[str], autojunk: bool) -> Any:
        nonlocal given
        counts = Counter(new)
        given += sum(counts[part] for part in old)
        assert given <= MOST_PAIRS + MOST_WORD_PAIRS
        return SequenceMatcher(junk, old, new, autojunk=autojunk)

    monkeypatch.setattr(diffs, "SequenceMatcher", watched)
    old, new = HOSTILE[case]
    found = diff(old, new)
    told = lines_of(found)
    assert [text for kind, text in told if kind == "old"][-1] in old.splitlines()
    assert found.added
    assert found.removed


def test_equal_ends_of_such_a_file_are_left_out() -> None:
    old, new = ["head", *["x"] * 3000, "tail"], ["head", *["x", "y"] * 1500, "tail"]
    told = lines_of(diff("\n".join(old), "\n".join(new)))
    assert ("old", "head") not in told
    assert ("new", "tail") not in told
    assert told.count(("new", "y")) == 1500


def test_an_ordinary_line_is_told_word_by_word() -> None:
    [hunk] = diff("<p>one two</p>\nx", "<p>one three</p>\nx").hunks
    assert ChangedWords("two", True) in hunk[0].pieces
    assert ChangedWords("three", True) in hunk[1].pieces
