"""Rows: text and buttons in a line (flex), columns side by side (grid), and stacks."""

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
from studio.pipeline.codegen.element import ONE_COLUMN, Element, Room
from studio.pipeline.codegen.grid_tracks import find_tracks
from studio.pipeline.layout.nodes import Node

Write = Callable[[Node, Room, Context], Element]
TILES = 4  # columns from which small ones stand in pairs on narrow screens
TILE_TEXTS = 8  # lines of a tile, or of a list of links
FEWEST_TILES = 3  # tiles, from which the others may be as wide as two …
MOSTLY_TILES = 0.6  # … if so many of all are tiles
TILE_PICTURE = 90.0  # px; a tile with a larger picture gets a phone's whole width
SMALL_PICTURE = 100.0  # px; a picture up to this wide leaves room for text beside it on a phone
SMALL_PART = 72.0  # px; an icon, a badge or an amount beside a text is up to this wide
SMALL_PARTS = 180.0  # px of a phone's line that such things and the gaps may take from the text
TILE_WIDTH = 150.0  # px of a tile's text: half of a phone of 390 px, less margins
STACKED_GAP = 32.0  # px between columns that are stacked, where the gap beside them is wider
ROW_GAP = 12.0  # px between the lines of a row that wraps on narrow screens
ALIKE = 3.0  # px; places that differ by less are the same
PANEL = 0.4  # share of its ground's width from which an overlay is a panel, no badge
# A panel on narrow screens.
STACKED: dict[str, float | str] = {"margin": "0", "width": "auto", "justify-self": "stretch"}
SCATTERED = 4  # parts of a stack from which none is the ground of the others
SMALL_BOX = 96.0  # px; a painted box up to this wide does not shrink in a row
WIDER_WORDS = 0.04  # of a line's width: how much wider another font sets it, or a browser rounds it
WIDE_GAP = 48.0  # px from which a gap separates the parts of a row


def build_flex_row(element: Element, node: Node, room: Room, ctx: Context, write: Write) -> None:
    """Write children in a line; the rest of the room is where it was in the mockup."""
    children = list(node.children)
    element.style["display"] = "flex"
    _add_vertical_padding(element, node, ctx)
    inner = _set_justification(element, node, room)
    # A row that fills its room to the pixel would wrap at the first rounding, so it may wrap on
    # narrow screens only.
    is_full = inner.right - children[-1].box.right <= ALIKE
    if not _stays_in_line(children, is_full=is_full):
        (element.small if is_full else element.style)["flex-wrap"] = "wrap"
    _set_item_alignment(element, node)
    elements = []
    for child in children:
        made = write(child, make_own_room(child), ctx)
        if _find_growing_child(child):
            made.style.update(
                {
                    "flex": f"1 1 {round(child.box.width * 0.6)}px",
                    "max-width": float(round(child.box.width)),
                }
            )
            made.style.pop("width", None)
            made.style["min-width"] = 0.0
        elif needs_own_width(child):
            spare = room.right - child.box.right if child is children[-1] else 0.0
            made.style["flex"] = write_flex_basis(child, spare)
        elements.append(made)
    shrinks = room.own and not needs_own_width(node)
    _measure_gaps(element, children, elements, inner, shrinks=shrinks)
    _limit_row_gap(element)
    _set_vertical_offsets(element, node, elements, ctx)
    element.children = list(elements)


def _stays_in_line(children: Sequence[Node], *, is_full: bool) -> bool:
    """Return True for a text between or beside small things: on a phone it breaks its lines instead.

    Small things are icons, badges and amounts. Only in a full row may a gap be wide: it is what is left.
    """
    if not is_full and max(_measure_spaces(children), default=0.0) > WIDE_GAP:
        return False
    wide = [child for child in children if child.box.width > SMALL_PART]
    if len(wide) > 1 or len(children) < 2 or any(_find_growing_child(c) for c in children):
        return False
    if any(child.flow not in ("text", "column") or child.label.tag == "nav" for child in wide):
        return False
    if wide and not any(inner.flow == "text" for inner in wide[0].walk()):
        return False
    small = sum(child.box.width for child in children if child not in wide)
    gaps = sum(min(gap, STACKED_GAP) for gap in _measure_spaces(children))
    return small + gaps <= SMALL_PARTS


def make_own_room(node: Node) -> Room:
    """Return the room of a child that no column gives its width."""
    return Room(node.box.x, node.box.right, own=True)


def needs_own_width(node: Node) -> bool:
    """Return True for a box or group that would shrink to its content where no column widens it.

    A box around an icon shrinks to the icon; in a group percentages would refer to nothing.
    """
    if node.label.role in ("button", "badge", "field", "choice"):
        return False
    is_group = node.flow in ("column", "stack") or node.surface is not None
    return is_group and bool(node.children)


def write_flex_basis(node: Node, spare: float = 0.0) -> str:
    """Return a basis that may shrink; a box as small as an icon's keeps its size. `spare`: free room
    at its right, of which words that may come out wider get a little, so that no line breaks.
    """
    if node.surface is not None and node.box.width <= SMALL_BOX:
        return f"0 0 {write_rem(node.box.width)}"
    if node.surface is not None:
        return f"0 1 {write_rem(node.box.width)}"
    slack = min(max(0.0, spare), WIDER_WORDS * node.box.width)
    return f"0 1 {write_rem(node.box.width + max(1.0, round(slack)))}"


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
    """Set padding and justify-content; return the room that is left for the children."""
    children = node.children
    last = max(child.box.right for child in children)
    left = children[0].box.x - room.left
    right = room.right - last
    widest_gap = max(_measure_spaces(children), default=0.0)
    has_edges = node.surface is not None or abs(left - right) <= 24 or min(left, right) <= ALIKE
    if widest_gap >= WIDE_GAP and has_edges:
        inner = Room(children[0].box.x, last)
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
    *,
    shrinks: bool,
) -> None:
    """Set the spaces between a row's children. `shrinks`: the row is as wide as its content, so that no
    space is left over to be spread.
    """
    gaps = _measure_spaces(children)
    if not gaps:
        return
    widest = max(gaps)
    is_full = not shrinks and inner.right - children[-1].box.right <= ALIKE
    has_one_wide_gap = widest >= WIDE_GAP and sum(gap >= 0.8 * widest for gap in gaps) == 1
    can_grow = any(_find_growing_child(child) for child in children)
    are_equal_and_wide = widest >= WIDE_GAP and widest - min(gaps) <= ALIKE
    if is_full and are_equal_and_wide and not can_grow:
        # A gap in px beside words that come out a little wider would break the last line.
        element.style.update({"justify-content": "space-between", "gap": 16.0})
        return
    if is_full and has_one_wide_gap and not can_grow:
        elements[gaps.index(widest) + 1].style["margin-left"] = "auto"
    if len(gaps) > 1 and max(gaps) - min(gaps) <= ALIKE:
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
            made.small["margin-left"] = 0.0


def _limit_row_gap(element: Element) -> None:
    """Keep a gap between columns from becoming one between wrapped lines."""
    gap = element.style.get("gap")
    if isinstance(gap, float) and gap > ROW_GAP:
        del element.style["gap"]
        element.style.update({"row-gap": ROW_GAP, "column-gap": gap})


def _set_item_alignment(element: Element, node: Node) -> None:
    element.style["align-items"] = find_vertical_alignment(node.children)


def find_vertical_alignment(children: Sequence[Node]) -> str:
    centers = [c.box.cy for c in children]
    tops = [c.box.y for c in children]
    bottoms = [c.box.bottom for c in children]
    if max(centers) - min(centers) <= ALIKE:
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
    """Push children down from the highest where they share neither a top nor a center."""
    if element.style["align-items"] != "flex-start":
        return
    top = min(c.box.y for c in node.children)
    for child, child_element in zip(node.children, elements, strict=True):
        offset = round(child.box.y - top + ctx.nudge(child).before)
        if offset >= 2 or (offset >= 1 and ctx.nudge(child).before):
            child_element.style["margin-top"] = float(offset)


def build_grid_row(element: Element, node: Node, room: Room, ctx: Context, write: Write) -> None:
    """Write columns beside each other, each filling its track; stacked on narrow screens."""
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
    are_buttons = all(child.label.role == "button" for child in children)
    keeps_columns = are_buttons or _is_picture_beside_text(children)
    if not keeps_columns:
        element.small["grid-template-columns"] = _write_narrow_template(node)
    if tracks.gap < 16 and not all(c.surface or c.flow == "picture" for c in children):
        element.small["gap"] = 24.0
    elif tracks.gap > WIDE_GAP:
        element.small["gap"] = STACKED_GAP
    elements = [
        write(child, track, ctx) for child, track in zip(children, tracks.rooms, strict=True)
    ]
    _align_cells(element, node, elements, ctx)
    if element.small.get("grid-template-columns", ONE_COLUMN) != ONE_COLUMN:
        _span_narrow_columns(children, elements)
    element.children = list(elements)


def _write_narrow_template(node: Node) -> str:
    """Return the columns on narrow screens: one, or two where most are tiles of a few words each."""
    tiles = [child for child in node.children if _is_tile(child)]
    are_many = len(node.children) >= TILES and len(tiles) >= FEWEST_TILES
    are_most = len(tiles) >= MOSTLY_TILES * len(node.children)
    return "repeat(2, minmax(0, 1fr))" if are_many and are_most else ONE_COLUMN


def _is_tile(node: Node) -> bool:
    """Return True for a column of a few short lines, without a picture that needs a phone's width."""
    texts = [inner for inner in node.walk() if inner.flow == "text"]
    pictures = [inner for inner in node.walk() if _shows_picture(inner)]
    if not 0 < len(texts) <= TILE_TEXTS or any(p.box.width > TILE_PICTURE for p in pictures):
        return False
    return max(text.box.width for text in texts) <= TILE_WIDTH


def _shows_picture(node: Node) -> bool:
    has_ground = node.surface is not None and node.surface.picture is not None
    return node.flow == "picture" or has_ground


def _span_narrow_columns(children: Sequence[Node], elements: Sequence[Element]) -> None:
    """Let what is no tile, or is one too many, be as wide as two columns on narrow screens."""
    wide = [not _is_tile(child) for child in children]
    if len(children) % 2 and not any(wide):
        wide[0] = True
    for element, is_wide in zip(elements, wide, strict=True):
        if is_wide:
            element.small["grid-column"] = "1 / -1"


def _is_picture_beside_text(children: Sequence[Node]) -> bool:
    """Return True for a small picture with text beside it, which stays there on a phone."""
    if len(children) != 2:
        return False
    picture, text = sorted(children, key=_get_width)
    holds_words = any(inner.flow == "text" for inner in picture.walk())
    if not any(_shows_picture(inner) for inner in picture.walk()):
        return False  # a line or a stripe
    says_more = any(inner.flow == "text" for inner in text.walk())
    return picture.box.width <= SMALL_PICTURE and not holds_words and says_more


def _get_width(node: Node) -> float:
    return node.box.width


def _find_grid_room(node: Node, room: Room) -> Room:
    """Return the room, padded unless something solid touches one of its edges, such as a photo."""
    inner = find_content_room(node.children, room)
    first, last = node.children[0], node.children[-1]
    is_flush_left = abs(first.box.x - room.left) <= ALIKE
    is_flush_right = abs(room.right - last.box.right) <= ALIKE
    return room if is_flush_left != is_flush_right else inner


def _align_cells(element: Element, node: Node, elements: Sequence[Element], ctx: Context) -> None:
    children = node.children
    boxed = [c for c in children if c.surface is not None]
    if len(boxed) == len(children) and _spread_children([c.box.height for c in children]) <= ALIKE:
        return
    alignment = find_vertical_alignment(children)
    if alignment == "center":
        element.style["align-items"] = "center"
        return
    element.style["align-items"] = "start"
    if alignment == "flex-end":
        element.style["align-items"] = "end"
        return
    top = min(c.box.y for c in children)
    for child, child_element in zip(children, elements, strict=True):
        offset = child.box.y - top + ctx.nudge(child).before
        if offset >= 1:
            child_element.style["margin-top"] = float(round(offset))
            if offset > 40:
                child_element.small["margin-top"] = 0.0


def build_stack(element: Element, node: Node, room: Room, ctx: Context, write: Write) -> None:
    """Write everything in one grid cell.

    The first child is below; the others are offset from its corner.
    """
    base, *overlays = node.children
    element.style.update({"display": "grid", "grid-template-columns": ONE_COLUMN})
    is_scattered = _is_scattered(node)
    if node.surface is not None or is_scattered:
        element.style["min-height"] = float(round(node.box.height))
    below = write(base, room, ctx)
    below.style["grid-area"] = "1 / 1"
    top = base.box.y - node.box.y + ctx.nudge(base).before
    if top >= 1:
        below.style["margin-top"] = float(round(top))
    if node.box.bottom - base.box.bottom > ALIKE:
        below.style["align-self"] = (
            "start"  # an overlay that stands out does not stretch its ground
        )
    element.children = [below]
    for overlay in overlays:
        child_element = write(overlay, make_own_room(overlay), ctx)
        if needs_own_width(overlay) or len(overlay.lines) > 1:
            child_element.style["width"] = f"min(100%, {write_rem(overlay.box.width + 2)})"
        child_element.style.update(
            {"grid-area": "1 / 1", "align-self": "start", **_find_horizontal_place(overlay, room)}
        )
        offset = overlay.box.y - node.box.y + ctx.nudge(overlay).before
        if abs(offset) >= 0.5:
            child_element.style["margin-top"] = float(round(offset))
        if is_scattered or _is_panel(overlay, base):
            child_element.small.update({"grid-area": "auto", **STACKED})
        element.children.append(child_element)


def _is_scattered(node: Node) -> bool:
    """Return True for a region whose parts stand one by one where the mockup has them."""
    base, *others = node.children
    covered = sum(base.box.contains(other.box, ALIKE) for other in others)
    return len(others) >= SCATTERED - 1 and covered < len(others) / 2


def _is_panel(overlay: Node, base: Node) -> bool:
    """Return True if an overlay is as wide as to cover what is under it on a narrow screen."""
    holds_text = any(node.flow == "text" for node in overlay.walk())
    covers_text = any(node.flow == "text" for node in base.walk())
    return holds_text and covers_text and overlay.box.width > PANEL * base.box.width


def _find_horizontal_place(overlay: Node, room: Room) -> dict[str, float | str]:
    left, right = overlay.box.x - room.left, room.right - overlay.box.right
    if abs(left - right) <= 4:
        return {"justify-self": "center"}
    if left <= right:
        return {"justify-self": "start", "margin-left": float(round(left))}
    return {"justify-self": "end", "margin-right": float(round(right))}
