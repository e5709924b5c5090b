"""Drawings that perception takes apart: charts, illustrations, maps. Each becomes one picture
again.

Decides per region: boxes and strokes that carry words are the page's own; bars on one line, ink
that crosses a grid, and many shapes without a word among them are a drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.pipeline.perception.hints import Box, Rect, TextLine, bound_boxes
from studio.pipeline.perception.pictures import Region, make_drawing


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px. Set on our own pages with charts and illustrations, and on the development
    pages.
    """

    # Bars of a chart: how many, how far their feet and widths differ, how unlike their lengths are.
    least_bars: int = 3
    aligned: float = 2.0
    unlike: float = 4.0
    longest_bar: float = 24.0
    bar_gap: float = 3.0  # in bar widths
    # Pieces of one stroke lie so close where a grid's line cuts it, and reach so far beyond that
    # line.
    piece_gap: float = 6.0
    crossing: float = 5.0
    # A frame without words that holds at least so many shapes is a picture of something.
    frame_side: float = 96.0
    frame_shapes: int = 4
    frame_share: float = 0.5  # of the page, at most
    # Shapes without a frame: how near, how many, how large together, and how many may look alike.
    shape_gap: float = 12.0
    shapes: int = 8
    shapes_area: float = 10_000.0
    alike: float = 0.6
    # A box belongs to a drawing whose edge cuts it: the share of it inside, and how many times as
    # large a drawing may become.
    cut: float = 0.05
    growth: float = 1.6
    # A thinner box is a stroke.
    stroke: float = 3.0


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Drawn:
    """The page's boxes and icons without what belongs to drawings, and the drawings."""

    rects: list[Rect]
    icons: list[Region]
    photos: list[Region]


def gather_drawings(
    rects: Sequence[Rect],
    icons: Sequence[Region],
    photos: Sequence[Region],
    lines: Sequence[TextLine],
    page: Box,
    limits: Thresholds = THRESHOLDS,
) -> Drawn:
    """Return the boxes, icons and photos with each drawing as one photo."""
    silent = [rect for rect in rects if not _has_words(rect.box, lines)]
    found = _find_frames(silent, icons, photos, lines, page, limits)
    found += _find_bars(silent, limits)
    found += _find_crossing(silent, icons, photos, limits)
    found += _find_scattered(silent, icons, photos, lines, page, limits)
    drawings = [_grow(one, silent, icons, page, limits) for one in _join_overlapping(found)]
    drawings = _join_overlapping(drawings)
    if not drawings:
        return Drawn(list(rects), list(icons), list(photos))
    return Drawn(
        [rect for rect in rects if not _belongs(rect.box, drawings)],
        [icon for icon in icons if not _belongs(icon.box, drawings)],
        [photo for photo in photos if not _belongs(photo.box, drawings)] + drawings,
    )


def clear_drawings(
    rects: Sequence[Rect],
    icons: Sequence[Region],
    photos: Sequence[Region],
    lines: Sequence[TextLine],
    drawings: Sequence[Region],
) -> Drawn:
    """Return the boxes, icons and photos without what lies in drawings that are known, but for
    boxes that carry words.
    """
    known = [photo for photo in photos if photo in drawings]
    return Drawn(
        [r for r in rects if _has_words(r.box, lines) or not _belongs(r.box, known)],
        [icon for icon in icons if not _belongs(icon.box, known)],
        [photo for photo in photos if photo in known or not _belongs(photo.box, known)],
    )


def _find_frames(
    silent: Sequence[Rect],
    icons: Sequence[Region],
    photos: Sequence[Region],
    lines: Sequence[TextLine],
    page: Box,
    limits: Thresholds,
) -> list[Region]:
    """Frames that hold many shapes and not one word: a drawn window, a scene."""
    frames = []
    inner = [rect.box for rect in silent if not _is_stroke(rect.box, limits)]
    inner += [region.box for region in (*icons, *photos)]
    for rect in silent:
        box = rect.box
        if (
            min(box.width, box.height) < limits.frame_side
            or box.area > limits.frame_share * page.area
        ):
            continue
        held = [
            other
            for other in inner
            if other is not box and box.contains(other) and other.area < 0.8 * box.area
        ]
        if len(held) >= limits.frame_shapes and not _are_alike(held, limits):
            frames.append(make_drawing(box, rect.radius))
    return frames


def _find_bars(silent: Sequence[Rect], limits: Thresholds) -> list[Region]:
    """Bars of unlike lengths that stand on one line, or start at one."""
    bars = [rect for rect in silent if rect.fill and not _is_stroke(rect.box, limits)]
    found = []
    for turned in (False, True):
        boxes = [_turn(rect.box) if turned else rect.box for rect in bars]
        for group in _group_bars(boxes, limits):
            union = bound_boxes([_turn(box) for box in group] if turned else group)
            found.append(make_drawing(union))
    return found


def _group_bars(boxes: Sequence[Box], limits: Thresholds) -> list[list[Box]]:
    """Return the groups of upright bars, each from left to right."""
    groups: list[list[Box]] = []
    for box in sorted(boxes, key=lambda one: one.x):
        for group in groups:
            last = group[-1]
            foot = abs(last.bottom - box.bottom) <= limits.aligned
            width = abs(last.width - box.width) <= limits.aligned
            if foot and width and 0 <= box.x - last.right <= limits.bar_gap * box.width:
                group.append(box)
                break
        else:
            groups.append([box])
    return [group for group in groups if _is_chart(group, limits)]


def _is_chart(group: Sequence[Box], limits: Thresholds) -> bool:
    heights = sorted(box.height for box in group)
    if len(group) < limits.least_bars or heights[-1] < limits.longest_bar:
        return False
    unlike = sum(
        1 for low, high in zip(heights, heights[1:], strict=False) if high - low > limits.unlike
    )
    return unlike >= 2


def _find_crossing(
    silent: Sequence[Rect], icons: Sequence[Region], photos: Sequence[Region], limits: Thresholds
) -> list[Region]:
    """Ink that crosses lines of a grid, with the whole grid."""
    rules = [rect.box for rect in silent if _is_stroke(rect.box, limits)]
    found = []
    for group in link_boxes([region.box for region in (*icons, *photos)], limits.piece_gap):
        union = bound_boxes(group)
        crossed = [rule for rule in rules if _crosses(union, rule, limits)]
        if not crossed:
            continue
        same = [
            rule for rule in rules if any(_is_of_one_grid(rule, one, limits) for one in crossed)
        ]
        found.append(make_drawing(bound_boxes([union, *crossed, *same])))
    return found


def _crosses(ink: Box, rule: Box, limits: Thresholds) -> bool:
    """Whether a stroke runs through the ink, which goes on at both of its sides."""
    if rule.height > rule.width:
        ink, rule = _turn(ink), _turn(rule)
    beyond = min(rule.y - ink.y, ink.bottom - rule.bottom)
    shared = min(rule.right, ink.right) - max(rule.x, ink.x)
    return beyond >= limits.crossing and shared >= 0.5 * ink.width


def _is_of_one_grid(a: Box, b: Box, limits: Thresholds) -> bool:
    """Whether two strokes are parallel, of one length, and start at one line."""
    if (a.width > a.height) != (b.width > b.height):
        return False
    if a.height > a.width:
        a, b = _turn(a), _turn(b)
    return (
        abs(a.x - b.x) <= limits.aligned
        and abs(a.right - b.right) <= limits.aligned
        and abs(a.y - b.y) < a.width
    )


def _find_scattered(
    silent: Sequence[Rect],
    icons: Sequence[Region],
    photos: Sequence[Region],
    lines: Sequence[TextLine],
    page: Box,
    limits: Thresholds,
) -> list[Region]:
    """Many unlike shapes close together, without a word among them: an illustration on the page's
    own ground.
    """
    most = 0.6 * page.width
    shapes = [rect.box for rect in silent if max(rect.box.width, rect.box.height) < most]
    shapes += [region.box for region in (*icons, *photos)]
    found = []
    for group in link_boxes(shapes, limits.shape_gap):
        union = bound_boxes(group)
        if (
            len(group) < limits.shapes
            or union.area < limits.shapes_area
            or union.area > limits.frame_share * page.area
        ):
            continue
        if not _has_words(union, lines) and not _are_alike(group, limits):
            found.append(make_drawing(union))
    return found


def _are_alike(boxes: Sequence[Box], limits: Thresholds) -> bool:
    """Whether most boxes are of one size: the stars of a rating, a grid of swatches."""

    def count_like(box: Box) -> int:
        near = limits.aligned
        return sum(
            abs(o.width - box.width) <= near and abs(o.height - box.height) <= near for o in boxes
        )

    return max(count_like(box) for box in boxes) >= max(3.0, limits.alike * len(boxes))


def link_boxes(boxes: Sequence[Box], gap: float) -> list[list[Box]]:
    """Return the groups of boxes that are linked by gaps up to `gap`."""
    groups: list[list[Box]] = []
    for box in boxes:
        wide = Box(box.x - gap, box.y - gap, box.width + 2 * gap, box.height + 2 * gap)
        near = [group for group in groups if any(wide.intersection(other) > 0 for other in group)]
        joined = [box, *(other for group in near for other in group)]
        groups = [group for group in groups if group not in near] + [joined]
    return groups


def _grow(
    drawing: Region,
    silent: Sequence[Rect],
    icons: Sequence[Region],
    page: Box,
    limits: Thresholds,
) -> Region:
    """Return the drawing with the boxes and ink that its edge would cut: the area below a curve."""
    box = drawing.box
    pieces = [rect.box for rect in silent] + [icon.box for icon in icons]
    grown = True
    while grown:
        grown = False
        for piece in pieces:
            union = box.union(piece)
            inside = box.intersection(piece) / max(1.0, piece.area)
            if inside < limits.cut or piece.contains(box) or box.contains(piece):
                continue
            if union.area <= limits.growth * drawing.box.area:
                box, grown = union, union != box
    return drawing if box == drawing.box else make_drawing(box)


def _join_overlapping(regions: Sequence[Region]) -> list[Region]:
    """Return the regions with those joined that share a part; the larger one's radius is kept."""
    joined: list[Region] = []
    for region in sorted(regions, key=lambda one: -one.box.area):
        for i, other in enumerate(joined):
            if region.box.intersection(other.box) > 0.3 * region.box.area:
                if not other.box.contains(region.box):
                    joined[i] = replace(make_drawing(other.box.union(region.box)), radius=0.0)
                break
        else:
            joined.append(region)
    return joined


def _belongs(box: Box, drawings: Sequence[Region]) -> bool:
    return any(box.intersection(drawing.box) > 0.7 * max(1.0, box.area) for drawing in drawings)


def _has_words(box: Box, lines: Sequence[TextLine]) -> bool:
    return any(box.intersection(line.box) > 0.5 * line.box.area for line in lines)


def _is_stroke(box: Box, limits: Thresholds) -> bool:
    return min(box.width, box.height) <= limits.stroke


def _turn(box: Box) -> Box:
    """Return the box mirrored so that left becomes bottom; twice gives the box again."""
    return Box(-box.bottom, -box.right, box.height, box.width)
