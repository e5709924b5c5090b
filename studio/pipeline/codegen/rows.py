"""Writes rows: words and buttons in a line (flex), columns side by side (grid), things on top of
each other (stack).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studio.pipeline.codegen.columns import (
    build_container_styles,
    find_content_room,
    is_centered,
    pad_sides,
    write_rem,
)
from studio.pipeline.codegen.context import Context, measure_border_width
from studio.pipeline.codegen.element import Element, Room
from studio.pipeline.codegen.grid_tracks import find_tracks
from studio.pipeline.layout.nodes import Node

Write = Callable[[Node, Room, Context], Element]
ALIKE = 3.0


def build_flex_row(element: Element, node: Node, room: Room, ctx: Context, write: Write) -> None:
    """Children in a line; what is left of the room goes where it went in the mockup."""
    children = list(node.children)
    element.style["display"] = "flex"
    _add_vertical_padding(element, node, ctx)
    inner = _set_justification(element, node, room)
    # A row that fills its room to the pixel would wrap at the first rounding: it may only do so on
    # narrow screens.
    tight = inner.right - children[-1].box.right <= ALIKE
    (element.small if tight else element.style)["flex-wrap"] = "wrap"
    _set_item_alignment(element, node)
    elements = []
    for child in children:
        made = write(child, Room(child.box.x, child.box.right), ctx)
        if _find_growing_child(child):
            made.style.update(
                {
                    "flex": f"1 1 {round(child.box.width * 0.6)}px",
                    "max-width": float(round(child.box.width)),
                }
            )
            made.style.pop("width", None)
            made.style["min-width"] = 0.0
        elif child.flow in ("column", "stack") and child.surface is None and child.children:
            # Shares of its width inside would otherwise be shares of nothing.
            made.style["flex"] = f"0 1 {write_rem(child.box.width + 1)}"
        elements.append(made)
    _measure_gaps(element, children, elements, inner, ctx)
    _set_vertical_offsets(element, node, elements, ctx)
    element.children = list(elements)


def _find_growing_child(node: Node) -> bool:
    if node.label.role == "field" or (node.label.role == "button" and node.box.width > 240):
        return True
    return node.label.role == "picture" and node.box.width > 120


def _add_vertical_padding(element: Element, node: Node, ctx: Context) -> None:
    if node.surface is None:
        return
    top = min(c.box.y for c in node.children) - node.box.y - measure_border_width(node.surface, "t")
    bottom = (
        node.box.bottom
        - measure_border_width(node.surface, "b")
        - max(c.box.bottom for c in node.children)
    )
    nudge = ctx.nudge(node.children[0]).before
    element.style["padding-top"] = float(max(0, round(top + nudge)))
    element.style["padding-bottom"] = float(max(0, round(bottom - nudge)))


def _set_justification(element: Element, node: Node, room: Room) -> Room:
    """Sets padding and justify-content; the room that is left to the children."""
    children = node.children
    left, right = children[0].box.x - room.left, room.right - max(c.box.right for c in children)
    gaps = _measure_spaces(children)
    wide = max(gaps, default=0.0)
    if wide >= 48 and (
        node.surface is not None or abs(left - right) <= 24 or min(left, right) <= ALIKE
    ):
        inner = Room(children[0].box.x, max(c.box.right for c in children))
        if is_centered(room, inner) and abs(left - right) <= 4 and left > 40:
            element.style["padding-inline"] = (
                f"max(1rem, (100% - {round(inner.width) / 16:g}rem) / 2)"
            )
            return inner
        pad_sides(element, room, inner, room)
        return inner
    if abs(left - right) <= 4 and left > 3:
        element.style["justify-content"] = "center"
    elif right <= ALIKE and left > 8:
        element.style["justify-content"] = "flex-end"
    elif left > 1.5:
        element.style["padding-left"] = left
        if left > 48:
            element.small["padding-left"] = 0.0
    return Room(children[0].box.x, room.right)


def _measure_spaces(children: Sequence[Node]) -> list[float]:
    return [b.box.x - a.box.right for a, b in zip(children, children[1:], strict=False)]


def _measure_gaps(
    element: Element,
    children: Sequence[Node],
    elements: Sequence[Element],
    inner: Room,
    ctx: Context,
) -> None:
    gaps = _measure_spaces(children)
    if not gaps:
        return
    reaches = inner.right - children[-1].box.right <= ALIKE
    wide = max(gaps)
    if (
        wide >= 48
        and reaches
        and sum(g >= 0.8 * wide for g in gaps) == 1
        and not any(_find_growing_child(c) for c in children)
    ):
        if len(children) == 2:
            element.style.update({"justify-content": "space-between", "gap": 16.0})
            return
        elements[gaps.index(wide) + 1].style["margin-left"] = "auto"
    if len(gaps) > 1 and max(gaps) - min(gaps) <= 3:
        element.style["gap"] = float(round(sum(gaps) / len(gaps) * 2) / 2)
        return
    if len(gaps) == 1:
        element.style["gap"] = float(max(0, round(gaps[0])))
        return
    common = max(0.0, float(round(min(gaps))))
    element.style["gap"] = common
    for gap, made in zip(gaps, elements[1:], strict=True):
        if gap - common >= 1 and made.style.get("margin-left") != "auto":
            made.style["margin-left"] = float(round(gap - common))


def _set_item_alignment(element: Element, node: Node) -> None:
    element.style["align-items"] = find_vertical_alignment(node.children)


def find_vertical_alignment(children: Sequence[Node]) -> str:
    centres = [c.box.cy for c in children]
    tops = [c.box.y for c in children]
    bottoms = [c.box.bottom for c in children]
    if max(centres) - min(centres) <= ALIKE:
        return "center"
    texts = [c for c in children if c.flow == "text"]
    if len(texts) == len(children) and _spread_children([t.lines[0].baseline for t in texts]) <= 2:
        return "baseline"
    if max(tops) - min(tops) <= ALIKE:
        return "flex-start"
    if max(bottoms) - min(bottoms) <= ALIKE:
        return "flex-end"
    return "flex-start"


def _spread_children(values: Sequence[float]) -> float:
    return max(values) - min(values)


def _set_vertical_offsets(
    element: Element, node: Node, elements: Sequence[Element], ctx: Context
) -> None:
    """Where children neither share a top nor a centre, each is pushed down from the highest."""
    if element.style["align-items"] != "flex-start":
        return
    top = min(c.box.y for c in node.children)
    for child, made in zip(node.children, elements, strict=True):
        off = round(child.box.y - top + ctx.nudge(child).before)
        if off >= 2 or (off >= 1 and ctx.nudge(child).before):
            made.style["margin-top"] = float(off)


def build_grid_row(element: Element, node: Node, room: Room, ctx: Context, write: Write) -> None:
    """Columns beside each other, each filling its track; one below the other on narrow screens."""
    children = list(node.children)
    inner = _find_grid_room(node, room)
    tracks = find_tracks(children, inner, repeat="repeat" in node.label.flags)
    outer = tracks.outer
    _add_vertical_padding(element, node, ctx)
    if is_centered(room, outer) and node.surface is None:
        element.style.update(build_container_styles(outer))
    elif outer.left - room.left > 1.5 or room.right - outer.right > 1.5:
        pad_sides(element, room, outer, room)
    element.style.update({"display": "grid", "grid-template-columns": tracks.template()})
    if tracks.gap >= 0.5:
        element.style["gap"] = float(round(tracks.gap * 2) / 2)
    element.small["grid-template-columns"] = "minmax(0, 1fr)"
    if tracks.gap < 16 and not all(c.surface or c.flow == "picture" for c in children):
        element.small["gap"] = 24.0
    elements = [
        write(child, track, ctx) for child, track in zip(children, tracks.rooms, strict=True)
    ]
    _align_cells(element, node, elements, ctx)
    element.children = list(elements)


def _find_grid_room(node: Node, room: Room) -> Room:
    """The room, padded unless something solid touches one of its edges (a photo that bleeds)."""
    inner = find_content_room(node.children, room)
    first, last = node.children[0], node.children[-1]
    if abs(first.box.x - room.left) <= ALIKE or abs(room.right - last.box.right) <= ALIKE:
        flush_left = abs(first.box.x - room.left) <= ALIKE
        flush_right = abs(room.right - last.box.right) <= ALIKE
        if flush_left != flush_right:
            return room
    return inner


def _align_cells(element: Element, node: Node, elements: Sequence[Element], ctx: Context) -> None:
    children = node.children
    boxed = [c for c in children if c.surface is not None]
    if len(boxed) == len(children) and _spread_children([c.box.height for c in children]) <= ALIKE:
        return
    how = find_vertical_alignment(children)
    if how == "center":
        element.style["align-items"] = "center"
        return
    element.style["align-items"] = "start"
    if how == "flex-end":
        element.style["align-items"] = "end"
        return
    top = min(c.box.y for c in children)
    for child, made in zip(children, elements, strict=True):
        off = child.box.y - top + ctx.nudge(child).before
        if off >= 1:
            made.style["margin-top"] = float(round(off))
            if off > 40:
                made.small["margin-top"] = 0.0


def build_stack(element: Element, node: Node, room: Room, ctx: Context, write: Write) -> None:
    """Everything in one grid cell, the first child below; the others set in from its corner."""
    base, *overlays = node.children
    element.style.update({"display": "grid", "grid-template-columns": "minmax(0, 1fr)"})
    if node.surface is not None:
        element.style["min-height"] = float(round(node.box.height))
    below = write(base, room, ctx)
    below.style["grid-area"] = "1 / 1"
    top = base.box.y - node.box.y + ctx.nudge(base).before
    if top >= 1:
        below.style["margin-top"] = float(round(top))
    element.children = [below]
    for overlay in overlays:
        made = write(overlay, Room(overlay.box.x, overlay.box.right), ctx)
        made.style.update(
            {"grid-area": "1 / 1", "align-self": "start", **_find_horizontal_place(overlay, room)}
        )
        off = overlay.box.y - node.box.y + ctx.nudge(overlay).before
        if abs(off) >= 0.5:
            made.style["margin-top"] = float(round(off))
        element.children.append(made)


def _find_horizontal_place(overlay: Node, room: Room) -> dict[str, float | str]:
    left, right = overlay.box.x - room.left, room.right - overlay.box.right
    if abs(left - right) <= 4:
        return {"justify-self": "center"}
    if left <= right:
        return {"justify-self": "start", "margin-left": float(round(left))}
    return {"justify-self": "end", "margin-right": float(round(right))}
