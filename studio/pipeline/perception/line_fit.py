"""One line of ink set in a face: what size it asks for, how alike it then looks, where its baseline
is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.fonts import (
    DRAWN_AT,
    Face,
    correlate_ink,
    draw,
    ink_width_at,
    is_gridded,
    measure_extent,
    row_profile,
)
from studio.pipeline.perception.ink_lines import InkLine
from studio.pipeline.perception.scripts import is_shaped

# An ink box, cut where pixels are a quarter covered, is this much larger than the outline.
# Median of 183 lines; 5 to 95 %: ±.9.
INK_MARGIN = 0.1
# Letters are compared over this much of the line; further on, a tiny error of size has shifted them
# apart.
COMPARED = 300
# Gridded letters move a line's width by up to this share of it, and its ends are sure to this many
# pixels.
SIZE_REACH, WIDTH_ERROR, WIDTH_SHARE = 0.05, 1.3, 0.006
# px: sizes in style sheets are multiples of a half, or of a twentieth of 16 px.
PLAIN_STEPS = (0.5, 0.8)
# Rows of ink this alike are the same letters; the baseline is tried in such steps of px, and a
# whole pixel is taken where it is at most this much less alike.
ROWS_AGREE, BASELINE_STEP, AS_WELL = 0.9, 0.25, 0.015
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
    off = {
        grid: abs(ink.width - INK_MARGIN - ink_width_at(face, text, size, spacing, on_grid=grid))
        for grid in grids_of(face)
    }
    likely = [grid for grid in off if off[grid] <= max(WIDTH_ERROR, min(off.values()))]
    best = max(
        _alike_drawn(ink, _drawn_start(ink, text, face, size, spacing, grid)) for grid in likely
    )
    return best - (NARROW if "Narrow" in face.family else 0.0)


def grids_of(face: Face) -> tuple[bool, ...]:
    """How letters may stand in a mockup: on whole pixels or, where it was drawn at a larger ratio,
    between them.
    """
    return (True, False) if is_gridded(face) else (False,)


def _alike_drawn(ink: InkLine, drawn: NDArray[np.float32]) -> float:
    # Digits are as wide in bold as in regular; how much ink there is tells them apart.
    return correlate_ink(drawn, ink.alpha) - WEIGHT_MATTERS * abs(_ink_ratio(ink, drawn))


def ink_share(ink: InkLine, text: str, face: Face, size: float, spacing: float) -> float:
    """The logarithm of how many times as much ink there is as the face would lay down."""
    return _ink_ratio(ink, _drawn_start(ink, text, face, size, spacing))


def _drawn_start(
    ink: InkLine, text: str, face: Face, size: float, spacing: float, on_grid: bool = True
) -> NDArray[np.float32]:
    if ink.width > COMPARED and not is_shaped(text):
        text = text[: max(4, int(len(text) * COMPARED / ink.width))].rstrip()
    width = ink_width_at(face, text, size, spacing, on_grid=on_grid) + INK_MARGIN
    return draw(face, text, width, spacing / size, size if on_grid else 0.0)


def _ink_ratio(ink: InkLine, drawn: NDArray[np.float32]) -> float:
    shown = float(ink.alpha[:, : drawn.shape[1]].sum())
    return math.log(max(shown, 0.5) / max(float(drawn.sum()), 0.5))


def find_baseline(ink: InkLine, text: str, face: Face, size: float) -> float:
    """Where the letters stand: by their rows of ink, started from the ink's middle, which is surer
    than its bottom.
    """
    e = measure_extent(face, text)
    middle = (ink.top + ink.bottom) / 2 + (e.above - e.below) * size / 2
    return _baseline_by_rows(ink, text, face, size, middle)


def _baseline_by_rows(ink: InkLine, text: str, face: Face, size: float, about: float) -> float:
    """The baseline near `about` at which the drawn rows hold ink as the line's rows do.

    Chromium draws text on whole pixels, so a whole one is taken where it fits as well.
    """
    rows, above = row_profile(face, text)
    if not len(rows):
        return round(about, 1)
    seen = ink.alpha.sum(axis=1).astype(np.float64)
    edges = (np.arange(len(rows) + 1) - above) * size / DRAWN_AT
    drawn = np.concatenate([[0.0], np.cumsum(rows)])
    tried = np.arange(np.floor(about) - 1, np.ceil(about) + 1.01, BASELINE_STEP)
    scores = []
    for baseline in tried:
        inked = np.interp(ink.top + np.arange(len(seen) + 1) - baseline, edges, drawn)
        predicted = np.diff(inked)
        scores.append(
            float(predicted @ seen)
            / max(1e-9, float(np.linalg.norm(predicted) * np.linalg.norm(seen)))
        )
    best = max(scores)
    if best < ROWS_AGREE:
        return round(about, 1)
    fitting = [b for b, score in zip(tried, scores, strict=True) if score >= best - AS_WELL]
    whole = [b for b in fitting if b % 1 == 0]
    return round(
        float(min(whole, key=lambda b: abs(b - about)) if whole else tried[int(np.argmax(scores))]),
        2,
    )


def plain_sizes(ink: InkLine, text: str, face: Face) -> list[float]:
    """Font sizes as style sheets give them at which the face sets the text in the ink's width, the
    nearest first.

    For fonts whose letters stand on whole pixels: several sizes may give one width, and sizes
    between give others.
    """
    about = estimate_sizes(ink, text, face)[0]
    low, high = about * (1 - SIZE_REACH), about * (1 + SIZE_REACH)
    steps = {
        round(n * step, 2)
        for step in PLAIN_STEPS
        for n in range(int(low / step), int(high / step) + 2)
    }
    off = {
        size: abs(ink_width_at(face, text, size) + INK_MARGIN - ink.width)
        for size in sorted(steps)
        if low <= size <= high
    }
    near = [size for size in off if off[size] <= max(WIDTH_ERROR, WIDTH_SHARE * ink.width)]
    return sorted(near, key=lambda size: (round(off[size]), size % 1 != 0, abs(size - about)))


def spare_width(ink: InkLine, text: str, face: Face, size: float, spacing: float = 0.0) -> float:
    """How much wider the ink is than the face sets the text, by the way of setting that comes
    nearer.
    """
    widths = (ink_width_at(face, text, size, spacing, on_grid=grid) for grid in grids_of(face))
    return min((ink.width - INK_MARGIN - width for width in widths), key=abs)


def round_font_size(size: float, error: float) -> float:
    """The plainest size within the error: a whole number, else a half, fifth or tenth."""
    for step in (1.0, 0.5, 0.2, 0.1):
        snapped = round(round(size / step) * step, 2)
        if abs(snapped - size) <= error:
            return snapped
    return round(size, 2)
