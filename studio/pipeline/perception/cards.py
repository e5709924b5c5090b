"""Cards made of stacked fills: parts that share one outline (picture above, text below) become a
card and its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.perception.hints import Border, Box, Rect
from studio.pipeline.perception.pixels import compute_channel_distance, parse_hex

# Border colours of one outline differ by no more than antialiasing and JPEG do.
ALIKE = 16


def join_cards(found: Sequence[Rect]) -> list[Rect]:
    """The rectangles, with each stacked pair of one outline turned into a card and the fill above."""
    rest = list(found)
    joined: list[Rect] = []
    for lower in found:
        upper = next((r for r in rest if _are_stacked(r, lower)), None)
        if upper is None or lower not in rest or lower.border is None:
            continue
        rest.remove(upper)
        rest.remove(lower)
        outline = Border(lower.border.width, lower.border.color)
        radius = max(upper.radius, lower.radius)
        joined.append(Rect(0, upper.box.union(lower.box), lower.fill, outline, radius))
        joined.append(replace(upper, box=_get_inside(upper), border=None, radius=0.0))
    return rest + joined


def _are_stacked(upper: Rect, lower: Rect) -> bool:
    if upper is lower or upper.border is None or lower.border is None:
        return False
    a, b = upper.border, lower.border
    open_edges = (
        {"t", "l", "r"} <= set(a.sides) and {"b", "l", "r"} <= set(b.sides) and "t" not in b.sides
    )
    aligned = abs(upper.box.x - lower.box.x) <= 1 and abs(upper.box.right - lower.box.right) <= 1
    meet = abs(upper.box.bottom - lower.box.y) <= 2
    return bool(
        open_edges
        and aligned
        and meet
        and compute_channel_distance(parse_hex(a.color), parse_hex(b.color)) <= ALIKE
    )


def _get_inside(rect: Rect) -> Box:
    """The rectangle without its border."""
    assert rect.border is not None
    top, right, bottom, left = (
        rect.border.width if side in rect.border.sides else 0 for side in "trbl"
    )
    box = rect.box
    return Box(box.x + left, box.y + top, box.width - left - right, box.height - top - bottom)
