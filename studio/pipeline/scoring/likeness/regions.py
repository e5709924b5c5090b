"""Boxes and pictures that were recognized and that the render lacks, misplaces or fills wrongly.

Only what differs in pixels is told. Texts are told in `words.py`, what nobody recognized in
`leftover.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from studio.pipeline.color import compute_distance, parse_hex
from studio.pipeline.geometry import overlaps
from studio.pipeline.perception.hints import Box, Rect, TextLine
from studio.pipeline.scoring.likeness.account import Account, describe_offset, where
from studio.pipeline.scoring.likeness.evidence import grid_slice
from studio.pipeline.types import Difference, DomBox

SAME_PLACE = 0.5  # intersection over union from which a DOM box is taken for the mockup's
SAME_SIZE = 0.8  # of both sides: with the same fill, it is the mockup's box in another place
STRAYED = 400.0  # px; farther away it is another box
WRONG = 0.12  # mean difference (0-1) of a region's pixels from which it needs words
BAND = 0.9  # share of the page's width from which a box is a band
WRONG_FILL = 4.0  # ΔE2000
SHIFTED = 3.0  # px
EMPTY = 0.25  # of a picture's contrast; with less, nothing is drawn in its place


def find_region_differences(account: Account) -> Iterator[Difference]:
    rects = account.hints.rects
    names = _name_boxes(rects, account.hints.texts, account.hints.width)
    for rect, name, twin in zip(
        rects, names, _match_boxes(rects, account.render.boxes), strict=True
    ):
        if (found := _describe_rectangle(account, rect, name, twin)) is not None:
            yield found
    for number, picture in enumerate(account.hints.pictures, 1):
        if account.evidence.mean_difference(picture.box) > WRONG:
            words = (
                f"picture {number} is {_picture_fault(account, picture.box)} ({where(picture.box)})"
            )
            yield Difference("picture", picture.box, words, account.picture_cost(picture.box))


def _describe_rectangle(
    account: Account, rect: Rect, name: str, twin: DomBox | None
) -> Difference | None:
    lost = account.picture_cost(rect.box)
    if twin is None:
        fill = f", {rect.fill}" if rect.fill else ""
        words = f"{name} is missing ({where(rect.box)}{fill})"
        gone = account.evidence.mean_difference(rect.box) > WRONG
        return Difference("missing", rect.box, words, lost) if gone else None
    if rect.fill and twin.fill and _measure_distance(rect.fill, twin.fill) > WRONG_FILL:
        words = f"{name} is filled {twin.fill}, should be {rect.fill}"
        return Difference("recoloured", rect.box, words, lost, twin.element)
    resized, moved = _describe_misfit(rect.box, twin.box)
    if not (resized or moved):
        return None
    both = rect.box.union(twin.box)
    kind: Literal["resized", "moved"] = "resized" if resized else "moved"
    words = f"{name} is {', '.join(filter(None, (resized, moved)))}"
    return Difference(kind, both, words, account.picture_cost(both), twin.element)


def _describe_misfit(wanted: Box, got: Box) -> tuple[str, str]:
    """How its size is wrong and how its place is, in words; empty where they are right."""
    sizes = []
    for side, grown, shrunk in (("width", "wide", "narrow"), ("height", "tall", "short")):
        off = getattr(got, side) - getattr(wanted, side)
        if abs(off) >= SHIFTED:
            sizes.append(f"{abs(off):.0f} px too {grown if off > 0 else shrunk}")
    dx, dy = got.x - wanted.x, got.y - wanted.y
    return ", ".join(sizes), describe_offset(
        dx if abs(dx) >= SHIFTED else 0, dy if abs(dy) >= SHIFTED else 0
    )


def _match_boxes(rects: Sequence[Rect], boxes: Sequence[DomBox]) -> list[DomBox | None]:
    """For each rectangle the DOM's box: the one in its place, else one of its size and colour that
    is nobody else's.
    """
    in_place = _match_in_place(rects, boxes)
    taken = {id(box) for box in in_place}
    free = [box for box in boxes if id(box) not in taken]
    twins = []
    for rect, twin in zip(rects, in_place, strict=True):
        if twin is None and (twin := _find_strayed(rect, free)) is not None:
            free = [box for box in free if box is not twin]
        twins.append(twin)
    return twins


def _match_in_place(rects: Sequence[Rect], boxes: Sequence[DomBox]) -> list[DomBox | None]:
    if not boxes:
        return [None] * len(rects)
    table = overlaps([rect.box for rect in rects], [box.box for box in boxes])
    return [boxes[int(row.argmax())] if row.max() >= SAME_PLACE else None for row in table]


def _find_strayed(rect: Rect, boxes: Sequence[DomBox]) -> DomBox | None:
    alike = [
        box
        for box in boxes
        if _is_same_kind(rect, box) and _measure_way(rect.box, box.box) <= STRAYED
    ]
    return min(alike, key=lambda box: _measure_way(rect.box, box.box), default=None)


def _is_same_kind(rect: Rect, box: DomBox) -> bool:
    if rect.fill is None or box.fill is None or _measure_distance(rect.fill, box.fill) > WRONG_FILL:
        return False
    sides = ((rect.box.width, box.box.width), (rect.box.height, box.box.height))
    return all(min(pair) >= SAME_SIZE * max(pair) for pair in sides)


def _measure_way(one: Box, other: Box) -> float:
    return abs(one.cx - other.cx) + abs(one.cy - other.cy)


def _measure_distance(one: str, other: str) -> float:
    return float(compute_distance(parse_hex(one), parse_hex(other)))


def _picture_fault(account: Account, box: Box) -> str:
    """Return 'missing' where next to nothing is drawn in its place, else 'different'."""
    part = grid_slice(box)
    wanted, got = (
        float(account.evidence.wanted[part].mean()),
        float(account.evidence.got[part].mean()),
    )
    return "missing" if got < EMPTY * wanted else "different"


def _name_boxes(rects: Sequence[Rect], texts: Sequence[TextLine], width: int) -> list[str]:
    """What a person would call each box; equal names are numbered in reading order."""
    plain = [_name(rect, texts, width) for rect in rects]
    total, seen = Counter(plain), Counter[str]()
    named: dict[int, str] = {}
    for index in sorted(range(len(rects)), key=lambda i: (rects[i].box.y, rects[i].box.x)):
        name = plain[index]
        seen[name] += 1
        named[index] = f"{name} {seen[name]}" if total[name] > 1 else name
    return [named[index] for index in range(len(rects))]


def _name(rect: Rect, texts: Sequence[TextLine], width: int) -> str:
    if min(rect.box.width, rect.box.height) <= 3:
        return "line"
    if rect.box.width >= BAND * width:
        return "band"
    inside = [line.text for line in texts if rect.box.contains(line.box)]
    if len(inside) == 1:
        return f"the box around '{inside[0]}'"
    return "card" if inside else "box"
