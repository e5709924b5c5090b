"""The columns of a row.

They are equal where edges or centers keep one pitch, else they go from edge to edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.pipeline.codegen.columns import is_solid
from studio.pipeline.codegen.element import Room
from studio.pipeline.codegen.ratio_tracks import find_ratio_tracks
from studio.pipeline.layout.nodes import Node

PITCH = 3.0  # px by which equal columns may be off
PITCH_OF_REPEATS = 14.0  # px by which columns may be off that a model labelled as repeating
LARGEST_SHARE = 12  # of a small ratio
BREATH = 6.0  # px beside a centered text, so that its lines break as in the mockup
SIDEBAR = 360.0  # px; a solid column up to this wide keeps its width, its neighbor gets the rest


@dataclass(frozen=True, slots=True)
class Tracks:
    """The columns of a row."""

    rooms: tuple[Room, ...]
    gap: float
    equal: bool

    @property
    def outer(self) -> Room:
        return Room(self.rooms[0].left, self.rooms[-1].right)

    def template(self) -> str:
        widths = [room.width for room in self.rooms]
        if self.equal:
            return f"repeat({len(widths)}, minmax(0, 1fr))"
        if len(widths) == 2 and min(widths) <= SIDEBAR and max(widths) > 1.4 * min(widths):
            return " ".join(
                f"{round(w)}px" if w == min(widths) else "minmax(0, 1fr)" for w in widths
            )
        return " ".join(f"minmax(0, {_write_share(w, widths)}fr)" for w in widths)


def _write_share(width: float, widths: Sequence[float]) -> str:
    """Return a small whole ratio where it is exact, else the px."""
    least = min(widths)
    for times in (1, 2, 3, 4, 5):
        unit = least / times
        is_exact = all(abs(w / unit - round(w / unit)) * unit <= 1 for w in widths)
        if is_exact and max(widths) / unit <= LARGEST_SHARE:
            return f"{round(width / unit)}"
    return f"{round(width)}"


def find_tracks(children: Sequence[Node], room: Room, *, repeat: bool = False) -> Tracks:
    """Return the columns of a row.

    With `repeat` the columns are known to be alike, so nearly equal ones are made equal.
    """
    tracks = _find_tracks_by_edges(children, room) or _find_tracks_by_centers(children, room)
    if tracks is None and repeat:
        tracks = _find_tracks_by_centers(children, room, PITCH_OF_REPEATS)
    if tracks is not None:
        return tracks
    in_ratio = find_ratio_tracks(children, room)
    if in_ratio is not None:
        rooms, gap = in_ratio
        widths = {round(each.width) for each in rooms}
        return Tracks(rooms, gap, len(widths) == 1)
    return _find_tracks_by_gaps(children, room)


def _find_pitch(places: Sequence[float], slack: float = PITCH) -> float | None:
    steps = [b - a for a, b in zip(places, places[1:], strict=False)]
    return sum(steps) / len(steps) if max(steps) - min(steps) <= slack else None


def _make_equal_tracks(start: float, pitch: float, width: float, n: int) -> Tracks:
    return Tracks(
        tuple(Room(start + i * pitch, start + i * pitch + width) for i in range(n)),
        pitch - width,
        True,
    )


def _find_tracks_by_edges(children: Sequence[Node], room: Room) -> Tracks | None:
    n = len(children)
    pitch = _find_pitch([child.box.x for child in children])
    if pitch is None:
        return None
    widths = [c.box.width for c in children]
    if all(is_solid(c) for c in children) and max(widths) - min(widths) <= PITCH:
        return _make_equal_tracks(children[0].box.x, pitch, sum(widths) / n, n)
    gap = n * pitch - room.width
    if n < 3 and not (0 <= gap <= 96):
        return None
    if not 0 <= gap < 0.5 * pitch or abs(children[0].box.x - room.left) > PITCH:
        gap = min(pitch - max(widths), 32.0)
    if gap < 0 or pitch - gap < max(widths) - 1:
        return None
    return _make_equal_tracks(children[0].box.x, pitch, pitch - gap, n)


def _find_tracks_by_centers(
    children: Sequence[Node], room: Room, slack: float = PITCH
) -> Tracks | None:
    n = len(children)
    pitch = _find_pitch([child.box.cx for child in children], slack)
    if pitch is None or n < 2 or (n == 2 and any(is_solid(c) for c in children)):
        return None
    gap = min(n * pitch - room.width, pitch - max(c.box.width for c in children))
    if gap < 0 or n * pitch - gap > room.width + 1:
        gap = max(0.0, min(24.0, pitch - max(c.box.width for c in children) - BREATH))
    width = pitch - gap
    start = sum(c.box.cx - i * pitch for i, c in enumerate(children)) / n - width / 2
    is_inside = start >= room.left - slack and start + n * pitch - gap <= room.right + slack
    return _make_equal_tracks(start, pitch, width, n) if gap >= 0 and is_inside else None


def _find_tracks_by_gaps(children: Sequence[Node], room: Room) -> Tracks:
    """Return columns with a common gap.

    Solid columns keep their edges; text gets the rest.
    """
    spaces = [b.box.x - a.box.right for a, b in zip(children, children[1:], strict=False)]
    solid = [is_solid(c) for c in children]
    exact = [s for s, a, b in zip(spaces, solid, solid[1:], strict=False) if a and b]
    gap = max(0.0, min([*exact, *spaces, *([] if exact else [32.0])]))
    rooms = []
    left = room.left if not solid[0] else min(children[0].box.x, room.left + 1e9)
    for i, child in enumerate(children):
        if i == len(children) - 1:
            right = max(room.right, child.box.right)
            if solid[i] and room.right - child.box.right < 3:
                right = child.box.right
        elif solid[i] and not solid[i + 1]:
            right = child.box.right
        else:
            right = children[i + 1].box.x - gap
        rooms.append(Room(left, max(right, left + 1)))
        left = rooms[-1].right + gap
    return Tracks(tuple(rooms), gap, False)
