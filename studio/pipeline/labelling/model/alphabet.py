"""The walk's characters: five for each node of a tree, each standing for several facts at once, and
one for each kind.

A tokenizer that keeps every character whole makes a question as many tokens as its nodes have
characters; the facts inside of one are known here, so that a learner can make a character's
embedding of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

FIRST = 0xF0000  # the first of Unicode's supplementary private use areas
NODES = 128  # of one question
KINDS = (
    "text",
    "heading",
    "link",
    "label",
    "button",
    "badge",
    "field",
    "select",
    "panel",
    "card",
    "cards",
    "group",
    "nav",
    "list",
    "header",
    "footer",
    "section",
    "aside",
    "form",
    "fixed",
)


@dataclass(frozen=True)
class Word:
    """A group of characters from `first` on: one for each way that facts of these `counts` can be."""

    name: str
    first: int
    counts: tuple[int, ...]

    @property
    def count(self) -> int:
        return prod(self.counts)

    def __call__(self, *values: int) -> str:
        at = 0
        for value, count in zip(values, self.counts, strict=True):
            at = at * count + max(0, min(count - 1, value))
        return chr(self.first + at)

    def values(self, character: str) -> tuple[int, ...] | None:
        """The facts that a character stands for; None for one of another group."""
        at = ord(character) - self.first
        if not 0 <= at < self.count:
            return None
        out = []
        for count in reversed(self.counts):
            at, value = divmod(at, count)
            out.append(value)
        return tuple(reversed(out))

    def characters(self) -> str:
        return "".join(chr(self.first + i) for i in range(self.count))


TYPES, PAINTS = 8 * 2 * 2 * 3, 5 * 4 * 3 * 2  # looks of texts, and of what is painted
ROUGH = 8  # what stands beside a node, roughly


def _index_words(**counts: Sequence[int]) -> dict[str, Word]:
    out, first = {}, FIRST
    for name, these in counts.items():
        out[name] = Word(name, first, tuple(these))
        first += out[name].count
    return out


WORDS = _index_words(
    said=(len(KINDS),),  # what a node is, in the answer
    shape=(
        9,
        6,
        4,
        4,
        5,
    ),  # flow, depth, where among its siblings, how many are alike, how many children
    place=(12, 12, 14),  # where it begins and how wide it is, in twelfths of the page; its height
    look=(TYPES + PAINTS + 1, len(KINDS)),  # how it is set or painted; what the rules take it for
    words=(
        8,
        9,
        2,
        4,
        3,
    ),  # length, pattern, lines; how far from the page's top and from its bottom
    near=(
        len(KINDS),
        ROUGH,
        ROUGH,
    ),  # what the rules take its parent for; what comes before and after it
)
SAID = WORDS["said"]
ABOUT = tuple(
    word for name, word in WORDS.items() if name != "said"
)  # a node's characters, in order
FACTS = len(ABOUT)


def list_characters() -> str:
    """Every character of the walk, in order."""
    return "".join(word.characters() for word in WORDS.values())
