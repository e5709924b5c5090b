"""Decides which rectangular surfaces are drawn boxes and rules, and which are letters, icons,
photos or the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.pipeline.perception import rectangles as rects
from studio.pipeline.perception.badges import find_text_grounds
from studio.pipeline.perception.cards import join_cards
from studio.pipeline.perception.color_regions import Surfaces
from studio.pipeline.perception.hints import Border, Box, Rect, TextLine
from studio.pipeline.perception.outlines import Shape, is_icon_stroke
from studio.pipeline.perception.pictures import MAX_ICON_SIDE, Region
from studio.pipeline.perception.pixels import (
    MockupPixels,
    compute_channel_distance,
    parse_hex,
    write_hex,
)
from studio.pipeline.perception.shadows import find_shadow

# A shape up to this large without text on it is an icon's paint, unless it is a plain dot or an
# outlined square.
SMALL_SHAPE = 30
# A surface with less inside its outline than this is an outline.
RING = 0.2
# Times the noise of paint by which a panel must differ from what is painted below it.
BARE = 3
# px; a frame around a photo may be this wide, and this share of its shorter side.
MAX_FRAME, MOST_OF_FRAME = 24, 0.12
# Strokes this close along a box's edge are its shadow's or its bevel's.
HUGS = 4.5


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in px, shares of what the name says."""

    stroke_in_photo: float = 0.5  # share of a stroke in a photo, from which it is a part of it
    same_stroke: float = 0.8  # share of a stroke on another one, from which both are one
    # A drawing: its outline fills less of its box, and nothing in it fills so much of it.
    drawing: float = 0.6
    fills: float = 0.75
    framed: float = 0.9  # overlap (IoU) of a frame with a box that has a border already
    frame_side: float = 0.6  # share of a frame's upper and lower side that is drawn
    # A button's or a card's least width and height.
    control: tuple[int, int] = (40, 18)
    text_on_shape: float = 0.6  # share of a line on a small shape, which then is no icon's paint
    # A dot: how much of its outline it fills, and radii, in shares of its side, of a square one.
    dot_fill: float = 0.97
    square_dot: float = 0.35
    square_ring: float = 0.2
    beside_ring: int = 4  # from a ring's side to where its ground is read …
    ring_sides: int = 3  # … and on how many sides that is the color inside
    page: float = 0.98  # share of the page's sides, from which a panel is its ground
    outlined_sides: int = 3
    # A letter's part: the share of it on the line, and its height in line heights.
    in_text: float = 0.7
    letter_height: float = 1.1
    # Around a line, where underlines and dashes stand: at its sides and above, and below it.
    text_pad: int = 2
    text_below: int = 4
    on_line: float = 0.6
    in_photo: float = 0.7  # share of a shape in a photo, from which it is a part of it
    # A stroke along a side: how far it may reach beyond, and the share of the side that it covers.
    beyond: int = 3
    along: float = 0.6


LIMITS = Thresholds()


def find_boxes(
    sheet: MockupPixels,
    surfaces: Surfaces,
    shapes: Sequence[Shape],
    rules: Sequence[Shape],
    lines: Sequence[TextLine],
    photos: Sequence[Region],
    background: str,
) -> tuple[list[Rect], set[int]]:
    """The page's rectangles in paint order, and the surfaces that they explain."""
    shapes = [
        s
        for s in shapes
        if not _is_inside_text(_get_box(s), lines) and not _is_piece_of_photo(s, lines, photos)
    ]
    drawings = _find_line_drawings(shapes, lines)
    shapes = [s for s in shapes if not any(drawing.contains(_get_box(s)) for drawing in drawings)]
    rules = [s for s in rules if not any(drawing.contains(_get_box(s)) for drawing in drawings)]
    rules = [s for s in rules if not is_icon_stroke(surfaces, s, rules)]
    rings = [s for s in shapes if s.solid < RING]
    large = [s for s in shapes if s.solid >= RING and not _is_small(s, lines)]
    dots = [
        (s, rect)
        for s in shapes
        if _is_small(s, lines) and (rect := _make_dot(s, sheet, surfaces)) is not None
    ]
    whole, dividers = rects.join_split_panels(rects.make_panels(sheet, surfaces, large), sheet)
    panels = [panel for panel in whole if not _is_page(panel, sheet)]
    found = _finish_panels(panels, sheet, background)
    found += [rect for _, rect in dots]
    found = join_cards(found)
    found += _find_frames(rings, found, sheet, surfaces)
    found += find_text_grounds(sheet, lines, found, background, [photo.box for photo in photos])
    found = [replace(rect, shadow=find_shadow(rect, sheet)) for rect in found]
    found = _drop_page_ground(found, background, sheet)
    inner = [_make_stroke(panel) for panel in dividers]
    outer = [
        stroke
        for panel in rects.make_panels(sheet, surfaces, rules)
        if not runs_along_edge(stroke := _make_stroke(panel), found)
    ]
    strokes = [
        stroke
        for stroke in _drop_duplicates([*inner, *outer])
        if not is_inside_lines(stroke.box, lines)
        and not any(
            p.box.intersection(stroke.box) > LIMITS.stroke_in_photo * stroke.box.area
            for p in photos
        )
    ]
    used = (
        {s.surface for s in large + rings}
        | {s.surface for s, _ in dots}
        | {s.surface for s in rules}
    )
    return rects.paint_order([*found, *strokes]), used


def _finish_panels(
    panels: Sequence[rects.Panel], sheet: MockupPixels, background: str
) -> list[Rect]:
    """The panels as rectangles. One that has its neighbors' color needs no fill of its own, unless
    nothing else paints it: parts of a band that lines cut.
    """
    finished = [(panel, rects.finish(panel, sheet)) for panel in panels]
    filled = [rect for _, rect in finished if rect is not None and rect.fill]
    same = rects.SAME_LOSSY if sheet.lossy else rects.SAME
    found = []
    for panel, rect in finished:
        box = Box(panel.left, panel.top, panel.width, panel.height)
        if rect is None or rect.fill is None:
            around = [other for other in filled if other.box.contains(box, 2)]
            inner = min(around, key=lambda other: other.box.area, default=None)
            below = parse_hex(inner.fill if inner and inner.fill else background)
            if compute_channel_distance(panel.fill, below) > BARE * same:
                bare = Rect(0, box, None, None, panel.radius)
                rect = replace(rect or bare, fill=write_hex(panel.fill))
        if rect is not None:
            found.append(rect)
    return found


def _find_line_drawings(shapes: Sequence[Shape], lines: Sequence[TextLine]) -> list[Box]:
    """Line drawings: thin outlines of icon size around several smaller parts."""
    return [
        _get_box(s)
        for s in shapes
        if max(s.width, s.height) <= MAX_ICON_SIDE
        and s.solid < LIMITS.drawing
        and not any(_get_box(s).contains(line.box) for line in lines)
        and not any(_fills(other, s) for other in shapes)
    ]


def _fills(inner: Shape, outer: Shape) -> bool:
    return (
        inner is not outer
        and _get_box(outer).contains(_get_box(inner))
        and _get_box(inner).area >= LIMITS.fills * _get_box(outer).area
    )


def _find_frames(
    rings: Sequence[Shape], found: Sequence[Rect], sheet: MockupPixels, surfaces: Surfaces
) -> list[Rect]:
    """Outlines whose inside is not one fill: around a group of cells, around a photo."""
    frames = []
    for ring, panel in zip(rings, rects.make_panels(sheet, surfaces, rings), strict=True):
        box = _get_box(ring)
        if any(rect.border and rect.box.iou(box) > LIMITS.framed for rect in found):
            continue
        mask = surfaces.mask(ring.surface)
        middle = mask[mask.shape[0] // 2]
        thickness = int(middle.argmin()) if not middle.all() else 0
        widest = max(rects.MAX_BORDER, min(MAX_FRAME, MOST_OF_FRAME * min(box.width, box.height)))
        if (
            1 <= thickness <= widest
            and mask[:thickness].mean() > LIMITS.frame_side
            and mask[-thickness:].mean() > LIMITS.frame_side
        ):
            border = Border(float(thickness), write_hex(panel.fill))
            frames.append(Rect(0, box, None, border, ring.radius))
    return frames


def is_control(shape: Shape) -> bool:
    """Large and exact enough to be a button or a card, whatever lies around it."""
    width, height = LIMITS.control
    return shape.exact and shape.width >= width and shape.height >= height


def _get_box(shape: Shape) -> Box:
    return Box(shape.left, shape.top, shape.width, shape.height)


def _make_stroke(panel: rects.Panel) -> Rect:
    return Rect(0, Box(panel.left, panel.top, panel.width, panel.height), write_hex(panel.fill))


def _is_small(shape: Shape, lines: Sequence[TextLine]) -> bool:
    box = _get_box(shape)
    if max(shape.width, shape.height) > SMALL_SHAPE:
        return False
    least = LIMITS.text_on_shape
    return not any(box.intersection(line.box) > least * line.box.area for line in lines)


def _make_dot(shape: Shape, sheet: MockupPixels, surfaces: Surfaces) -> Rect | None:
    """A small shape that is a box of its own: a checkbox, a swatch, a dot; None for an icon's
    parts.
    """
    panel = rects.make_panels(sheet, surfaces, [shape])[0]
    rect = rects.finish(panel, sheet)
    is_full = shape.exact and shape.solid >= LIMITS.dot_fill
    if rect is None or not is_full or _is_ring(panel, sheet):
        return None
    square = rect.radius < LIMITS.square_dot * min(rect.box.width, rect.box.height)
    outlined = rect.border is not None and rect.border.sides == "trbl" and square
    return rect if outlined or (rect.fill is not None and rect.border is None) else None


def _is_ring(panel: rects.Panel, sheet: MockupPixels) -> bool:
    """Whether the colour inside a thin outline is the colour outside it too."""
    x, y = (panel.left + panel.right) // 2, (panel.top + panel.bottom) // 2
    away = LIMITS.beside_ring
    left, right = panel.left - away, panel.right - 1 + away
    top, bottom = panel.top - away, panel.bottom - 1 + away
    around = ((left, y), (right, y), (x, top), (x, bottom))
    seen = [sheet.rgb[b, a] for a, b in around if 0 <= a < sheet.width and 0 <= b < sheet.height]
    if panel.radius < LIMITS.square_ring * panel.width:
        return False
    distances = [int(compute_channel_distance(color, panel.fill)) for color in seen]
    alike = [distance for distance in distances if distance <= rects.SAME_LOSSY]
    return len(alike) >= LIMITS.ring_sides


def _is_page(panel: rects.Panel, sheet: MockupPixels) -> bool:
    """Whether a panel is the page's own ground (a gradient has to be painted)."""
    is_wide = panel.width >= LIMITS.page * sheet.width
    return is_wide and panel.height >= LIMITS.page * sheet.height and panel.gradient is None


def _drop_page_ground(found: list[Rect], background: str, sheet: MockupPixels) -> list[Rect]:
    """Drops boxes of the page's own colour that lie directly on the page, with neither outline nor
    shadow.
    """
    same = rects.SAME_LOSSY if sheet.lossy else rects.SAME
    ground = parse_hex(background)

    def is_ground(rect: Rect) -> bool:
        if (
            rect.fill is None
            or compute_channel_distance(parse_hex(rect.fill), ground) > same
            or rect.gradient
        ):
            return False
        outlined = rect.shadow is not None or (
            rect.border is not None and len(rect.border.sides) >= LIMITS.outlined_sides
        )
        return not outlined and not any(
            o is not rect and o.fill and o.box.contains(rect.box, 2) for o in found
        )

    return [rect for rect in found if not is_ground(rect)]


def _is_inside_text(box: Box, lines: Sequence[TextLine]) -> bool:
    """A letter's inside, or a stroke of a large letter."""
    return any(
        line.box.intersection(box) > LIMITS.in_text * box.area
        and box.height <= LIMITS.letter_height * line.box.height
        for line in lines
    )


def is_inside_lines(box: Box, lines: Sequence[TextLine]) -> bool:
    """Underlines and dashes belong to their text."""
    for line in lines:
        pad, below = LIMITS.text_pad, LIMITS.text_below
        left, top = line.box.x - pad, line.box.y - pad
        around = Box(left, top, line.box.width + 2 * pad, line.box.height + pad + below)
        if around.intersection(box) > LIMITS.on_line * box.area:
            return True
    return False


def _is_piece_of_photo(shape: Shape, lines: Sequence[TextLine], photos: Sequence[Region]) -> bool:
    """An even patch inside a photo is part of the picture unless it is large, exact and carries
    words, like a hero's button. A frame holds the photo.
    """
    box = _get_box(shape)
    inside = [photo for photo in photos if photo.box.intersection(box) > LIMITS.in_photo * box.area]
    if not inside or (shape.solid < RING and any(box.contains(photo.box) for photo in inside)):
        return False
    return not is_control(shape) or not any(box.contains(line.box) for line in lines)


def runs_along_edge(stroke: Rect, found: Sequence[Rect]) -> bool:
    """Whether a stroke runs along a box's edge: its border, or a layer of its shadow."""
    line = stroke.box
    for rect in found:
        box = rect.box
        if line.width >= line.height:
            near = min(abs(line.cy - box.y), abs(line.cy - box.bottom)) <= HUGS
            along = (
                line.x >= box.x - LIMITS.beyond
                and line.right <= box.right + LIMITS.beyond
                and line.width >= LIMITS.along * (box.width - 2 * rect.radius)
            )
        else:
            near = min(abs(line.cx - box.x), abs(line.cx - box.right)) <= HUGS
            along = (
                line.y >= box.y - LIMITS.beyond
                and line.bottom <= box.bottom + LIMITS.beyond
                and line.height >= LIMITS.along * (box.height - 2 * rect.radius)
            )
        if near and along:
            return True
    return False


def _drop_duplicates(strokes: Sequence[Rect]) -> list[Rect]:
    kept: list[Rect] = []
    for stroke in strokes:
        shared = [other.box.intersection(stroke.box) for other in kept]
        if not any(area > LIMITS.same_stroke * stroke.box.area for area in shared):
            kept.append(stroke)
    return kept
