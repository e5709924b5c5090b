"""How wide text runs and where its baseline sits in its line box, in the fonts the renders will
use.

Knows fonts through the hints' own tables, so that a width measured here is the width the hints were
matched with.
"""

from __future__ import annotations

import functools

from studio.pipeline.perception.fonts import (
    Face,
    list_installed_faces,
    load_font,
    measure_extent,
    text_advance,
    width_at,
)
from studio.pipeline.perception.web_fonts import list_known_faces

EM = 1000


@functools.lru_cache(maxsize=256)
def find_face(font: str, weight: int, italic: bool) -> Face | None:
    """The face that is nearest; None on a machine without fonts."""
    same = [face for face in list_known_faces() if face.family == font] or list(
        list_installed_faces()
    )
    return min(
        same, key=lambda face: (abs(face.weight - weight), face.italic != italic), default=None
    )


@functools.lru_cache(maxsize=16384)
def measure_advance(text: str, font: str, weight: int, italic: bool) -> float:
    """The text's width at a font size of 1; half an em a letter when no font is to be had."""
    face = find_face(font, weight, italic)
    return text_advance(face, text) if face else 0.5 * len(text)


@functools.lru_cache(maxsize=16384)
def text_width(text: str, font: str, weight: int, italic: bool, size: float) -> float:
    """The text's width in pixels at a font size, as Chromium lays it out."""
    face = find_face(font, weight, italic)
    return width_at(face, text, size) if face else 0.5 * len(text) * size


@functools.lru_cache(maxsize=16384)
def measure_bearing(text: str, font: str, weight: int, italic: bool) -> float:
    """How far the ink starts right of the pen, at a font size of 1."""
    face = find_face(font, weight, italic)
    return measure_extent(face, text).bearing if face else 0.0


@functools.lru_cache(maxsize=16384)
def measure_ink_width(text: str, font: str, weight: int, italic: bool) -> float:
    face = find_face(font, weight, italic)
    return measure_extent(face, text).width if face else 0.5 * len(text)


@functools.lru_cache(maxsize=256)
def _measure_ascent_descent(font: str, weight: int, italic: bool) -> tuple[float, float]:
    face = find_face(font, weight, italic)
    if face is None:
        return 0.9, 0.2
    ascent, descent = load_font(face, face.path, EM).getmetrics()
    return ascent / EM, descent / EM


def measure_ascent(size: float, font: str, weight: int, italic: bool) -> float:
    """From the top of the glyph box to the baseline; Chromium rounds both reaches to whole pixels."""
    return round(_measure_ascent_descent(font, weight, italic)[0] * size)


def measure_content_height(size: float, font: str, weight: int, italic: bool) -> float:
    up, down = _measure_ascent_descent(font, weight, italic)
    return round(up * size) + round(down * size)


def find_baseline_in_line(
    leading: float, size: float, font: str, weight: int, italic: bool
) -> float:
    """From the top of a line box of height `leading` to its baseline."""
    slack = leading - measure_content_height(size, font, weight, italic)
    return slack / 2 + measure_ascent(size, font, weight, italic)
