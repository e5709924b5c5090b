"""Line diffs of the code of two versions, with changed words within a line. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal

AROUND = 3  # unchanged lines shown around a change
ALIKE = 0.4  # least similarity at which an old and a new line are compared word by word
MOST_LINES = 4_000  # of one file; difflib takes seconds beyond

WORDS = re.compile(r"\w+|\s+|[^\w\s]")

Kind = Literal["same", "old", "new"]
Pieces = tuple["ChangedWords", ...]


@dataclass(frozen=True, slots=True)
class ChangedWords:
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class DiffLine:
    kind: Kind
    old: int | None  # line number in the old and in the new file
    new: int | None
    pieces: tuple[ChangedWords, ...]


@dataclass(frozen=True, slots=True)
class FileDiff:
    name: str
    hunks: tuple[tuple[DiffLine, ...], ...]
    added: int
    removed: int


def diff_files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileDiff]:
    """Diff the files that differ; for binary files, only report that they do."""
    names = sorted(before.keys() | after.keys(), key=lambda name: (name != "index.html", name))
    return [
        _diff_file(name, before.get(name, b""), after.get(name, b""))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _diff_file(name: str, before: bytes, after: bytes) -> FileDiff:
    try:
        old = before.decode().splitlines()[:MOST_LINES]
        new = after.decode().splitlines()[:MOST_LINES]
    except UnicodeDecodeError:
        return FileDiff(name, (), 0, 0)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    hunks = []
    for group in matcher.get_grouped_opcodes(AROUND):
        lines = (_list_lines(code, old, new) for code in group)
        hunks.append(tuple(chain.from_iterable(lines)))
    kinds = [line.kind for line in chain.from_iterable(hunks)]
    return FileDiff(name, tuple(hunks), kinds.count("new"), kinds.count("old"))


def _list_lines(
    code: tuple[str, int, int, int, int], old: list[str], new: list[str]
) -> Iterator[DiffLine]:
    operation, old_start, old_end, new_start, new_end = code
    old_range = range(old_start, old_end)
    new_range = range(new_start, new_end)
    if operation == "equal":
        for i, j in zip(old_range, new_range, strict=True):
            yield DiffLine("same", i + 1, j + 1, (ChangedWords(old[i], False),))
        return
    old_pieces: dict[int, Pieces] = {i: (ChangedWords(old[i], False),) for i in old_range}
    new_pieces: dict[int, Pieces] = {j: (ChangedWords(new[j], False),) for j in new_range}
    if operation == "replace":
        for i, j in zip(old_range, new_range, strict=False):
            old_pieces[i], new_pieces[j] = _split_changed_words(old[i], new[j])
    for i in old_range:
        yield DiffLine("old", i + 1, None, old_pieces[i])
    for j in new_range:
        yield DiffLine("new", None, j + 1, new_pieces[j])


def _split_changed_words(old: str, new: str) -> tuple[Pieces, Pieces]:
    """Split both lines into pieces; lines with little in common stay whole."""
    old_words = WORDS.findall(old)
    new_words = WORDS.findall(new)
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    if matcher.ratio() < ALIKE:
        return (ChangedWords(old, False),), (ChangedWords(new, False),)
    old_pieces = []
    new_pieces = []
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        changed = operation != "equal"
        if old_end > old_start:
            old_pieces.append(ChangedWords("".join(old_words[old_start:old_end]), changed))
        if new_end > new_start:
            new_pieces.append(ChangedWords("".join(new_words[new_start:new_end]), changed))
    return tuple(old_pieces), tuple(new_pieces)
