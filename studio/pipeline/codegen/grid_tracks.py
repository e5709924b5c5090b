"""Where the columns of a row are: equal ones where edges or centres keep one pitch, else from edge
to edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.pipeline.codegen.columns import is_solid
from studio.pipeline.codegen.element import Room
from studio.pipeline.layout.nodes import Node

PITCH = 3.0  # px that equal columns may be off
TOLD = 14.0  # px, where a model says that the columns repeat
BREATH = 6.0  # px a centred text needs beside it, so that its lines break where they did
SIDEBAR = 360.0  # px: a solid column up to this wide keeps its width, its neighbour takes the rest


@dataclass(frozen=True, slots=True)
class Tracks:
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
    """A small whole ratio where it is exact, else the px themselves."""
    least = min(widths)
    for times in (1, 2, 3, 4, 5):
        unit = least / times
        if (
            all(abs(w / unit - round(w / unit)) * unit <= 1 for w in widths)
            and max(widths) / unit <= 12
        ):
            return f"{round(width / unit)}"
    return f"{round(width)}"


def find_tracks(children: Sequence[Node], room: Room, *, repeat: bool = False) -> Tracks:
    """`repeat`: the columns are known to be alike, so that what is nearly even is even."""
    even = _find_tracks_by_edges(children, room) or _find_tracks_by_centers(children, room)
    return (
        even
        or (_find_tracks_by_centers(children, room, TOLD) if repeat else None)
        or _find_tracks_by_gaps(children, room)
    )


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
    n, pitch = len(children), _find_pitch([c.box.x for c in children])
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
    return (
        _make_equal_tracks(children[0].box.x, pitch, pitch - gap, n)
        if pitch - gap >= max(widths) - 1 and gap >= 0
        else None
    )


def _find_tracks_by_centers(
    children: Sequence[Node], room: Room, slack: float = PITCH
) -> Tracks | None:
    n, pitch = len(children), _find_pitch([c.box.cx for c in children], slack)
    if pitch is None or n < 2 or (n == 2 and any(is_solid(c) for c in children)):
        return None
    gap = min(n * pitch - room.width, pitch - max(c.box.width for c in children))
    if gap < 0 or n * pitch - gap > room.width + 1:
        gap = max(0.0, min(24.0, pitch - max(c.box.width for c in children) - BREATH))
    width = pitch - gap
    start = sum(c.box.cx - i * pitch for i, c in enumerate(children)) / n - width / 2
    inside = start >= room.left - slack and start + n * pitch - gap <= room.right + slack
    return _make_equal_tracks(start, pitch, width, n) if gap >= 0 and inside else None


def _find_tracks_by_gaps(children: Sequence[Node], room: Room) -> Tracks:
    """Solid columns keep their edges, text takes what is left up to a common gap."""
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
