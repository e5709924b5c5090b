"""How much of a page its hints recognized: letters, boxes and pictures, compared with the DOM.

Only what is visible counts: text that can be read in the picture, and boxes whose edges can be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.pipeline.geometry import overlaps
from studio.pipeline.perception.hints import Box, Hints
from studio.pipeline.scoring.likeness.picture_maps import Pixels
from studio.pipeline.scoring.likeness.text_matching import match_texts
from studio.pipeline.scoring.likeness.text_verdicts import keep_visible
from studio.pipeline.types import Render

SMALLEST_BOX, SMALLEST_PICTURE = 8.0, 16.0  # px of the shorter side
SAME_BOX, SAME_PICTURE = 0.75, 0.5  # intersection over union from which it is the same one
EDGE = 3  # of 255: the difference in a channel that makes an edge visible
SIDES = 3  # of four that must be visible
PICTURES = ("img", "svg", "canvas", "video", "object", "iframe")


@dataclass(frozen=True, slots=True)
class Perception:
    """Counts, so that pages can be added up; `hit` is what both the DOM and the hints have."""

    letters: int  # letters that can be read on the page
    wrong: int  # insertions, deletions and substitutions in the lines that were read
    unread: int  # letters of lines that were not read
    invented: int  # letters of lines that do not exist
    boxes: int
    rects: int
    boxes_hit: int
    pictures: int
    pictures_hit: int

    @property
    def error(self) -> float:
        """Return the character error rate: all wrong letters divided by all letters."""
        return (self.wrong + self.unread + self.invented) / max(1, self.letters)

    @property
    def precision(self) -> float:
        return self.boxes_hit / max(1, self.rects)

    @property
    def recall(self) -> float:
        return self.boxes_hit / max(1, self.boxes)

    @property
    def pictured(self) -> float:
        return self.pictures_hit / max(1, self.pictures)


def measure_recognition(hints: Hints, render: Render, picture: Pixels) -> Perception:
    """Compare hints with the page they were found in.

    `render` is that page, `picture` its pixels at a scale of 1.
    """
    matching = match_texts(hints.texts, keep_visible(render.texts, picture))
    wrong = sum(
        compute_edit_distance(
            _normalize_letters(match.line.text), _normalize_letters(match.dom.text)
        )
        for match in matching.matches
    )
    unread = sum(len(_normalize_letters(text.text)) for text in matching.extra)
    read_letters = sum(len(_normalize_letters(match.dom.text)) for match in matching.matches)
    invented = sum(len(_normalize_letters(line.text)) for line in matching.missing)
    dom_pictures = [
        box.box
        for box in render.boxes
        if box.tag in PICTURES and _get_shorter_side(box.box) >= SMALLEST_PICTURE
    ]
    plain = [
        box.box for box in render.boxes if box.tag not in PICTURES and (box.fill or box.border)
    ]
    boxes = _drop_wrappers(
        [
            box
            for box in plain
            if _get_shorter_side(box) >= SMALLEST_BOX and _has_visible_edges(box, picture)
        ]
    )
    rects = [rect.box for rect in hints.rects if _get_shorter_side(rect.box) >= SMALLEST_BOX]
    hint_pictures = [picture.box for picture in hints.pictures]
    return Perception(
        read_letters + unread,
        wrong,
        unread,
        invented,
        len(boxes),
        len(rects),
        _count_hits(boxes, rects, SAME_BOX),
        len(dom_pictures),
        _count_hits(dom_pictures, hint_pictures, SAME_PICTURE),
    )


def compute_edit_distance(one: str, other: str) -> int:
    """Return the Levenshtein distance."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        diagonal = row[0]
        row[0] = i
        for j, other_letter in enumerate(other, 1):
            substitution = diagonal if letter == other_letter else diagonal + 1
            diagonal = row[j]
            row[j] = min(row[j] + 1, row[j - 1] + 1, substitution)
    return row[-1]


def _normalize_letters(text: str) -> str:
    return "".join(text.split())


def _get_shorter_side(box: Box) -> float:
    return min(box.width, box.height)


def _drop_wrappers(boxes: Sequence[Box]) -> list[Box]:
    """Return the boxes without wrappers of the same size as their content."""
    kept: list[Box] = []
    for box in boxes:
        if not any(box.iou(other) > 0.9 for other in kept):
            kept.append(box)
    return kept


def _has_visible_edges(box: Box, picture: Pixels) -> bool:
    """Return True if the pixels inside and outside differ along at least three sides.

    The page's own edge counts as a difference.
    """
    height, width = picture.shape[:2]
    top, left, bottom, right = (round(v) for v in (box.y, box.x, box.bottom, box.right))
    if left <= 0 and top <= 0 and right >= width and bottom >= height:
        return False
    rows, columns = slice(max(0, top), bottom), slice(max(0, left), right)
    above = picture[top - 2 : top - 1, columns] if top >= 2 else None
    before = picture[rows, left - 2 : left - 1] if left >= 2 else None
    pairs = (
        (picture[top : top + 1, columns], above),
        (picture[bottom - 1 : bottom, columns], picture[bottom + 1 : bottom + 2, columns]),
        (picture[rows, left : left + 1], before),
        (picture[rows, right - 1 : right], picture[rows, right + 1 : right + 2]),
    )
    return sum(_differs(inner, outer) for inner, outer in pairs) >= SIDES


def _differs(inner: Pixels, outer: Pixels | None) -> bool:
    if outer is None or not outer.size:
        return True
    if not inner.size or inner.shape != outer.shape:
        return False
    differences = np.abs(inner.astype(np.int16) - outer.astype(np.int16)).max(axis=2)
    return float(np.median(differences)) >= EDGE


def _count_hits(wanted: Sequence[Box], found: Sequence[Box], least: float) -> int:
    """Return how many boxes are in both, matched one to one."""
    from scipy.optimize import linear_sum_assignment

    if not wanted or not found:
        return 0
    table = overlaps(wanted, found)
    rows, columns = linear_sum_assignment(-table)
    return int((table[rows, columns] >= least).sum())
