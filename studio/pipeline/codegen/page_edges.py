"""Keeps text off the edges of narrow screens."""

from __future__ import annotations

from studio.pipeline.codegen.element import Element, Room, Value

MARGIN = 16.0  # px between text and the edge of a narrow screen


def keep_off_edges(element: Element, room: Room, page_width: float) -> None:
    """Give an element as wide as the page a padding on narrow screens, if it has none."""
    if room.own or room.width < page_width - 2 or _has_margin(element):
        return
    for side in ("left", "right"):
        key = f"padding-{side}"
        wide = element.style.get(key, 0.0)
        narrow = element.small.get(key, wide)
        if not _is_enough(narrow):
            element.small[key] = MARGIN


def _has_margin(element: Element) -> bool:
    """Return True for a container that leaves a margin, or whose padding does."""
    width = element.style.get("width", "")
    is_container = isinstance(width, str) and "100% - 2rem" in width
    return is_container or "padding-inline" in element.style


def _is_enough(padding: Value) -> bool:
    return not isinstance(padding, str) and padding >= MARGIN
