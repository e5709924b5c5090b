"""Removal of what perception found twice or should not have found.

These are strokes of photos, edges of boxes and text inside pictures. The result is hints again;
nothing about the layout is decided here.
"""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.layout.color_classes import compute_max_difference
from studio.pipeline.perception.hints import Box, Hints, Picture, Rect, TextLine

THIN = 3.0  # px; a rectangle up to this is a rule
SAME_STROKE = 24  # of 255: difference up to which a border and a stroke have the same color


def remove_noise(hints: Hints) -> Hints:
    photos = [p for p in hints.pictures if p.kind == "photo"]
    rects = _merge_twins(
        [r for r in hints.rects if _is_drawn(r, hints) and not _is_photo_noise(r, photos)]
    )
    rects = _join_panels(rects)
    rects = [
        r
        for r in rects
        if not (is_rule(r) and (_is_on_edge(r, rects) or _belongs_to_text(r, hints.texts)))
    ]
    texts = [t for t in hints.texts if not _is_inside_picture(t, hints.pictures)]
    pictures = [
        p for p in hints.pictures if not _is_piece_of_photo(p, photos) and not _is_on_text(p, texts)
    ]
    return replace(hints, rects=tuple(rects), texts=tuple(texts), pictures=tuple(pictures))


def is_rule(rect: Rect) -> bool:
    return min(rect.box.width, rect.box.height) <= THIN


def _is_drawn(rect: Rect, hints: Hints) -> bool:
    """Return True if the rectangle adds something: a rule of some length, a box of some size."""
    if is_rule(rect):
        return max(rect.box.width, rect.box.height) >= 20
    covers_page = rect.box.width >= hints.width - 2 and rect.box.height >= hints.height - 2
    is_background = covers_page and rect.fill == hints.background and not rect.gradient
    return rect.box.area >= 60 and not is_background


def _is_photo_noise(rect: Rect, photos: list[Picture]) -> bool:
    """Return True for strokes of a photo, and for boxes in a photo without text.

    A photo without text has no controls on it either. A frame around a photo is none of its boxes.
    """
    if rect.border and any(rect.box.contains(p.box) for p in photos):
        return False
    around = [p for p in photos if p.box.intersection(rect.box) > 0.7 * rect.box.area]
    if not around:
        return is_rule(rect) and any(_touches(p.box, rect.box) for p in photos)
    return is_rule(rect) or not any(p.background for p in around)


def _touches(photo: Box, rule: Box) -> bool:
    grown = Box(photo.x - 2, photo.y - 2, photo.width + 4, photo.height + 4)
    return grown.intersection(rule) > 0.9 * rule.area


def _merge_twins(rects: list[Rect]) -> list[Rect]:
    """Return one rectangle where two have the same box.

    It is the one with a border, with the other's fill unless that is the border's color.
    """
    kept: list[Rect] = []
    for rect in rects:
        twin = next((i for i, k in enumerate(kept) if _same_box(k.box, rect.box)), None)
        if twin is None:
            kept.append(rect)
            continue
        first = kept[twin]
        bordered, plain = (first, rect) if first.border and not rect.border else (rect, first)
        fill = bordered.fill
        if fill is None and bordered.border and plain.fill != bordered.border.color:
            fill = plain.fill
        kept[twin] = replace(
            bordered, fill=fill if bordered.border or bordered.fill else plain.fill
        )
    return kept


def _join_panels(rects: list[Rect]) -> list[Rect]:
    """Return the rectangles with panels that a box cuts in two joined.

    An example is a sidebar with a full-width active entry on it.
    """
    joined = list(rects)
    for upper in rects:
        for lower in rects:
            if not _are_halves(upper, lower) or upper not in joined or lower not in joined:
                continue
            between = [
                r
                for r in joined
                if r is not upper and r is not lower and _fills_gap(upper.box, lower.box, r.box)
            ]
            if between:
                whole = replace(upper, box=upper.box.union(lower.box))
                joined = [whole if r is upper else r for r in joined if r is not lower]
                return _join_panels(joined)
    return joined


def _are_halves(upper: Rect, lower: Rect) -> bool:
    """Return True for the same color and sides, a gap, and clearly different heights.

    Rows of a striped table have equal heights.
    """
    a, b = upper.box, lower.box
    if upper.fill is None or upper.fill != lower.fill or is_rule(upper) or is_rule(lower):
        return False
    share_sides = abs(a.x - b.x) <= 1.5 and abs(a.right - b.right) <= 1.5
    heights = sorted((a.height, b.height))
    return share_sides and b.y - a.bottom > 4 and heights[1] > 1.5 * heights[0]


def _fills_gap(upper: Box, lower: Box, box: Box) -> bool:
    share_sides = abs(box.x - upper.x) <= 2 and abs(box.right - upper.right) <= 2
    return share_sides and abs(box.y - upper.bottom) <= 2 and abs(box.bottom - lower.y) <= 2


def _same_box(a: Box, b: Box) -> bool:
    return all(
        abs(p - q) <= 1.5
        for p, q in ((a.x, b.x), (a.y, b.y), (a.right, b.right), (a.bottom, b.bottom))
    )


def _is_on_edge(rule: Rect, rects: list[Rect]) -> bool:
    """Return True if a stroke runs along the edge of a box, or is a piece of its border.

    Along an edge it is the box's border or shadow.
    """
    boxes = [rect for rect in rects if not is_rule(rect)]
    return any(_runs_along(rule.box, box.box) or _is_border_of(rule, box, rects) for box in boxes)


def _is_border_of(rule: Rect, rect: Rect, rects: list[Rect]) -> bool:
    """Return True if the stroke is a piece of a side's border that rules across the box cut.

    Among further strokes at its height it separates columns instead.
    """
    if rect.border is None or rule.fill is None:
        return False
    if compute_max_difference(rule.fill, rect.border.color) > SAME_STROKE:
        return False
    is_within = rule.box.y >= rect.box.y - 2 and rule.box.bottom <= rect.box.bottom + 2
    if rule.box.width > THIN or not is_within:
        return False
    strokes = [
        r.box
        for r in rects
        if r.box.width <= THIN < r.box.height and _are_side_by_side(r.box, rule.box)
    ]
    return all(
        min(abs(box.x - rect.box.x), abs(box.right - rect.box.right)) <= 1.5 for box in strokes
    )


def _are_side_by_side(a: Box, b: Box) -> bool:
    return min(a.bottom, b.bottom) > max(a.y, b.y)


def _belongs_to_text(rule: Rect, texts: tuple[TextLine, ...]) -> bool:
    """Return True for a short stroke close to a line of text: underline, shadow or serif."""
    return any(_grow_box(t).intersection(rule.box) > 0.9 * rule.box.area for t in texts)


def _grow_box(line: TextLine) -> Box:
    box = line.box
    return Box(box.x - 6, box.y - 6, box.width + 12, box.height + 12)


def _runs_along(rule: Box, box: Box) -> bool:
    if rule.width >= rule.height:
        distance = min(
            abs(rule.y - box.y),
            abs(rule.bottom - box.bottom),
            abs(rule.y - box.bottom),
            abs(rule.bottom - box.y),
        )
        is_within = rule.x >= box.x - 3 and rule.right <= box.right + 3
        return distance <= 3 and is_within and rule.width >= 0.5 * box.width
    distance = min(
        abs(rule.x - box.x),
        abs(rule.right - box.right),
        abs(rule.x - box.right),
        abs(rule.right - box.x),
    )
    is_within = rule.y >= box.y - 3 and rule.bottom <= box.bottom + 3
    return distance <= 3 and is_within and rule.height >= 0.5 * box.height


def _is_inside_picture(line: TextLine, pictures: tuple[Picture, ...]) -> bool:
    return any(
        not p.background and p.box.intersection(line.box) > 0.8 * line.box.area for p in pictures
    )


def _is_piece_of_photo(picture: Picture, photos: list[Picture]) -> bool:
    return any(
        p.id != picture.id
        and p.box.area > 1.5 * picture.box.area
        and p.box.intersection(picture.box) > 0.8 * picture.box.area
        and not (p.background and picture.box.area > 150)
        for p in photos
    )


def _is_on_text(picture: Picture, texts: list[TextLine]) -> bool:
    """Return True for a small crop that lies on text, which would show the text twice."""
    return not picture.background and any(
        t.box.intersection(picture.box) > 0.6 * picture.box.area for t in texts
    )
