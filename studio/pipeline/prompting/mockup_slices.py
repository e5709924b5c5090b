"""A tall mockup cut into slices that can be written separately, each with its own hints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from studio.pipeline.perception.hints import Box, Hints, Picture, Rect, Section, TextLine

# Px; a lower slice joins its neighbor, because a header alone is rarely worth a request.
LEAST_HEIGHT = 160.0
TALL = 1800.0  # px; a page up to here is written in one go
DENSE = 220  # items of hints; a page with more is cut at half the height
FEWEST = 3  # slices; with fewer the whole page is no harder to write

Item = TypeVar("Item", TextLine, Rect, Picture)


@dataclass(frozen=True, slots=True)
class Slice:
    """A horizontal part of the mockup; y in its `hints` is counted from the slice's own top."""

    number: int
    top: float
    bottom: float
    hints: Hints

    @property
    def words(self) -> str:
        """Return its first lines of text, which identify it to its neighbors."""
        lines = sorted(self.hints.texts, key=lambda line: (line.box.y, line.box.x))
        return " / ".join(line.text for line in lines[:3])


def is_long(hints: Hints) -> bool:
    items = len(hints.texts) + len(hints.rects) + len(hints.pictures)
    return hints.height > TALL or (items > DENSE and hints.height > TALL / 2)


def cut_mockup(hints: Hints, most: int) -> tuple[Slice, ...]:
    """Return the slices from the top down, at most `most`.

    There are none where the page is better written in one go.
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
    """Return at most `most` spans, none lower than the least height.

    The lowest span joins a neighbor until both hold.
    """
    spans = [(section.top, section.bottom) for section in sections]
    while len(spans) > 1:
        lowest = min(range(len(spans)), key=lambda i: spans[i][1] - spans[i][0])
        if len(spans) <= most and spans[lowest][1] - spans[lowest][0] >= LEAST_HEIGHT:
            break
        neighbors = [i for i in (lowest - 1, lowest + 1) if 0 <= i < len(spans)]
        other = min(neighbors, key=lambda i: spans[i][1] - spans[i][0])
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
    """Return the items that lie mostly in the slice.

    A box that continues outside is cut at the slice's edges.
    """
    items_inside = []
    for item in items:
        y, bottom_edge = max(item.box.y, top), min(item.box.bottom, bottom)
        fills_slice = isinstance(item, Rect) and bottom_edge - y >= 0.9 * (bottom - top)
        if bottom_edge - y > 0.5 * item.box.height or fills_slice:
            box = Box(item.box.x, y - top, item.box.width, bottom_edge - y)
            items_inside.append(_shift_item(item, box, top))
    return tuple(items_inside)


def _shift_item(item: Item, box: Box, top: float) -> Item:
    if isinstance(item, TextLine):
        return replace(item, box=box, baseline=item.baseline - top)
    return replace(item, box=box)
