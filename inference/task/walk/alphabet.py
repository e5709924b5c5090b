"""The walk's characters: one private-use character for each fact a node can have and each thing that can be said of it.

A tokenizer that keeps every character whole makes a question as many tokens as it has facts.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST = 0xE000
NODES = 160  # of one question
SPACES = 33  # 0, 4, … 128 px
KINDS = (
    "text", "heading", "link", "label", "button", "badge", "field", "panel", "card", "cards", "group", "nav", "list",
    "header", "footer", "section", "aside", "form", "fixed",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """A group of characters: `count` values from `first` on."""

    first: int
    count: int

    def __call__(self, value: int) -> str:
        return chr(self.first + max(0, min(self.count - 1, value)))

    def value(self, character: str) -> int | None:
        """The value that a character stands for; None for one of another group."""
        value = ord(character) - self.first
        return value if 0 <= value < self.count else None

    def characters(self) -> str:
        return "".join(chr(self.first + i) for i in range(self.count))


def _groups(**counts: int) -> dict[str, Facts]:
    out, first = {}, FIRST
    for name, count in counts.items():
        out[name] = Facts(first, count)
        first += count
    return out


_ALL = _groups(
    id=NODES,
    said=len(KINDS),  # what a node is, in the answer
    space=SPACES + 1,  # the space above it, in the answer; the last: as measured
    flow=9 * 8,  # and depth
    across=12 * 12,  # where it begins and how wide it is, in twelfths of the page
    tall=14,
    gap=170,  # px above it, as measured; the first for less than nothing
    type=8 * 2 * 2 * 3 + 1,
    leading=32 * 2,
    words=8 * 9,
    paint=5 * 4 * 3 * 2 + 1,
    kin=4 * 4 * 5,
    guess=len(KINDS),  # what the rules take it for
)
ID, SAID, SPACE = _ALL["id"], _ALL["said"], _ALL["space"]
FLOW, ACROSS, TALL, GAP, TYPE = _ALL["flow"], _ALL["across"], _ALL["tall"], _ALL["gap"], _ALL["type"]
LEADING, WORDS, PAINT, KIN, GUESS = _ALL["leading"], _ALL["words"], _ALL["paint"], _ALL["kin"], _ALL["guess"]
COUNT = sum(group.count for group in _ALL.values())
MEASURED = SPACES  # the value of `SPACE` that leaves a space as it was measured


def characters() -> str:
    """Every character of the walk, in order."""
    return "".join(group.characters() for group in _ALL.values())
