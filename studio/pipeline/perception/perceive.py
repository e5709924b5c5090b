"""The order of perception: text and surfaces side by side, then rectangles, pictures, sections. One
call per mockup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception import boxes, graphics, pictures, sharpness, sketches
from studio.pipeline.perception import text_lines as texts
from studio.pipeline.perception.badges import find_text_grounds
from studio.pipeline.perception.bands import mark_labels
from studio.pipeline.perception.color_regions import Surfaces, find_surfaces
from studio.pipeline.perception.crossed_boxes import WIREFRAME_NOTE, find_crossed_boxes
from studio.pipeline.perception.glyph_keys import read_glyph_keys
from studio.pipeline.perception.hints import Box, Hints, Rect, TextLine
from studio.pipeline.perception.icon_parts import drop_icon_letters, join_icon_parts
from studio.pipeline.perception.icon_regions import find_icons
from studio.pipeline.perception.outlines import Shape, find_pieces, find_rules, find_shapes
from studio.pipeline.perception.page_palette import find_palette
from studio.pipeline.perception.photo_edges import snap_region
from studio.pipeline.perception.photo_extents import extend_photos
from studio.pipeline.perception.photo_rows import complete_photos
from studio.pipeline.perception.photo_shards import drop_lettering, join_shards
from studio.pipeline.perception.pixels import (
    Mask,
    MockupPixels,
    Pixels,
    find_common_color,
    load_sheet,
    stated_dpi,
    to_rgb,
    write_hex,
)
from studio.pipeline.perception.rectangles import paint_order
from studio.pipeline.perception.section_cuts import find_sections
from studio.pipeline.perception.text_recognition import THREADS
from studio.pipeline.perception.unexplained import explain_rest

# A surface this large, in pixels, is a ground even where it is no rectangle; an icon's paint is
# smaller.
GROUND = 3000
# From this radius on, in pixels, a corner's rim is followed along its arc.
ROUND = 12.0
# Share of a smaller radius that a corner's rim reaches into its box; JPEG tints all of it.
ARC, ARC_LOSSY = 0.3, 1.0
# So many crossed boxes make a wireframe.
FEWEST_CROSSED = 2
# Smaller pictures hold neither text nor boxes.
MIN_SIDE = 16
# From so many CSS pixels on, text is read before surfaces are found: both at once take 200 MB more.
LARGE = 6_000_000

if TYPE_CHECKING:
    from PIL import Image


def find_hints(image: Image.Image, *, scale: float | None = None, threads: int = THREADS) -> Hints:
    """What a mockup shows, in CSS pixels. `scale` is its device pixel ratio; None means: find it.

    Deterministic. `threads` go to text recognition, the slowest part. Raises ValueError on an
    impossible scale.
    """
    return find_hints_in(to_rgb(image), scale=scale, dpi=stated_dpi(image), threads=threads)


def find_hints_in(
    rgb: Pixels, *, scale: float | None, dpi: float | None = None, threads: int = THREADS
) -> Hints:
    """`find_hints` of pixels; `dpi`: the resolution that the picture's file states."""
    sheet = load_sheet(rgb, scale, dpi)
    if min(sheet.width, sheet.height) < MIN_SIDE:
        return _make_blank_hints(sheet)
    text, seen = _look(sheet, threads)
    if isinstance(seen, sketches.Sketch):
        return _hints_of_sketch(sheet, seen, sketches.keep_words(text.lines, seen))
    said = sharpness.describe_picture(sheet.sharpness, sheet.width, sheet.height)
    drawn = (WIREFRAME_NOTE,) if len(seen.crossed) >= FEWEST_CROSSED else ()
    return replace(_assemble(seen, text.lines), notes=(*sheet.notes, *said, *drawn, *text.notes))


def _look(
    sheet: MockupPixels, threads: int
) -> tuple[texts.PageText, sketches.Sketch | PerceptionState]:
    """Read the text and find what the pixels alone say; side by side where memory allows it."""
    if sheet.width * sheet.height > LARGE:
        return texts.read_page(sheet, threads=threads), _see(sheet, threads)
    with ThreadPoolExecutor(max_workers=2) as pool:
        reading = pool.submit(texts.read_page, sheet, threads=threads)
        seen = _see(sheet, threads)
        return reading.result(), seen


def _see(sheet: MockupPixels, threads: int) -> sketches.Sketch | PerceptionState:
    sketch = sketches.read_sketch(sheet)
    if sketch is not None:
        return sketch
    surfaces = find_surfaces(sheet)
    shapes = find_shapes(surfaces)
    rules = find_rules(surfaces)
    textured = pictures.find_textured_shapes(sheet, surfaces, shapes)
    plain = [shape for shape in shapes if shape.surface not in textured]
    crossed = [pictures.make_drawing(box) for box in find_crossed_boxes(sheet)]
    return PerceptionState(sheet, surfaces, plain, rules, textured, threads, crossed)


def _make_blank_hints(sheet: MockupPixels) -> Hints:
    ground = find_page_background(sheet)
    palette = find_palette(sheet.rgb)
    return Hints(
        sheet.width,
        sheet.height,
        sheet.scale,
        ground,
        palette,
        (),
        (),
        (),
        find_sections(sheet.rgb, (), (), ()),
        scale_reason=sheet.reason,
        notes=sheet.notes,
    )


def _hints_of_sketch(sheet: MockupPixels, sketch: sketches.Sketch, lines: list[TextLine]) -> Hints:
    return Hints(
        width=sheet.width,
        height=sheet.height,
        scale=sheet.scale,
        background=find_page_background(sheet),
        palette=find_palette(sheet.rgb),
        texts=tuple(lines),
        rects=sketch.rects,
        pictures=sketch.pictures,
        sections=find_sections(sheet.rgb, lines, sketch.rects, sketch.pictures),
        scale_reason=sheet.reason,
        notes=(*sheet.notes, sketches.SKETCH_NOTE),
    )


@dataclass(frozen=True, slots=True)
class PerceptionState:
    """What the pixels alone say, before text and boxes explain each other."""

    sheet: MockupPixels
    surfaces: Surfaces
    shapes: list[Shape]
    rules: list[Shape]
    textured: set[int]
    threads: int
    crossed: list[pictures.Region]  # the placeholders of a wireframe


def _assemble(seen: PerceptionState, lines: list[TextLine]) -> Hints:
    sheet = seen.sheet
    photos, pictured = _find_photos(seen, lines)
    lines = drop_lettering(_drop_pictured_lines(lines, pictured), photos)
    shapes = [
        s
        for s in seen.shapes
        if not s.crowded and not any(_are_in_same_place(s, region) for region in pictured)
    ]
    shapes += find_pieces(seen.surfaces, {shape.surface for shape in seen.shapes} | seen.textured)
    background = find_page_background(sheet)
    painted, used = boxes.find_boxes(
        sheet, seen.surfaces, shapes, seen.rules, lines, photos, background
    )
    icons = _find_icons(seen, lines, painted, used, photos)
    missed = texts.look_again(sheet, [icon.box for icon in icons], lines, threads=seen.threads)
    if missed:
        grounds = find_text_grounds(
            sheet, missed, painted, background, [photo.box for photo in photos]
        )
        painted = paint_order(
            [*(rect for rect in painted if not boxes.is_inside_lines(rect.box, missed)), *grounds]
        )
        lines = texts.sort_lines([*lines, *missed])
        icons = _find_icons(seen, lines, painted, used, photos)
    words = drop_icon_letters(lines, icons)
    if len(words) < len(lines):
        lines = words
        icons = _find_icons(seen, lines, painted, used, photos)
    keyed = read_glyph_keys(sheet, painted, lines)
    if len(keyed) > len(lines):
        icons = _find_icons(seen, keyed, painted, used, photos)
    lines = texts.sort_lines(keyed)
    page = Box(0, 0, sheet.width, sheet.height)
    joined = join_shards(painted, icons, photos, lines)
    photos = joined.photos
    if not seen.crossed:
        rest = explain_rest(sheet, background, joined.rects, joined.icons, lines, photos)
        joined = graphics.Drawn(rest.rects, pictures.merge(rest.icons), photos)
    parted = join_icon_parts(joined.rects, joined.icons, lines)
    if len(seen.crossed) >= FEWEST_CROSSED:
        drawn = graphics.clear_drawings(parted.rects, parted.icons, photos, lines, seen.crossed)
    else:
        drawn = graphics.gather_drawings(parted.rects, parted.icons, photos, lines, page)
    painted = paint_order(drawn.rects)
    found = pictures.number_pictures(drawn.photos, drawn.icons, lines, painted, sheet)
    return Hints(
        width=sheet.width,
        height=sheet.height,
        scale=sheet.scale,
        background=background,
        palette=find_palette(sheet.rgb),
        texts=tuple(lines),
        rects=tuple(painted),
        pictures=tuple(found),
        sections=find_sections(sheet.rgb, lines, painted, found),
        scale_reason=sheet.reason,
    )


def _find_photos(
    seen: PerceptionState, lines: list[TextLine]
) -> tuple[list[pictures.Region], list[pictures.Region]]:
    """All photos, tiles that a drawing crowds among them, and those photos that are shapes on an
    even ground.
    """
    text = _make_boxes_mask(seen.sheet, [line.box for line in lines], 2)
    controls = {s.surface for s in seen.shapes if boxes.is_control(s)}
    regions = pictures.find_photos(seen.sheet, seen.surfaces, text, seen.textured, controls)
    pictured = pictures.find_pictured_shapes(seen.sheet, seen.surfaces, seen.shapes, lines, regions)
    snapped = [snap_region(region, seen.sheet) for region in regions]
    tiles = [pictures.Region(s.left, s.top, s.right, s.bottom) for s in seen.shapes if s.crowded]
    merged = pictures.merge([*pictured, *snapped, *tiles])
    merged = pictures.merge(extend_photos(seen.sheet, complete_photos(merged, lines)))
    apart = [one for one in merged if not any(one.box.intersection(c.box) for c in seen.crossed)]
    return [*apart, *seen.crossed], pictured


def _find_icons(
    seen: PerceptionState,
    lines: list[TextLine],
    painted: list[Rect],
    used: set[int],
    photos: list[pictures.Region],
) -> list[pictures.Region]:
    text = _make_boxes_mask(seen.sheet, [line.box for line in lines], 2)
    taken = _mark_explained_pixels(seen.sheet, seen.surfaces, used, painted, photos, text)
    for rect in painted:
        # A badge found by its text alone: its paint belongs to no surface that is used.
        if (
            rect.fill
            and max(rect.box.width, rect.box.height) <= boxes.SMALL_SHAPE
            and _holds_text(rect, lines)
        ):
            taken |= _make_boxes_mask(seen.sheet, [rect.box], 1)
    return find_icons(seen.sheet, taken)


def _holds_text(rect: Rect, lines: list[TextLine]) -> bool:
    return any(rect.box.contains(line.box) for line in lines)


def _drop_pictured_lines(lines: list[TextLine], pictured: list[pictures.Region]) -> list[TextLine]:
    """The lines without lettering that belongs to a picture, numbered anew."""
    kept = [
        line
        for line in lines
        if not any(r.box.intersection(line.box) > 0.5 * line.box.area for r in pictured)
    ]
    return [replace(line, id=i) for i, line in enumerate(kept, 1)]


def _are_in_same_place(shape: Shape, region: pictures.Region) -> bool:
    return (shape.left, shape.top, shape.right, shape.bottom) == (
        region.left,
        region.top,
        region.right,
        region.bottom,
    )


RIVAL = 0.5  # of the most common colour's share: a colour of less is no ground
LEAST_GROUND = 0.03  # of the whole page: a scrollbar of 17 px has .013 of 1,280
# A ground reaches over this share of the page's width and height, and fills this share of it; so
# many of the page's colors are looked at.
SPANS, SURROUNDING, MOST_GROUNDS = 0.85, 0.08, 6
STRAY_COLUMNS = 3  # px at a screenshot's sides that may not be the page's
BAND = 8  # px: what is less tall is a stroke


def find_page_background(sheet: MockupPixels) -> str:
    """The ground's colour: of those that the left and right margins mostly show, the one that comes
    back most often.

    Bands lie on the ground, so a hero as tall as all ground together still shows once, the ground
    above and below it.
    """
    margins = _cut_margins(sheet)
    codes = margins.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    found, counts = np.unique(codes, return_counts=True)
    if counts.max() * 4 < codes.size:
        return write_hex(find_common_color(margins))  # noise, a gradient, photos
    returns = Counter(_find_bands(codes[:, 0])) + Counter(_find_bands(codes[:, -1]))
    rivals = [int(i) for i in np.flatnonzero(counts >= RIVAL * counts.max())]
    # A scrollbar fills a margin and hardly anything of the page.
    sample = sheet.rgb[::4, ::4].astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    shown, areas = np.unique(sample, return_counts=True)
    shares = areas / sample.size
    common = set(shown[shares >= LEAST_GROUND].tolist())
    wide = [i for i in rivals if int(found[i]) in common]
    # A dashed frame along the margins is no ground, either.
    wide = wide or [i for i in range(len(found)) if int(found[i]) in common]
    best = max(wide or rivals, key=lambda i: (returns[int(found[i])], counts[i]))
    usual = np.argsort(-areas, kind="stable")[:MOST_GROUNDS]
    large = [int(shown[i]) for i in usual if areas[i] >= SURROUNDING * sample.size]
    return f"#{_find_surrounding(sample, int(found[best]), large):06x}"


def _find_surrounding(sample: NDArray[np.uint32], best: int, large: Sequence[int]) -> int:
    """Return the color that surrounds the page's boxes: the one found at its margins, unless that
    lies in separate pieces where another reaches around all of it, a scrollbar's or a card's.

    `large`: the page's commonest colors.
    """
    others = (code for code in large if code != best)
    return next((code for code in (best, *others) if _reaches_around(sample, code)), best)


def _reaches_around(sample: NDArray[np.uint32], code: int) -> bool:
    """Whether one connected piece of a color spans the page, most of which lies within it."""
    import cv2

    own = (sample == code).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(own, connectivity=8)
    if len(stats) < 2:
        return False
    _, _, width, height, _ = stats[1 + int(stats[1:, 4].argmax())]
    return bool(width >= SPANS * sample.shape[1] and height >= SPANS * sample.shape[0])


def _cut_margins(sheet: MockupPixels) -> Pixels:
    """Two columns at each side, past what a careless cut may have left of another window."""
    inset = STRAY_COLUMNS if sheet.width > 8 * STRAY_COLUMNS else 0
    left, right = sheet.rgb[:, inset : inset + 2], sheet.rgb[:, -2 - inset : sheet.width - inset]
    return np.concatenate([left, right], axis=1)


def _find_bands(column: NDArray[np.uint32]) -> list[int]:
    """The colours down one column of pixels, each named once per band; strokes part no bands."""
    edges = np.concatenate([[0], np.flatnonzero(column[1:] != column[:-1]) + 1, [len(column)]])
    tall = [int(column[a]) for a, b in zip(edges, edges[1:], strict=False) if b - a >= BAND]
    return [color for color, before in zip(tall, [None, *tall], strict=False) if color != before]


def _make_boxes_mask(sheet: MockupPixels, places: list[Box], pad: int) -> Mask:
    mask = np.zeros((sheet.height, sheet.width), bool)
    for box in places:
        top, left = max(0, int(box.y) - pad), max(0, int(box.x) - pad)
        mask[top : int(box.bottom) + pad, left : int(box.right) + pad] = True
    return mask


def _mark_explained_pixels(
    sheet: MockupPixels,
    surfaces: Surfaces,
    used: set[int],
    painted: list[Rect],
    photos: list[pictures.Region],
    text: Mask,
) -> Mask:
    """Pixels that are explained: paint, ground, borders, text, photos."""
    ground = {int(i) for i in np.flatnonzero(surfaces.area >= GROUND) if i}
    taken = mark_labels(surfaces.labels, used | ground, len(surfaces.area))
    taken |= text
    taken |= _make_boxes_mask(sheet, [photo.box for photo in photos], 4)
    for rect in painted:
        _take_outline(taken, rect, soft=sheet.lossy)
    return taken


def _take_outline(taken: Mask, rect: Rect, *, soft: bool) -> None:
    """A rectangle's border and the antialiasing around it; `soft`: with what JPEG makes of it."""
    width = int(rect.border.width if rect.border else 0) + 2
    left, top, right, bottom = (
        int(v) for v in (rect.box.x, rect.box.y, rect.box.right, rect.box.bottom)
    )
    y0, x0 = max(0, top - 2), max(0, left - 2)
    if rect.box.width <= 3 or rect.box.height <= 3:
        taken[y0 : bottom + 2, x0 : right + 2] = True
        return
    if rect.radius >= ROUND:
        _take_arcs(taken, rect, width + 2)
    corner = int(min(rect.radius, ROUND) * (ARC_LOSSY if soft else ARC)) + width
    taken[y0 : top + width, x0 : right + 2] = True
    taken[bottom - width : bottom + 2, x0 : right + 2] = True
    taken[y0 : bottom + 2, x0 : left + width] = True
    taken[y0 : bottom + 2, right - width : right + 2] = True
    for ys in (slice(y0, top + corner), slice(bottom - corner, bottom + 2)):
        for xs in (slice(x0, left + corner), slice(right - corner, right + 2)):
            taken[ys, xs] = True


def _take_arcs(taken: Mask, rect: Rect, width: int) -> None:
    """The rim of large round corners: their antialiasing is no ring of little icons."""
    import cv2

    box, radius = rect.box, rect.radius
    rim = np.zeros(taken.shape, np.uint8)
    for x, y in (
        (x, y)
        for x in (box.x + radius, box.right - radius)
        for y in (box.y + radius, box.bottom - radius)
    ):
        cv2.circle(rim, (round(x), round(y)), round(radius), 1, width)
    inner = (
        slice(int(box.y + radius), int(box.bottom - radius)),
        slice(int(box.x + radius), int(box.right - radius)),
    )
    rim[inner] = 0  # the circles' other sides, where they lie inside
    taken |= rim.view(np.bool_)
