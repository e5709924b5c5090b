"""Lines in a font that is not there: set in one family, each style in one size, as a person would
who has not got it.

Chosen line by line, as where the font is known, noise would choose: a page in five fonts and thirty
sizes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from studio.pipeline.perception.fonts import Face, covers, measure_extent
from studio.pipeline.perception.ink_lines import InkLine
from studio.pipeline.perception.line_fit import (
    INK_MARGIN,
    FontMatch,
    estimate_sizes,
    find_baseline,
    ink_share,
    measure_ink_likeness,
    round_font_size,
)

# A line whose best picture is less alike than this is in none of the fonts that are there, as far
# as it tells: from this many letters on.
UNSURE = 0.85
TELLING = 8
# What a line of fewer letters must look alike to keep its font.
SURE = 0.93
# Such lines hold more than this share of a page's letters, and there are this many that tell: its
# font is not there.
MOSTLY = 0.5
FEWEST = 4
# What a stand-in must look more alike by that lays down e times as much ink, or as little: where letters
# do not lie on each other, their shapes say next to nothing of their weight, the ink does.
OTHER_INK = 0.3
# Of the size, what letters of a stand-in are set closer at most: letters that lie on each other
# cannot be read, smaller ones can.
CLOSEST = 0.05
# Between the sizes of one style, as far as the heights of its lines tell them: from one to the
# next, and in all.
SAME_SIZE, SAME_STYLE = 1.06, 1.25


def is_unknown_font(lines: Sequence[tuple[InkLine, str]], best: Sequence[float]) -> bool:
    """Whether most of the page's letters are in a font that is not there. `best`: how alike a font
    draws each line.
    """
    long = [
        (len(text), score)
        for (_, text), score in zip(lines, best, strict=True)
        if len(text) >= TELLING
    ]
    unsure = sum(count for count, score in long if score < UNSURE)
    return len(long) >= FEWEST and unsure > MOSTLY * sum(count for count, _ in long)


def choose_fallback_fonts(
    lines: Sequence[tuple[InkLine, str]], own: Sequence[FontMatch], faces: Sequence[Face]
) -> list[FontMatch]:
    """One family for all lines but those that are sure, and one face, size and spacing for those
    that are as high.
    """
    unsure = [
        i
        for i, match in enumerate(own)
        if match.score < (UNSURE if len(lines[i][1]) >= TELLING else SURE)
    ]
    families: defaultdict[str, list[Face]] = defaultdict(list)
    for face in faces:
        if not face.italic and all(covers(face, lines[i][1]) for i in unsure):
            families[face.family].append(face)
    if not families:
        return list(own)
    _, best = max(
        (_match_in_family(lines, unsure, faces) for faces in families.values()),
        key=lambda pair: pair[0],
    )
    return [
        replace(best[i], score=match.score) if i in best else match for i, match in enumerate(own)
    ]


def _match_in_family(
    lines: Sequence[tuple[InkLine, str]], members: Sequence[int], faces: Sequence[Face]
) -> tuple[float, dict[int, FontMatch]]:
    """How well one family draws these lines, and how each is set in it."""
    total, out = 0.0, dict[int, FontMatch]()
    for style in _group_by_size(lines, members, faces[0]):
        tried = [_match_style(lines, style, face) for face in faces]
        scores = [
            sum(len(lines[i][1]) * match.score for i, match in found.items()) for found in tried
        ]
        total += max(scores)
        out |= tried[scores.index(max(scores))]
    return total, out


def _group_by_size(
    lines: Sequence[tuple[InkLine, str]], members: Sequence[int], face: Face
) -> list[list[int]]:
    """The lines by their size, where there is a step between sizes."""
    high = {i: estimate_sizes(*lines[i], face)[1] for i in members}
    styles: list[list[int]] = []
    for i in sorted(members, key=lambda i: high[i]):
        last = styles[-1] if styles else None
        if last and high[i] < SAME_SIZE * high[last[-1]] and high[i] < SAME_STYLE * high[last[0]]:
            last.append(i)
        else:
            styles.append([i])
    return styles


def _match_style(
    lines: Sequence[tuple[InkLine, str]], style: Sequence[int], face: Face
) -> dict[int, FontMatch]:
    """The lines in one face at one size, letters set apart by what fills their widths best."""
    size = float(np.median([estimate_sizes(*lines[i], face)[1] for i in style]))
    size = round_font_size(size, 0.02 * size)
    gaps = np.array([len(lines[i][1]) - 1 for i in style])
    spare = np.array(
        [
            lines[i][0].width - INK_MARGIN - size * measure_extent(face, lines[i][1]).width
            for i in style
        ]
    )
    spacing = round(float((gaps * spare).sum() / max(1.0, (gaps**2).sum())), 1)
    if spacing < -CLOSEST * size:
        size, spacing = _set_closest(lines, style, face)
    out = {}
    for i in style:
        ink, text = lines[i]
        score = measure_ink_likeness(ink, text, face, size, spacing) - abs(spacing) / size
        score -= OTHER_INK * abs(ink_share(ink, text, face, size, spacing))
        out[i] = FontMatch(face, size, find_baseline(ink, text, face, size), spacing, score)
    return out


def _set_closest(
    lines: Sequence[tuple[InkLine, str]], style: Sequence[int], face: Face
) -> tuple[float, float]:
    """The size at which a face that is too wide fills the lines' widths, its letters set as close
    as they may be; and by how much.
    """
    asked = [
        (lines[i][0].width - INK_MARGIN)
        / (measure_extent(face, lines[i][1]).width - CLOSEST * (len(lines[i][1]) - 1))
        for i in style
    ]
    size = float(np.median(asked))
    size = round_font_size(size, 0.02 * size)
    return size, round(-CLOSEST * size, 1)
