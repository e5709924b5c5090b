"""One line of ink set in a face: what size it asks for, how alike it then looks, where its baseline
is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.pipeline.perception.fonts import Face, correlate_ink, draw, measure_extent
from studio.pipeline.perception.text_ink import InkLine

# An ink box, cut where pixels are a quarter covered, is this much larger than the outline.
# Median of 183 lines; 5 to 95 %: ±.9.
INK_MARGIN = 0.1
# Letters are compared over this much of the line; further on, a tiny error of size has shifted them
# apart.
COMPARED = 300
# What twice the ink costs, in logarithms; and a face that is only a squeezed sibling of another.
WEIGHT_MATTERS = 0.2
NARROW = 0.04


@dataclass(frozen=True, slots=True)
class FontMatch:
    face: Face
    size: float
    baseline: float
    spacing: float
    score: float


def estimate_sizes(ink: InkLine, text: str, face: Face) -> tuple[float, float]:
    """The font size that the ink's width asks for, and the one its height asks for."""
    e = measure_extent(face, text)
    return (ink.width - INK_MARGIN) / e.width, max(1.0, ink.height - INK_MARGIN) / max(
        e.height, 0.05
    )


def measure_ink_likeness(ink: InkLine, text: str, face: Face, size: float, spacing: float) -> float:
    """How alike the drawn text and the ink look, over as much of the line as is worth comparing."""
    e = measure_extent(face, text)
    count = len(text)
    if ink.width > COMPARED:
        count = max(4, int(count * COMPARED / ink.width))
        e = measure_extent(face, text[:count])
    drawn = draw(
        face, text[:count], e.width * size + spacing * (count - 1) + INK_MARGIN, spacing / size
    )
    # Digits are as wide in bold as in regular; how much ink there is tells them apart.
    shown = float(ink.alpha[:, : drawn.shape[1]].sum())
    weight = abs(math.log(max(shown, 0.5) / max(float(drawn.sum()), 0.5)))
    return (
        correlate_ink(drawn, ink.alpha)
        - WEIGHT_MATTERS * weight
        - (NARROW if "Narrow" in face.family else 0.0)
    )


def find_baseline(ink: InkLine, text: str, face: Face, size: float) -> float:
    """The ink's middle is surer than its bottom: overshoot and antialiasing weigh on both ends
    alike.
    """
    e = measure_extent(face, text)
    return round((ink.top + ink.bottom) / 2 + (e.above - e.below) * size / 2, 1)


def round_font_size(size: float, error: float) -> float:
    """The plainest size within the error: a whole number, else a half, fifth or tenth."""
    for step in (1.0, 0.5, 0.2, 0.1):
        snapped = round(round(size / step) * step, 2)
        if abs(snapped - size) <= error:
            return snapped
    return round(size, 2)
