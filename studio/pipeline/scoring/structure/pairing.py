"""Which text of the author's page is which text of ours: by words and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.structure.outline import OutlineText

LEAST = 0.7  # similarity of words; a recognizer mistakes a letter in ten at worst
# Letters of the shorter text from which it may be a piece of the longer one: a heading that was
# split by line, a paragraph that holds a link.
PIECE = 8
PIECE_SIMILARITY = 0.8
REACH = 400.0  # px; texts further apart are not the same text
NEARNESS = 0.25  # how much REACH counts against words: decides between equal texts


@dataclass(frozen=True, slots=True)
class TextPair:
    author: OutlineText
    ours: OutlineText


def pair_texts(author: Sequence[OutlineText], ours: Sequence[OutlineText]) -> list[TextPair]:
    """Return every text that both pages show, each at most once, in the author's order."""
    graded = []
    words = [_normalize(text.text) for text in ours]
    for place, text in enumerate(author):
        wanted = _normalize(text.text)
        if not wanted:
            continue
        for other, found in zip(range(len(ours)), words, strict=True):
            distance = _measure_distance(text.box, ours[other].box)
            if distance > REACH or not found:
                continue
            similarity = _compute_similarity(wanted, found)
            if similarity >= LEAST:
                graded.append((similarity - NEARNESS * distance / REACH, place, other))
    graded.sort(key=lambda grade: (-grade[0], grade[1], grade[2]))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, place, other in graded:
        if place not in pairs and other not in taken:
            pairs[place] = other
            taken.add(other)
    return [TextPair(author[place], ours[other]) for place, other in sorted(pairs.items())]


def _normalize(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _measure_distance(one: Box, other: Box) -> float:
    """Return px between the texts' left edges or centers, whichever are nearer, and their tops."""
    across = min(abs(one.x - other.x), abs(one.cx - other.cx))
    return max(across, abs(one.y - other.y))


def _compute_similarity(one: str, other: str) -> float:
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= PIECE and shorter in longer:
        return PIECE_SIMILARITY
    if len(shorter) < LEAST / (2 - LEAST) * len(longer):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LEAST else 0.0
