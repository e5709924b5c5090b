"""Horizontal slices of a page: cut where a full-width band begins or ends, and in the middle of
blank stretches.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from studio.pipeline.perception.hints import Picture, Rect, Section, TextLine
from studio.pipeline.perception.pixels import Pixels, find_common_color, write_hex

# A band spans nearly the whole page; a blank stretch as tall as this parts two sections.
BAND_WIDTH = 0.97
BLANK = 56
MIN_HEIGHT = 40


def find_sections(
    rgb: Pixels, texts: Sequence[TextLine], rects: Sequence[Rect], pictures: Sequence[Picture]
) -> tuple[Section, ...]:
    """Slices from top to bottom that cover the page without gaps."""
    height, width = rgb.shape[:2]
    bands = [r.box for r in rects if r.box.width >= BAND_WIDTH * width and r.box.height >= 3]
    bands += [p.box for p in pictures if p.box.width >= BAND_WIDTH * width]
    cuts = {round(edge) for band in bands for edge in (band.y, band.bottom)}
    inner = (
        [t.box for t in texts]
        + [p.box for p in pictures]
        + [r.box for r in rects if r.box.width < BAND_WIDTH * width]
    )
    cuts |= _find_blank_middles([(box.y, box.bottom) for box in inner], sorted(cuts | {0, height}))
    edges = [0]
    for cut in sorted(cuts):
        if cut - edges[-1] >= MIN_HEIGHT and height - cut >= MIN_HEIGHT:
            edges.append(cut)
    edges.append(height)
    return tuple(
        Section(float(top), float(bottom), write_hex(find_common_color(rgb[top:bottom:2, ::2])))
        for top, bottom in itertools.pairwise(edges)
    )


def _find_blank_middles(spans: Sequence[tuple[float, float]], edges: Sequence[int]) -> set[int]:
    """Middles of stretches between two spans, both inside the same band, where nothing is drawn."""
    middles: set[int] = set()
    reach = 0.0
    for top, bottom in sorted(spans):
        if reach and top - reach >= BLANK and not any(reach <= edge <= top for edge in edges):
            middles.add(round((reach + top) / 2))
        reach = max(reach, bottom)
    return middles
