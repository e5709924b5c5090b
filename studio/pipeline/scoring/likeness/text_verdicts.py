"""Each matched text judged as the eye would: is it in its place, its size, its colour? Knows no
words and no sums.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.pipeline.color import compute_distance, parse_hex
from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.likeness.glyph_boxes import find_ink_box
from studio.pipeline.scoring.likeness.picture_maps import Pixels
from studio.pipeline.types import DomText, Match

SNAP = 1.0  # px: two readings of one glyph edge differ by this much
HALF_LOST = 32.0  # px out of place at which half of the place is lost
SIZE_SNAP = 1.5  # px by which two widths or heights of equal ink may differ
VISIBLE, OPPOSITE = (
    3.0,
    50.0,
)  # ΔE2000: below the first nobody sees it (or OCR misjudged it), 50 beyond it all is lost


@dataclass(frozen=True, slots=True)
class Verdict:
    """`dx`, `dy`: px the text is too far right and too low; `place`, `size`, `color` in 0–1 (1 is
    right).
    """

    match: Match
    weight: float
    dx: float
    dy: float
    wide: float  # its width over the mockup's, per letter
    place: float
    size: float
    color: float


def compute_weight(box: Box) -> float:
    """A heading counts more than small print, but not by its full area: a 48 px title would
    outweigh a page.
    """
    return math.sqrt(max(box.area, 1.0))


def judge_texts(matches: Sequence[Match], render: Pixels) -> list[Verdict]:
    if not matches:
        return []
    colors = [[parse_hex(c) for c in (match.line.color, match.dom.color)] for match in matches]
    apart = compute_distance(*np.swapaxes(np.array(colors), 0, 1))
    alike = np.clip(1 - (apart - VISIBLE) / OPPOSITE, 0, 1)
    return [
        _judge(match, find_ink_box(render, match.dom.box), float(c))
        for match, c in zip(matches, alike, strict=True)
    ]


def keep_visible(texts: Sequence[DomText], render: Pixels) -> list[DomText]:
    """Texts that can be read in the picture: white on white is not there."""
    return [text for text in texts if find_ink_box(render, text.box) is not None]


def _judge(match: Match, ink: Box | None, color: float) -> Verdict:
    line = match.line
    found = ink or match.dom.box
    dx = _choose_smaller_offset(
        found.x - line.box.x, found.cx - line.box.cx, found.right - line.box.right
    )
    dy = _choose_smaller_offset(
        found.y - line.box.y, found.cy - line.box.cy, found.bottom - line.box.bottom
    )
    letters = max(1, len("".join(line.text.split()))), max(1, len("".join(match.dom.text.split())))
    wide = (found.width / letters[1]) / max(1e-6, line.box.width / letters[0])
    across = _compute_ratio(line.box.width, line.box.width * wide)
    # An underline in one reading and not in the other changes the ink's height, not the type's
    # size.
    upright = max(
        _compute_ratio(line.box.height, found.height),
        _compute_ratio(line.size, match.dom.size, 0.0),
    )
    off = max(0.0, max(abs(dx), abs(dy)) - SNAP)
    return Verdict(
        match,
        compute_weight(line.box),
        dx,
        dy,
        wide,
        HALF_LOST / (HALF_LOST + off),
        math.sqrt(across * upright),
        color,
    )


def _choose_smaller_offset(*offsets: float) -> float:
    """A wider text is off at one edge but in its place at the other: its place is judged where it
    fits best.
    """
    return min(offsets, key=abs)


def _compute_ratio(one: float, other: float, snap: float = SIZE_SNAP) -> float:
    return min(1.0, (min(one, other) + snap) / max(one, other, 1e-6))
