"""What belongs to icons. Boxes that are parts of one (a camera's body, a calendar's sheet) and the ink that
they touch become one icon again; an icon with room around it on a box is a button and stays two things.
Letters in a row of icons of one size are icons, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.pipeline.perception.hints import Box, Rect, TextLine, bound_boxes
from studio.pipeline.perception.pictures import Region


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px, of boxes and ink that may be one icon."""

    largest: float = 40.0
    gap: float = 1.0  # between two parts that touch
    room: float = 3.0  # around an icon on its button
    pill: float = 0.8  # of half the height: rounder ends are a switch's or a disc's
    in_row: float = 1.0  # by which the tops, feet and sides of icons in a row differ
    fewest: int = 2  # icons that make a row


LIMITS = Thresholds()


@dataclass(frozen=True, slots=True)
class Parted:
    """The boxes that are none of an icon's, and the icons with what is theirs."""

    rects: list[Rect]
    icons: list[Region]


def join_icon_parts(
    rects: Sequence[Rect], icons: Sequence[Region], lines: Sequence[TextLine]
) -> Parted:
    """Return the boxes and icons with each small box that touches an icon's ink joined to it."""
    left, joined = list(rects), list(icons)
    for rect in rects:
        if max(rect.box.width, rect.box.height) > LIMITS.largest or _holds_words(rect.box, lines):
            continue
        touched = [icon for icon in joined if _is_one_icon(rect, icon.box)]
        union = bound_boxes([rect.box, *(icon.box for icon in touched)])
        if not touched or max(union.width, union.height) > LIMITS.largest:
            continue
        left.remove(rect)
        joined = [icon for icon in joined if icon not in touched]
        joined.append(
            Region(round(union.x), round(union.y), round(union.right), round(union.bottom))
        )
    return Parted(left, joined)


def drop_icon_letters(lines: Sequence[TextLine], icons: Sequence[Region]) -> list[TextLine]:
    """Return the lines without single letters that stand in a row of square icons and are as tall: "f" and
    "t" among the signs of social networks. The others are numbered anew.
    """
    kept = [line for line in lines if not _is_icon_letters(line, icons)]
    return [replace(line, id=i) for i, line in enumerate(kept, 1)]


def _is_icon_letters(line: TextLine, icons: Sequence[Region]) -> bool:
    if any(len(word) > 1 for word in line.text.split()):
        return False
    slack = LIMITS.in_row
    same = [
        icon
        for icon in icons
        if abs(icon.box.y - line.box.y) <= slack
        and abs(icon.box.bottom - line.box.bottom) <= slack
        and abs(icon.box.width - icon.box.height) <= slack
    ]
    return len(same) >= LIMITS.fewest


def _holds_words(box: Box, lines: Sequence[TextLine]) -> bool:
    return any(box.intersection(line.box) > 0 for line in lines)


def _is_one_icon(rect: Rect, icon: Box) -> bool:
    box = rect.box
    if icon.contains(box, 0) and icon.area > box.area:
        return True
    gap = LIMITS.gap
    around = Box(box.x - gap, box.y - gap, box.width + 2 * gap, box.height + 2 * gap)
    if not around.intersection(icon):
        return False
    if not box.contains(icon, 0):
        return not _is_switch(rect)
    room = min(icon.x - box.x, icon.y - box.y, box.right - icon.right, box.bottom - icon.bottom)
    return room < LIMITS.room and rect.fill is not None and not _is_switch(rect)


def _is_switch(rect: Rect) -> bool:
    """Whether a box is a pill or a disc: a switch, its knob, a radio button, an avatar's ground."""
    return rect.radius >= LIMITS.pill * min(rect.box.width, rect.box.height) / 2
