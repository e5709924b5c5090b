"""Columns: the padding of surfaces, centered containers, and the spaces between children."""

from __future__ import annotations

from studio.pipeline.codegen.context import Context, measure_border_width
from studio.pipeline.codegen.element import ONE_COLUMN, Element, Room, Styles, Value
from studio.pipeline.layout.line_heights import set_line_height
from studio.pipeline.layout.nodes import Node

EVEN = 4.0  # px; left and right padding that differ by less are one number
NARROW = 160.0  # px; padding beyond this is a share of the width
WIDE_PAD = 40.0  # px; padding beyond this shrinks on narrow screens
CONTAINER = 420.0  # px; the narrowest content that gets a container
CENTERED = 5.0  # px off the middle that still count as centered
ALIKE = 1.2  # px; spaces that differ by less are one gap
OVERLAP = 4.0  # px by which boxes that touch may seem to overlap
FLUSH = 3.0  # px by which left edges that are one may differ
LARGE = 96.0  # px; a larger space above or below shrinks on narrow screens …
SMALLER = 64.0  # … to this
COLUMN = 4.0  # px by which an offset may miss a column of twelve
FAR = 96.0  # px; padding beyond this on both sides makes a container, however narrow


def get_inner_room(node: Node, room: Room) -> Room:
    """Return the room inside a surface's border, or the room itself where nothing is painted."""
    if node.surface is None:
        return room
    left = measure_border_width(node.surface, "l")
    right = measure_border_width(node.surface, "r")
    return Room(node.box.x + left, node.box.right - right)


def is_solid(node: Node) -> bool:
    """Return True if both edges of a node can be seen (a box, a picture), unlike ragged text."""
    if node.surface is not None or node.flow in ("picture", "rule", "shape", "table"):
        return True
    return any(
        is_solid(child) and child.box.width > 0.9 * node.box.width for child in node.children
    )


def find_content_room(children: tuple[Node, ...], room: Room) -> Room:
    """Return the room less its padding: even on both sides unless something solid is off."""
    left = max(0.0, min(child.box.x for child in children) - room.left)
    right = max(0.0, room.right - max(child.box.right for child in children))
    are_centered = all(abs(child.box.cx - room.centre) <= CENTERED for child in children)
    if are_centered and all(_centers_itself(child) for child in children):
        return room
    if are_centered and room.width - left - right < CONTAINER:
        has_container = left >= FAR and any(is_solid(child) for child in children)
        return Room(room.left + left, room.right - left) if has_container else room
    if abs(left - right) <= EVEN:
        even = min(left, right)
        return Room(room.left + even, room.right - even)
    solid_right = [room.right - c.box.right for c in children if is_solid(c)]
    solid_left = [c.box.x - room.left for c in children if is_solid(c)]
    if solid_right and min(solid_right) <= right + EVEN:
        return Room(room.left + left, room.right - right)
    if solid_left and right < left and min(solid_left) <= left + EVEN:
        return Room(room.left + left, room.right - right)
    even = min(left, right)
    if left > even + EVEN and _are_flush_left(children):
        return Room(room.left + left, room.right - even)
    return Room(room.left + even, room.right - even)


def _are_flush_left(children: tuple[Node, ...]) -> bool:
    """Return True if several texts start at one place, which then is the padding of all."""
    first = min(child.box.x for child in children)
    flush = sum(child.box.x - first <= FLUSH for child in children)
    return len(children) > 1 and flush > len(children) / 2


def _centers_itself(node: Node) -> bool:
    """Return True for words and buttons in the middle: their own width says nothing of a container."""
    if node.label.role in ("button", "badge"):
        return True
    return node.flow == "text" and (len(node.lines) == 1 or node.align == "center")


def pad_sides(element: Element, outer: Room, inner: Room, parent: Room) -> None:
    """Set the padding between two rooms; wide padding shrinks on narrow screens."""
    left = inner.left - outer.left
    right = outer.right - inner.right
    for side, pad in (("left", left), ("right", right)):
        if pad < 0.5:
            continue
        is_share = pad > NARROW and abs(left - right) > EVEN
        element.style[f"padding-{side}"] = write_offset(pad, parent.width) if is_share else pad
        if pad > WIDE_PAD:
            element.small[f"padding-{side}"] = 20.0


def write_offset(px: float, width: float) -> Value:
    """Return a large offset as twelfths of its room, where it is one; else in px."""
    twelfths = round(12 * px / width)
    if abs(twelfths * width / 12 - px) <= COLUMN:
        return f"{100 * twelfths / 12:.4g}%"
    return px


def is_centered(outer: Room, inner: Room) -> bool:
    """Return True if a room is a container in the middle of a wider one."""
    left, right = inner.left - outer.left, outer.right - inner.right
    return abs(left - right) <= EVEN and left >= 16 and (inner.width >= CONTAINER or left >= FAR)


def build_container_styles(inner: Room) -> Styles:
    return {"width": f"min(100% - 2rem, {write_rem(inner.width)})", "margin-inline": "auto"}


def write_rem(px: float) -> str:
    return f"{round(px) / 16:g}rem"


def reduce_line_heights(children: list[Node]) -> list[Node]:
    """Return the children with less line height where their line boxes overlap.

    So no margin has to be negative.
    """
    reduced = list(children)
    for i in range(len(reduced) - 1):
        gap = reduced[i + 1].box.y - reduced[i].box.bottom
        for k in (i, i + 1):
            if gap >= 0:
                break
            node = reduced[k]
            if node.flow == "text" and len(node.lines) == 1:
                least = round(1.05 * node.style.size)
                reduced[k] = set_line_height(
                    node, max(float(least), node.style.leading + 2 * gap - 1)
                )
                gap = reduced[i + 1].box.y - reduced[i].box.bottom
    return reduced


def space_children(
    element: Element,
    node: Node,
    nodes: list[Node],
    elements: list[Element],
    ctx: Context,
    *,
    first: bool = True,
) -> None:
    """Set padding above the first and below the last child, and margins between them.

    Where all spaces are alike, a single gap is set instead.
    """
    top = node.box.y + measure_border_width(node.surface, "t")
    bottom = node.box.bottom - measure_border_width(node.surface, "b")
    _add_padding(element, "padding-top", nodes[0].box.y - top + ctx.nudge(nodes[0]).before)
    _add_padding(element, "padding-bottom", bottom - nodes[-1].box.bottom + ctx.nudge(node).after)
    gaps = [
        b.box.y - a.box.bottom + ctx.nudge(b).before for a, b in zip(nodes, nodes[1:], strict=False)
    ]
    carry = 0.0
    whole_gaps = []
    for gap in gaps:
        rounded = round(gap + carry)
        if -OVERLAP <= rounded < 0:
            rounded = 0  # boxes measured a pixel too large: the next space makes up for it
        carry += gap - rounded
        whole_gaps.append(float(rounded))
    are_alike = len(gaps) >= 2 and max(gaps) - min(gaps) <= ALIKE
    if are_alike and all(_is_stretched(child) for child in elements):
        element.style.update({"display": "grid", "grid-template-columns": ONE_COLUMN})
        element.style["gap"] = round(sum(gaps) / len(gaps) * 2) / 2
        return
    for child, gap in zip(elements[1:], whole_gaps, strict=True):
        if abs(gap) >= 0.5:
            child.style["margin-top"] = gap
        if gap > LARGE:
            child.small["margin-top"] = SMALLER


def _add_padding(element: Element, side: str, value: float) -> None:
    value = float(round(value))
    if value > 0:
        element.style[side] = value
        if value > LARGE:
            element.small[side] = SMALLER
    elif value < 0 and side == "padding-top":
        element.style["margin-top"] = value


def _is_stretched(element: Element) -> bool:
    return not {"margin-inline", "margin-left", "max-width", "width"} & set(element.style)
