"""A tall mockup cut into parts that can be written one by one, each with its own hints, as a mockup
of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from studio.pipeline.perception.hints import Box, Hints, Picture, Rect, Section, TextLine

LEAST_HEIGHT = (
    160.0  # px; a lower slice goes with its neighbour (a header alone is rarely worth a request)
)
TALL = 1800.0  # px; a page up to here is written in one go
DENSE = 220  # items of hints; a page with more is cut even where it is not tall
FEWEST = 3  # slices; with fewer the whole page is no harder

Item = TypeVar("Item", TextLine, Rect, Picture)


@dataclass(frozen=True, slots=True)
class Slice:
    """`hints` with y counted from the slice's own top."""

    number: int
    top: float
    bottom: float
    hints: Hints

    @property
    def words(self) -> str:
        """Its first words, by which its neighbours know it."""
        lines = sorted(self.hints.texts, key=lambda line: (line.box.y, line.box.x))
        return " / ".join(line.text for line in lines[:3])


def is_long(hints: Hints) -> bool:
    items = len(hints.texts) + len(hints.rects) + len(hints.pictures)
    return hints.height > TALL or (items > DENSE and hints.height > TALL / 2)


def cut_mockup(hints: Hints, most: int) -> tuple[Slice, ...]:
    """The slices from the top down, at most `most`; none where the page is better written in one
    go.
    """
    if not is_long(hints) or most < FEWEST:
        return ()
    spans = _merge_sections(hints.sections, most)
    if len(spans) < FEWEST:
        return ()
    return tuple(
        Slice(number, top, bottom, _clip_hints(hints, top, bottom))
        for number, (top, bottom) in enumerate(spans)
    )


def _merge_sections(sections: Sequence[Section], most: int) -> list[tuple[float, float]]:
    """Spans none of which is lower than the least height, and no more than `most`: the lowest joins
    a neighbour.
    """
    spans = [(section.top, section.bottom) for section in sections]
    while len(spans) > 1:
        lowest = min(range(len(spans)), key=lambda i: spans[i][1] - spans[i][0])
        if len(spans) <= most and spans[lowest][1] - spans[lowest][0] >= LEAST_HEIGHT:
            break
        beside = [i for i in (lowest - 1, lowest + 1) if 0 <= i < len(spans)]
        other = min(beside, key=lambda i: spans[i][1] - spans[i][0])
        first, second = sorted((lowest, other))
        spans[first : second + 1] = [(spans[first][0], spans[second][1])]
    return spans


def _clip_hints(hints: Hints, top: float, bottom: float) -> Hints:
    return replace(
        hints,
        height=round(bottom - top),
        texts=_list_items(hints.texts, top, bottom),
        rects=_list_items(hints.rects, top, bottom),
        pictures=_list_items(hints.pictures, top, bottom),
        sections=(
            Section(
                0.0, bottom - top, next(s.background for s in hints.sections if s.bottom > top)
            ),
        ),
    )


def _list_items(items: Sequence[Item], top: float, bottom: float) -> tuple[Item, ...]:
    """What lies in the slice for the greater part; a box that goes on beyond it is cut at its
    edges.
    """
    found = []
    for item in items:
        y, end = max(item.box.y, top), min(item.box.bottom, bottom)
        whole = isinstance(item, Rect) and end - y >= 0.9 * (bottom - top)
        if end - y > 0.5 * item.box.height or whole:
            box = Box(item.box.x, y - top, item.box.width, end - y)
            found.append(_shift_item(item, box, top))
    return tuple(found)


def _shift_item(item: Item, box: Box, top: float) -> Item:
    if isinstance(item, TextLine):
        return replace(item, box=box, baseline=item.baseline - top)
    return replace(item, box=box)
