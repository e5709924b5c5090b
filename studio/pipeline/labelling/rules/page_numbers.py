"""Page numbers: a row of small numbers that count on, and words or arrows for the pages beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.groups import label_as_nav
from studio.pipeline.layout.nodes import Node

FEWEST = 2  # numbers
PAD = 120.0  # px between two rows of numbers, up to which they are a keypad or a calendar
LARGEST = 64.0  # px of a number's box; larger ones are figures
STEP = re.compile(
    r"^(prev(ious)?|next|first|last|older|newer|anterior|siguiente|próximo|zurück|weiter|"
    r"précédent|suivant|назад|далее|上一页|下一页|前へ|次へ|[«»‹›<>←→]+)( page)?( ?[«»‹›→])?$",
    re.I,
)
NUMBER = re.compile(r"\d{1,3}")
ELLIPSIS = re.compile(r"^(\.{2,3}|…)$")


def label_page_numbers(page: Node) -> Node:
    """Return the page with its rows of page numbers as navs; rows above each other are a pad's."""
    rows = [node for node in page.walk() if node.flow == "row" and _count_numbers(node) >= FEWEST]
    found = {
        row.id
        for row in rows
        if _are_page_numbers(row.children)
        and not any(other is not row and _is_above_or_below(other, row) for other in rows)
    }
    return _label_rows(page, found) if found else page


def _label_rows(node: Node, ids: set[int]) -> Node:
    if node.id in ids and node.flow == "row":
        nav = label_as_nav(node)
        return replace(nav, label=replace(nav.label, name="pagination"))
    return replace(node, children=tuple(_label_rows(child, ids) for child in node.children))


def _count_numbers(row: Node) -> int:
    words = [_read_word(child) for child in row.children]
    return sum(bool(word and NUMBER.fullmatch(word)) for word in words)


def _is_above_or_below(one: Node, other: Node) -> bool:
    gap = max(one.box.y - other.box.bottom, other.box.y - one.box.bottom)
    shared = min(one.box.right, other.box.right) - max(one.box.x, other.box.x)
    return 0 <= gap <= PAD and shared > 0


def _are_page_numbers(children: Sequence[Node]) -> bool:
    """Return True for page numbers: with a step to another page, or with the current one painted.

    Without either, a row of numbers may be a keypad's or a calendar's.
    """
    words = [_read_word(child) for child in children]
    if any(word is None for word in words):
        return False
    said = [word for word in words if word]
    numbers = [int(word) for word in said if NUMBER.fullmatch(word)]
    steps = [word for word in said if STEP.match(word)]
    others = [word for word in said if ELLIPSIS.match(word)]
    if len(numbers) < FEWEST or len(numbers) + len(steps) + len(others) < len(said):
        return False
    counts_on = all(a < b for a, b in zip(numbers, numbers[1:], strict=False))
    begins = numbers[1] - numbers[0] == 1
    has_step = bool(steps) or (words[0] == "" and words[-1] == "")  # arrows at both ends
    spoken = [child for child, word in zip(children, words, strict=True) if word]
    return counts_on and begins and (has_step or _is_one_painted(spoken))


def _read_word(node: Node) -> str | None:
    """Return the one text of a small part, "" for an icon; None for anything else."""
    if max(node.box.width, node.box.height) > 2 * LARGEST or node.box.height > LARGEST:
        return None
    texts = [inner for inner in node.walk() if inner.flow == "text"]
    if len(texts) > 1 or node.label.role in ("field", "choice"):
        return None
    return texts[0].text.strip() if texts else ""


def _is_one_painted(children: Sequence[Node]) -> bool:
    """Return True if one of three or more looks other than the rest, which look alike."""
    looks = Counter(_get_paint(child) for child in children)
    return len(children) > FEWEST and sorted(looks.values()) == [1, len(children) - 1]


def _get_paint(node: Node) -> tuple[object, ...]:
    fill = node.surface.fill if node.surface is not None else None
    color = next((inner.style.color for inner in node.walk() if inner.flow == "text"), None)
    return fill, color
