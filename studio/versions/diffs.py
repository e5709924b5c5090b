"""The code of two versions, line against line, with what changed within a line. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

AROUND = 3  # lines of what stayed, beside what changed
ALIKE = 0.4  # from this on, an old and a new line are told word by word
MOST_LINES = 4_000  # of one file; difflib takes seconds beyond
LONGEST_LINE = 1_000  # characters of a line that is told word by word; a person's has up to 200
# Pairs of equal lines: difflib looks at each of them for each block that it finds. A page that a
# person wrote has some thousand; 4,000 equal lines on either side have 16 million.
MOST_PAIRS = 100_000
MOST_WORD_PAIRS = 200_000  # the same of words, of all lines of one comparison; takes a second

Kind = Literal["same", "old", "new"]
Change = tuple[str, int, int, int, int]  # difflib's opcode: what, and the lines of either side


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
    words = WordDiffs(MOST_WORD_PAIRS)
    return [
        _diff_file(name, before.get(name, b""), after.get(name, b""), words)
        for name in names
        if before.get(name) != after.get(name)
    ]


def _diff_file(name: str, before: bytes, after: bytes, words: WordDiffs) -> FileDiff:
    try:
        old, new = before.decode().splitlines(), after.decode().splitlines()
    except UnicodeDecodeError:
        return FileDiff(name, (), 0, 0)
    old, new = old[:MOST_LINES], new[:MOST_LINES]
    groups = _group_changes(old, new)
    hunks = tuple(
        tuple(line for code in group for line in _list_lines(code, old, new, words))
        for group in groups
    )
    kinds = [line.kind for hunk in hunks for line in hunk]
    return FileDiff(name, hunks, kinds.count("new"), kinds.count("old"))


def _group_changes(old: list[str], new: list[str]) -> list[list[Change]]:
    """As difflib groups them; of files made to hold it up, all that is between the equal ends."""
    if _count_pairs(old, new) <= MOST_PAIRS:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        return [list(group) for group in matcher.get_grouped_opcodes(AROUND)]
    start = _count_equal(old, new)
    end = _count_equal(
        old[: start - 1 if start else None : -1], new[: start - 1 if start else None : -1]
    )
    return [[("replace", start, len(old) - end, start, len(new) - end)]]


def _count_equal(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines are equal from the beginning on."""
    pairs = zip(old, new, strict=False)
    return next(
        (at for at, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new))
    )


def _list_lines(
    code: Change, old: list[str], new: list[str], words: WordDiffs
) -> Iterator[DiffLine]:
    what, a, b, c, d = code
    if what == "equal":
        yield from (
            DiffLine("same", i + 1, c + i - a + 1, (ChangedWords(old[i], False),))
            for i in range(a, b)
        )
        return
    twins = dict(zip(range(a, b), range(c, d), strict=False)) if what == "replace" else {}
    told = {i: words.split(old[i], new[j]) for i, j in twins.items()}
    yield from (
        DiffLine("old", i + 1, None, told[i][0] if i in told else (ChangedWords(old[i], False),))
        for i in range(a, b)
    )
    back = {j: told[i][1] for i, j in twins.items()}
    yield from (
        DiffLine("new", None, j + 1, back.get(j, (ChangedWords(new[j], False),)))
        for j in range(c, d)
    )


class WordDiffs:
    """Lines compared word by word, as long as that is cheap: `left` is what may still be spent."""

    def __init__(self, left: int) -> None:
        self.left = left

    def split(
        self, old: str, new: str
    ) -> tuple[tuple[ChangedWords, ...], tuple[ChangedWords, ...]]:
        """Both lines in pieces; lines that have little in common are not cut up."""
        whole = (ChangedWords(old, False),), (ChangedWords(new, False),)
        if self.left == 0 or max(len(old), len(new)) > LONGEST_LINE:
            return whole
        one, other = (re.findall(r"\w+|\s+|[^\w\s]", line) for line in (old, new))
        pairs = _count_pairs(one, other)
        if pairs > self.left:
            self.left = 0  # counting alone takes seconds over thousands of long lines
            return whole
        self.left -= pairs
        matcher = SequenceMatcher(None, one, other, autojunk=False)
        if matcher.ratio() < ALIKE:
            return whole
        codes = matcher.get_opcodes()
        return (
            _tell_words(one, ((what, a, b) for what, a, b, _, _ in codes)),
            _tell_words(other, ((what, c, d) for what, _, _, c, d in codes)),
        )


def _tell_words(
    words: Sequence[str], parts: Iterator[tuple[str, int, int]]
) -> tuple[ChangedWords, ...]:
    return tuple(
        ChangedWords("".join(words[start:end]), what != "equal")
        for what, start, end in parts
        if end > start
    )


def _count_pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of equal parts there are, one of either side."""
    counts = Counter(new)
    return sum(counts[part] for part in old)
