"""What the boxes, texts and pictures that were found do not account for: outlines of buttons and
fields, strokes, icons and panels that no surface showed.

The boxes are painted again and compared with the mockup, so that whatever a person can see is found
by its pixels, whichever step has missed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.pipeline.perception.boxes import is_inside_lines, runs_along_edge
from studio.pipeline.perception.hints import Box, Rect, TextLine
from studio.pipeline.perception.ink_pieces import (
    clear_box,
    clear_rim,
    cut_mask,
    cut_pixels,
    find_pieces_of_ink,
    is_stroke,
    make_stroke,
    mark_box,
)
from studio.pipeline.perception.lost_outlines import (
    TIP,
    LostOutline,
    add_outline,
    find_outlines,
    is_on_outline,
    join_nested,
)
from studio.pipeline.perception.lost_panels import find_panels
from studio.pipeline.perception.pictures import Region
from studio.pipeline.perception.pixels import Mask, MockupPixels
from studio.pipeline.perception.repainting import PaintedPage, measure_unexplained
from studio.pipeline.perception.shadow_cards import find_shadow_cards
from studio.pipeline.perception.shadows import find_shadow
from studio.pipeline.perception.text_grounds import find_text_grounds


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px, differences in levels of 255. Set on pictures from public repositories."""

    # What differs by less is noise, a shadow's end or a gradient's step; JPEG ripples by up to 20.
    seen: int = 14
    seen_lossy: int = 30
    # A small box that is none: its sides, levels by which a pixel is wrong, and share of such.
    dot: float = 32.0
    wrong: int = 60
    wrong_share: float = 0.1
    # A stroke: how long at least, how thick at most, the share of its own box that it fills.
    shortest: float = 16.0
    thickest: float = 6.0
    solid: float = 0.85
    layer: float = 2.0  # px of a shadow's layer along a box
    # Ink up to this size is an icon, and from this size on.
    icon: float = 64.0
    least_icon: float = 5.0


THRESHOLDS = Thresholds()
TEXT_PAD, PICTURE_PAD = 3, 3  # px around what is explained already
ARC = 0.3  # of a corner's radius that its arc reaches into the box
SOFT = 1  # px over which the edge of a small box may be soft
CLOSE = 3  # px between parts of one icon


@dataclass(frozen=True, slots=True)
class Explained:
    """The page's boxes and icons together with what was missing."""

    rects: list[Rect]
    icons: list[Region]


def explain_rest(
    sheet: MockupPixels,
    background: str,
    rects: Sequence[Rect],
    icons: Sequence[Region],
    lines: Sequence[TextLine],
    photos: Sequence[Region],
    limits: Thresholds = THRESHOLDS,
) -> Explained:
    """Return the boxes and icons with what the mockup shows beside them."""
    taken = _mark_explained(sheet, lines, photos)
    page = PaintedPage((sheet.height, sheet.width), background, rects)
    kept = _drop_wrong_dots(sheet, page, taken, limits)
    kept += find_shadow_cards(sheet, background, kept)
    page.show(kept)
    kept += find_panels(sheet, page, icons, taken)
    page.show(kept)
    kept += find_text_grounds(sheet, page, lines, photos)
    kept.sort(key=lambda rect: -rect.box.area)
    strokes = [rect for rect in kept if is_stroke(rect)]
    page.show([rect for rect in kept if not is_stroke(rect)])
    ink = _find_ink(sheet, page, taken, limits)
    outlines = find_outlines(sheet, ink, lines)
    kept, signs = _replace_pieces(kept, icons, outlines)
    _clear(ink, outlines, [rect.box for rect in strokes], [icon.box for icon in signs])
    cast = _cast_shadows(join_nested(kept), rects, sheet)
    return _add_pieces(sheet, ink, cast, signs, lines, limits)


def _replace_pieces(
    rects: Sequence[Rect], icons: Sequence[Region], outlines: Sequence[LostOutline]
) -> tuple[list[Rect], list[Region]]:
    """Return the boxes with the outlines instead of their pieces, and the icons without such."""
    kept = [rect for rect in rects if not any(is_on_outline(rect.box, one) for one in outlines)]
    signs = [icon for icon in icons if not any(is_on_outline(icon.box, one) for one in outlines)]
    for outline in outlines:
        kept = add_outline(kept, outline)
    return kept, signs


def _cast_shadows(rects: Sequence[Rect], known: Sequence[Rect], sheet: MockupPixels) -> list[Rect]:
    """Return the boxes, those that are new with their shadows."""
    before = set(known)
    return [
        rect if rect in before else replace(rect, shadow=rect.shadow or find_shadow(rect, sheet))
        for rect in rects
    ]


def _mark_explained(
    sheet: MockupPixels, lines: Sequence[TextLine], photos: Sequence[Region]
) -> Mask:
    taken = np.zeros((sheet.height, sheet.width), bool)
    for line in lines:
        mark_box(taken, line.box, TEXT_PAD)
    for photo in photos:
        mark_box(taken, photo.box, PICTURE_PAD)
    return taken


def _drop_wrong_dots(
    sheet: MockupPixels, page: PaintedPage, taken: Mask, limits: Thresholds
) -> list[Rect]:
    """Return the page's boxes without small ones that look otherwise when they are painted: an arrow is
    nearly as full as a disc.
    """
    apart = measure_unexplained(sheet.rgb, page.canvas, SOFT)
    kept = []
    for rect in page.rects:
        window = cut_mask(taken, rect.box)
        if max(rect.box.width, rect.box.height) > limits.dot or min(window.shape) <= 3:
            kept.append(rect)
            continue
        wrong = (cut_pixels(apart, rect.box) > limits.wrong) & ~window
        if float(wrong.mean()) <= limits.wrong_share:
            kept.append(rect)
    return kept


def _find_ink(sheet: MockupPixels, page: PaintedPage, taken: Mask, limits: Thresholds) -> Mask:
    """Return what the page shows and its painted boxes do not."""
    least = limits.seen_lossy if sheet.lossy else limits.seen
    ink = measure_unexplained(sheet.rgb, page.canvas) > least
    _clear_shadows(ink, page.rects)
    return np.asarray(ink & ~taken)


def _clear_shadows(ink: Mask, rects: Sequence[Rect]) -> None:
    """Take out what a box's shadow tints around it."""
    for rect in rects:
        if rect.shadow is None:
            continue
        clear_rim(ink, rect.box, int(rect.shadow.blur + abs(rect.shadow.dy)) + 1, 1)


def _clear(
    ink: Mask, frames: Sequence[LostOutline], strokes: Sequence[Box], icons: Sequence[Box]
) -> None:
    """Take out of the ink what is explained now."""
    for frame in frames:
        clear_rim(ink, frame.box, 1, frame.width + TIP + int(ARC * frame.radius))
        for divider in frame.dividers:
            clear_box(ink, divider.box, 1)
    for stroke in strokes:
        clear_box(ink, stroke, 1)
    for icon in icons:
        clear_box(ink, icon, 2)


def _add_pieces(
    sheet: MockupPixels,
    ink: Mask,
    rects: Sequence[Rect],
    icons: Sequence[Region],
    lines: Sequence[TextLine],
    limits: Thresholds,
) -> Explained:
    """Return the boxes and icons with the strokes and icons that are left in the ink."""
    import cv2

    found, strokes = list(icons), list[tuple[Box, Mask]]()
    signs = np.zeros_like(ink)
    for box, own in find_pieces_of_ink(ink):
        if max(box.width, box.height) <= limits.icon:
            cut_mask(signs, box)[own] = True
        elif _is_thin(box, limits):
            strokes.append((box, own))
    side = 2 * CLOSE + 1
    close = cv2.morphologyEx(signs.view(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    for box, own in find_pieces_of_ink(close > 0):
        thin, long = sorted((box.width, box.height))
        if _is_thin(box, limits):
            strokes.append((box, own))
        elif thin >= limits.least_icon and long <= limits.icon:
            if any(box.contains(line.box) for line in lines):
                continue  # what lies around a text is the rest of a shadow or of an outline
            found.append(Region(int(box.x), int(box.y), int(box.right), int(box.bottom)))
    return Explained([*rects, *_make_strokes(sheet, strokes, rects, lines, limits)], found)


def _is_thin(box: Box, limits: Thresholds) -> bool:
    thin, long = sorted((box.width, box.height))
    return thin <= limits.thickest and long >= limits.shortest


def _make_strokes(
    sheet: MockupPixels,
    pieces: Sequence[tuple[Box, Mask]],
    rects: Sequence[Rect],
    lines: Sequence[TextLine],
    limits: Thresholds,
) -> list[Rect]:
    """Return the straight ones among thin pieces of ink, but for underlines and for layers of a
    box's shadow.
    """
    page = Box(0, 0, 0, 0)
    solid = [(box, own) for box, own in pieces if float(own.mean()) >= limits.solid]
    strokes = [make_stroke(sheet.rgb, box, own, page) for box, own in solid]
    strokes = [stroke for stroke in strokes if not is_inside_lines(stroke.box, lines)]
    return [
        stroke
        for stroke in strokes
        if min(stroke.box.width, stroke.box.height) > limits.layer
        or not runs_along_edge(stroke, rects)
    ]
