"""The characters of a walk: five for each node, each encoding several facts, and one for each kind.

With a tokenizer that keeps every character whole, a question has as many tokens as characters. The
facts in each character are known here, so a learner can compose its embedding from theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

FIRST = 0xF0000  # the first of Unicode's supplementary private use areas
NODES = 128  # in one question
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
    """A group of characters from `first` on, one for each combination of facts.

    `counts` is the number of values of each fact.
    """

    name: str
    first: int
    counts: tuple[int, ...]

    @property
    def count(self) -> int:
        return prod(self.counts)

    def __call__(self, *values: int) -> str:
        offset = 0
        for value, count in zip(values, self.counts, strict=True):
            offset = offset * count + max(0, min(count - 1, value))
        return chr(self.first + offset)

    def values(self, character: str) -> tuple[int, ...] | None:
        """Return the facts that a character encodes; None for a character of another group."""
        offset = ord(character) - self.first
        if not 0 <= offset < self.count:
            return None
        values = []
        for count in reversed(self.counts):
            offset, value = divmod(offset, count)
            values.append(value)
        return tuple(reversed(values))

    def characters(self) -> str:
        return "".join(chr(self.first + i) for i in range(self.count))


TYPES = 8 * 2 * 2 * 3  # looks of texts: size, bold, link, alignment
PAINTS = 5 * 4 * 3 * 2  # looks of boxes: fill, border, radius, shadow
ROUGH = 8  # rough classes of a node's neighbors


def _index_words(**counts: Sequence[int]) -> dict[str, Word]:
    words = {}
    first = FIRST
    for name, fact_counts in counts.items():
        words[name] = Word(name, first, tuple(fact_counts))
        first += words[name].count
    return words


WORDS = _index_words(
    # What a node is, in the answer.
    said=(len(KINDS),),
    # Flow, depth, position among its siblings, number of similar siblings, number of children.
    shape=(9, 6, 4, 4, 5),
    # Left edge and width in twelfths of the page; height.
    place=(12, 12, 14),
    # How it is set or painted; the rules' label.
    look=(TYPES + PAINTS + 1, len(KINDS)),
    # Length, pattern, lines; distance from the page's top and from its bottom.
    words=(8, 9, 2, 4, 3),
    # The rules' label of its parent; what comes before and after it.
    near=(len(KINDS), ROUGH, ROUGH),
)
SAID = WORDS["said"]
# A node's characters, in order.
ABOUT = tuple(word for name, word in WORDS.items() if name != "said")
FACTS = len(ABOUT)


def list_characters() -> str:
    """Return every character of the walk, in order."""
    return "".join(word.characters() for word in WORDS.values())
