"""Columns in a small whole ratio with one gap, such as 2 : 1 : 1, as an author would write them.

A ratio is a hypothesis about all columns of a row at once. It holds where it puts every child at
most `NOISE` px from where the mockup has it; of those that hold the simplest is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import gcd

from studio.pipeline.codegen.columns import is_solid
from studio.pipeline.codegen.element import Room
from studio.pipeline.layout.nodes import Node

NOISE = 2.0  # px by which an edge may be off
STEP = 4.0  # px of the scale of gaps
MOST_GAP = 128.0  # px
SHARES = {2: 8, 3: 4, 4: 3}  # columns: the largest share of one
OFF_SCALE = 2  # what a gap off the scale costs, in units of a share


def find_ratio_tracks(
    children: Sequence[Node], room: Room
) -> tuple[tuple[Room, ...], float] | None:
    """Return the columns and their gap, or None if no small ratio explains where the children are."""
    found: list[tuple[int, float, tuple[Room, ...], float]] = []
    for shares in _list_ratios(len(children)):
        gap = _solve_gap(children, room, shares)
        if gap is None:
            continue
        for tried in (STEP * round(gap / STEP), float(round(gap))):
            rooms = _make_rooms(room, shares, tried)
            error = _measure_error(children, rooms)
            if error <= NOISE and tried >= 0:
                cost = sum(shares) + (OFF_SCALE if tried % STEP else 0)
                found.append((cost, error, rooms, tried))
                break
    if not found:
        return None
    _, _, rooms, gap = min(found, key=lambda each: each[:2])
    return rooms, gap


def _list_ratios(n: int) -> Iterator[tuple[int, ...]]:
    most = SHARES.get(n)
    if most is None:
        return
    for shares in product(range(1, most + 1), repeat=n):
        if gcd(*shares) == 1:
            yield shares


def _solve_gap(children: Sequence[Node], room: Room, shares: Sequence[int]) -> float | None:
    """Return the gap that fits the left edges best; None if it is no gap.

    A left edge is at left + (width - (n - 1) gap) part + i gap, which is linear in the gap.
    """
    total, n = sum(shares), len(shares)
    above = below = 0.0
    for i in range(1, n):
        part = sum(shares[:i]) / total
        slope = i - (n - 1) * part
        above += slope * (children[i].box.x - room.left - room.width * part)
        below += slope * slope
    if below < 1e-6:
        return None
    gap = above / below
    return gap if -NOISE <= gap <= MOST_GAP else None


def _make_rooms(room: Room, shares: Sequence[int], gap: float) -> tuple[Room, ...]:
    unit = (room.width - gap * (len(shares) - 1)) / sum(shares)
    rooms = []
    left = room.left
    for share in shares:
        rooms.append(Room(left, left + share * unit))
        left = rooms[-1].right + gap
    return tuple(rooms)


def _measure_error(children: Sequence[Node], rooms: Sequence[Room]) -> float:
    """Return the px by which the worst edge is off."""
    worst = 0.0
    for child, room in zip(children, rooms, strict=True):
        over = child.box.right - room.right
        right = abs(over) if is_solid(child) else max(0.0, over)
        worst = max(worst, abs(child.box.x - room.left), right)
    return worst
