"""The code of two versions, line against line, with what changed within a line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

AROUND = 3  # lines of what stayed, beside what changed
ALIKE = 0.4  # from this on, an old and a new line are told word by word
MOST_LINES = 4_000  # of one file; difflib takes seconds beyond

Kind = Literal["same", "old", "new"]


@dataclass(frozen=True, slots=True)
class ChangedWords:
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class DiffLine:
    kind: Kind
    old: int | None  # its number before, and now
    new: int | None
    pieces: tuple[ChangedWords, ...]


@dataclass(frozen=True, slots=True)
class FileDiff:
    name: str
    hunks: tuple[tuple[DiffLine, ...], ...]
    added: int
    removed: int


def diff_files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileDiff]:
    """Only files that differ; of pictures just that they do."""
    names = sorted(before.keys() | after.keys(), key=lambda name: (name != "index.html", name))
    return [
        _diff_file(name, before.get(name, b""), after.get(name, b""))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _diff_file(name: str, before: bytes, after: bytes) -> FileDiff:
    try:
        old, new = before.decode().splitlines(), after.decode().splitlines()
    except UnicodeDecodeError:
        return FileDiff(name, (), 0, 0)
    old, new = old[:MOST_LINES], new[:MOST_LINES]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    hunks = tuple(
        tuple(line for code in group for line in _list_lines(code, old, new))
        for group in matcher.get_grouped_opcodes(AROUND)
    )
    kinds = [line.kind for hunk in hunks for line in hunk]
    return FileDiff(name, hunks, kinds.count("new"), kinds.count("old"))


def _list_lines(
    code: tuple[str, int, int, int, int], old: list[str], new: list[str]
) -> Iterator[DiffLine]:
    what, a, b, c, d = code
    if what == "equal":
        yield from (
            DiffLine("same", i + 1, c + i - a + 1, (ChangedWords(old[i], False),))
            for i in range(a, b)
        )
        return
    twins = dict(zip(range(a, b), range(c, d), strict=False)) if what == "replace" else {}
    told = {i: _split_changed_words(old[i], new[j]) for i, j in twins.items()}
    yield from (
        DiffLine("old", i + 1, None, told[i][0] if i in told else (ChangedWords(old[i], False),))
        for i in range(a, b)
    )
    back = {j: told[i][1] for i, j in twins.items()}
    yield from (
        DiffLine("new", None, j + 1, back.get(j, (ChangedWords(new[j], False),)))
        for j in range(c, d)
    )


def _split_changed_words(
    old: str, new: str
) -> tuple[tuple[ChangedWords, ...], tuple[ChangedWords, ...]]:
    """Both lines in pieces; lines that have little in common are not cut up."""
    one, other = re.findall(r"\w+|\s+|[^\w\s]", old), re.findall(r"\w+|\s+|[^\w\s]", new)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < ALIKE:
        return (ChangedWords(old, False),), (ChangedWords(new, False),)
    codes = matcher.get_opcodes()
    return (
        tuple(
            ChangedWords("".join(one[a:b]), what != "equal") for what, a, b, _, _ in codes if b > a
        ),
        tuple(
            ChangedWords("".join(other[c:d]), what != "equal")
            for what, _, _, c, d in codes
            if d > c
        ),
    )
