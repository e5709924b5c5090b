"""Which line of the mockup is which text of the page. Only words and places count; how they look is
compared later.

A line on the screen and a line of the DOM need not be cut alike: `See the <a>docs</a>` is one line
to OCR and two texts to the DOM, and a wide gap splits what is one text. So neighbours in a row are
joined where that reads better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Box, TextLine
from studio.pipeline.types import DomText, Match

LEAST = 0.4  # similarity below which two texts are two texts
OVERLAP, RELATED = 0.3, 0.25  # of boxes and of letters: enough to be one text in other words
NEARNESS = (
    0.3  # how much a page's length of distance counts against words: decides between equal texts
)
WORD_GAP = 0.6  # em; a space is about .28, so this still joins and a menu's gap does not
GAIN = 0.03  # joining must read better by this much


@dataclass(frozen=True, slots=True)
class Matching:
    matches: tuple[Match, ...]
    missing: tuple[TextLine, ...]
    extra: tuple[DomText, ...]


def match_texts(lines: Sequence[TextLine], texts: Sequence[DomText]) -> Matching:
    """Every line with at most one text and back; joined ones appear as one, with the longest
    piece's style.
    """
    rows = join_rows(texts)
    pairs = {left: right for left, right in _assign(lines, rows)}
    found = [_Pair(lines[left], rows[right]) for left, right in pairs.items()]
    spare_lines = [line for i, line in enumerate(lines) if i not in pairs]
    taken = set(pairs.values())
    spare_texts = [text for i, text in enumerate(rows) if i not in taken]
    for pair in found:
        pair.absorb(spare_lines, spare_texts)
    found += _pair_in_place(spare_lines, spare_texts)
    matches = tuple(Match(pair.line, pair.text, pair.similarity) for pair in found)
    return Matching(matches, tuple(spare_lines), tuple(spare_texts))


def compute_similarity(one: str, other: str) -> float:
    """Of the letters, 0–1: case matters to the eye, spaces are measured as widths elsewhere."""
    left, right = "".join(one.split()), "".join(other.split())
    if left == right:
        return 1.0
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


def join_rows(texts: Sequence[DomText]) -> list[DomText]:
    """Texts that continue each other in one row (a link within a sentence) as one text."""
    rows: list[DomText] = []
    for text in texts:
        if rows and _continues_row(rows[-1], text):
            rows[-1] = join_texts(rows[-1], text)
        else:
            rows.append(text)
    return rows


def join_texts(one: DomText, other: DomText) -> DomText:
    left, right = sorted((one, other), key=lambda text: text.box.x)
    longest = max(one, other, key=lambda text: len(text.text))
    return replace(longest, text=f"{left.text} {right.text}", box=one.box.union(other.box))


def join_lines(one: TextLine, other: TextLine) -> TextLine:
    left, right = sorted((one, other), key=lambda line: line.box.x)
    longest = max(one, other, key=lambda line: len(line.text))
    return replace(longest, text=f"{left.text} {right.text}", box=one.box.union(other.box))


def are_in_same_row(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.y, other.y)
    return shared > 0.5 * min(one.height, other.height)


class _Pair:
    """A matched line and text that may take up unmatched neighbours of their rows."""

    def __init__(self, line: TextLine, text: DomText) -> None:
        self.line, self.text = line, text
        self.similarity = compute_similarity(line.text, text.text)

    def absorb(self, lines: list[TextLine], texts: list[DomText]) -> None:
        while self.similarity < 1.0 and (self._absorb_line(lines) or self._absorb_text(texts)):
            pass

    def _absorb_line(self, spare: list[TextLine]) -> bool:
        for line in spare:
            if are_in_same_row(line.box, self.line.box):
                joined = join_lines(self.line, line)
                if (
                    better := compute_similarity(joined.text, self.text.text)
                ) > self.similarity + GAIN:
                    self.line, self.similarity = joined, better
                    spare.remove(line)
                    return True
        return False

    def _absorb_text(self, spare: list[DomText]) -> bool:
        for text in spare:
            if are_in_same_row(text.box, self.text.box):
                joined = join_texts(self.text, text)
                if (
                    better := compute_similarity(self.line.text, joined.text)
                ) > self.similarity + GAIN:
                    self.text, self.similarity = joined, better
                    spare.remove(text)
                    return True
        return False


def _pair_in_place(lines: list[TextLine], texts: list[DomText]) -> list[_Pair]:
    """What is left over and lies on each other is one text in other words, if they have anything in
    common.
    """
    found = []
    for line in list(lines):
        text = max(texts, key=lambda text: line.box.iou(text.box), default=None)
        if (
            text is None
            or line.box.iou(text.box) < OVERLAP
            or compute_similarity(line.text, text.text) < RELATED
        ):
            continue
        found.append(_Pair(line, text))
        lines.remove(line)
        texts.remove(text)
    return found


def _continues_row(row: DomText, text: DomText) -> bool:
    gap = text.box.x - row.box.right
    size = max(row.size, text.size)
    return are_in_same_row(row.box, text.box) and -0.2 * size <= gap <= WORD_GAP * size


def _assign(lines: Sequence[TextLine], texts: Sequence[DomText]) -> list[tuple[int, int]]:
    """Index pairs that are best overall: alike in words, and near each other where words alone
    cannot tell.
    """
    from scipy.optimize import linear_sum_assignment

    if not lines or not texts:
        return []
    alike = _compute_word_likeness([line.text for line in lines], [text.text for text in texts])
    value = alike - NEARNESS * _compute_distances(
        [line.box for line in lines], [text.box for text in texts]
    )
    value[alike < LEAST] = -10
    rows, columns = linear_sum_assignment(-value)
    chosen = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(left, right) for left, right in chosen if alike[left, right] >= LEAST]


def _compute_word_likeness(one: list[str], other: list[str]) -> NDArray[np.float32]:
    """Cosine of letter-pair counts: as good a guide as the exact measure, and 1,000 times cheaper
    for 300 × 300.
    """
    counts = [Counter(_list_letter_pairs(text)) for text in (*one, *other)]
    places: dict[str, int] = {}
    for count in counts:
        for pair in count:
            places.setdefault(pair, len(places))
    table = np.zeros((len(counts), len(places)), np.float32)
    for row, count in zip(table, counts, strict=True):
        row[[places[pair] for pair in count]] = list(count.values())
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    likeness: NDArray[np.float32] = table[: len(one)] @ table[len(one) :].T
    return likeness


def _list_letter_pairs(text: str) -> list[str]:
    letters = f"^{''.join(text.lower().split())}$"
    return [letters[i : i + 2] for i in range(len(letters) - 1)]


def _compute_distances(one: list[Box], other: list[Box]) -> NDArray[np.float64]:
    """How far apart the centres are, in shares of the page's extent."""
    left = np.array([(box.cx, box.cy) for box in one])
    right = np.array([(box.cx, box.cy) for box in other])
    extent = np.maximum(1, np.concatenate([left, right]).max(axis=0))
    far: NDArray[np.float64] = (np.abs(left[:, None] - right[None]) / extent).sum(axis=2)
    return far
