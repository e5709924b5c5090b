"""Right-to-left pages: laid out as their mirror image, so that one layout serves both, and written
with `dir="rtl"`.

Works on hints before the layout; `expand.mirror` puts the sides of the finished styles back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from studio.pipeline.perception.hints import Border, Box, Hints, Picture, Rect, TextLine
from studio.pipeline.perception.scripts import Direction, direction_of

Boxed = TypeVar("Boxed", TextLine, Rect, Picture)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When lines in letters that run from left to right still stand on a page that runs the other
    way.
    """

    flush: float = 2.5  # px that edges of lines below each other may differ
    ragged: float = 8.0  # px that their other edges differ by
    pitch: float = 2.0  # font sizes between the baselines of two lines of a paragraph
    least: int = 3  # pairs of lines that are flush right
    clearly: float = 3.0  # times as many as are flush left


LIMITS = Thresholds()


def page_direction(hints: Hints) -> Direction:
    """By the page's letters; where they run from left to right, by the side its paragraphs are
    flush at.
    """
    if direction_of("".join(line.text for line in hints.texts)) == "rtl":
        return "rtl"
    left = right = 0
    for above, below in _stacked(hints.texts):
        lefts, rights = abs(above.box.x - below.box.x), abs(above.box.right - below.box.right)
        left += lefts <= LIMITS.flush and rights >= LIMITS.ragged
        right += rights <= LIMITS.flush and lefts >= LIMITS.ragged
    return "rtl" if right >= LIMITS.least and right >= LIMITS.clearly * left else "ltr"


def _stacked(lines: Sequence[TextLine]) -> list[tuple[TextLine, TextLine]]:
    """Lines of one look and the line that follows each right below it."""
    pairs = []
    for above in lines:
        below = [
            line
            for line in lines
            if 0 < line.baseline - above.baseline <= LIMITS.pitch * above.size
            and (line.font, line.size, line.color) == (above.font, above.size, above.color)
            and line.box.x < above.box.right
            and above.box.x < line.box.right
        ]
        if below:
            pairs.append((above, min(below, key=lambda line: line.baseline)))
    return pairs


def mirror_box(box: Box, width: float) -> Box:
    return replace(box, x=width - box.right)


def mirror_hints(hints: Hints) -> Hints:
    """The page as a mirror shows it; words and pictures stay as they are."""
    return replace(
        hints,
        texts=tuple(_mirrored(line, hints.width) for line in hints.texts),
        rects=tuple(_mirror_borders(_mirrored(rect, hints.width)) for rect in hints.rects),
        pictures=tuple(_mirrored(picture, hints.width) for picture in hints.pictures),
    )


def _mirrored(item: Boxed, width: float) -> Boxed:
    return replace(item, box=mirror_box(item.box, width))


def _mirror_borders(rect: Rect) -> Rect:
    if rect.border is None:
        return rect
    sides = "".join(
        side for side in "trbl" if {"l": "r", "r": "l"}.get(side, side) in rect.border.sides
    )
    return replace(rect, border=Border(rect.border.width, rect.border.color, sides))
