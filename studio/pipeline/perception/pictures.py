"""Regions that style sheets do not paint: photos and icons, to be cropped out of the mockup as
assets.

Takes texts and rectangles as given. A photo is dense texture; an icon is ink that is neither text
nor rectangle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import cut_into_bands, look_up, mark_labels
from studio.pipeline.perception.color_regions import SMALL, Surfaces
from studio.pipeline.perception.hints import Box, Picture, Rect, TextLine
from studio.pipeline.perception.outlines import (
    Shape,
    compute_corner_radius,
    count_missing_corner_pixels,
    fill_holes,
)
from studio.pipeline.perception.paint_or_photo import (
    PAINTED,
    fits_a_gradient,
    is_gradient,
    paint_share,
)
from studio.pipeline.perception.pixels import (
    Mask,
    MockupPixels,
    compute_channel_distance,
    find_common_color,
    write_hex,
)

# Texture: of the pixels around, at least this share belongs to surfaces too small to be paint. Text
# stays near .4.
DENSE = 0.5
AROUND = 11
MIN_PHOTO_SIDE = 24
# An even patch belongs to the photo that makes up this much of what lies right around it.
SURROUNDED = 0.45
TOUCHED = 0.2
# Share of the page up to which a patch without a rectangle's outline is a piece of a photo rather
# than a ground.
STRAY_PATCH = 0.03
# A picture on an even ground: at least so large, with so little ground, and no text read with such
# confidence on it.
MIN_PICTURED = 20_000
MOSTLY_GROUND = 0.92
READS_WELL = 0.9
# Rows and columns that the region fills less than this are fringe.
FRINGE = 0.15
# A radius of so much of half the shorter side is that of a circle or a pill: avatars have .92 to 1.
ROUND = 0.84
MIN_ICON_SIDE = 6
# px of a menu sign's dot, how unevenly dots may stand, how many dot widths apart at most; and how
# many dots are looked at.
DOT, DOT_SLACK, DOT_PITCH, MOST_DOTS = (2, 6), 1.0, 3.5, 400
# Levels by which the ground beside an edge strays in a JPEG at 75 and better, but for a few pixels.
MAX_RIPPLE, RIPPLE_QUANTILE = 20.0, 0.95
# px around an icon that show its ground, levels by which they may vary, and the share that must not.
RIM, EVEN_RIM, MOSTLY_EVEN = 3, 12, 0.6
# Larger line drawings are illustrations and count as photos.
MAX_ICON_SIDE = 96
# Parts of one icon lie this close together.
ICON_GAP = 3
# No plain picture covers more of the page: that would be a screenshot, not a page.
MAX_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Region:
    left: int
    top: int
    right: int
    bottom: int
    radius: float = 0.0
    drawn: bool = False  # a chart or an illustration: sharp edges, kept without loss

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.right - self.left, self.bottom - self.top)


def make_drawing(box: Box, radius: float = 0.0) -> Region:
    """Return a drawn region of a box."""
    return Region(
        round(box.x), round(box.y), round(box.right), round(box.bottom), radius, drawn=True
    )


def find_textured_shapes(
    sheet: MockupPixels, surfaces: Surfaces, shapes: Sequence[Shape]
) -> set[int]:
    """Shapes that are pieces of a photo: neither one paint nor a gradient."""
    return {
        shape.surface
        for shape in shapes
        if shape.width * shape.height >= 400
        and paint_share(sheet, surfaces, shape.surface) < PAINTED
        and not (shape.exact and is_gradient(sheet, surfaces, shape.surface))
        and not (shape.exact and fits_a_gradient(sheet, surfaces, shape.surface))
    }


def find_photos(
    sheet: MockupPixels, surfaces: Surfaces, text: Mask, textured: set[int], painted: set[int]
) -> list[Region]:
    """Rectangles (or circles) of dense texture."""
    import cv2

    pieces = textured | _find_restless_surfaces(sheet, surfaces, painted)
    mask = mark_labels(surfaces.labels, pieces, len(surfaces.area))
    mask |= _find_dense_texture(surfaces, text)
    mask = _close_mask(_absorb_even_patches(mask, sheet, surfaces, pieces | painted))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    regions = []
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        if min(w, h) >= MIN_PHOTO_SIDE and area >= 0.3 * w * h and area >= 900:
            regions.append(_outline_region(fill_holes(labels[y : y + h, x : x + w] == i), x, y))
    return _merge_regions(regions)


def _find_dense_texture(surfaces: Surfaces, text: Mask) -> Mask:
    """Return where the pixels around mostly belong to surfaces too small to be paint."""
    busy = look_up(surfaces.area < SMALL, surfaces.labels) & ~text
    dense = np.empty(text.shape, bool)
    reach = AROUND // 2
    for rows in cut_into_bands(*text.shape):
        start = max(0, rows.start - reach)
        around = slice(start, rows.stop + reach)
        own = slice(rows.start - start, rows.stop - start)
        weight, density = _average_around(~text[around])[own], _average_around(busy[around])[own]
        dense[rows] = (density >= DENSE * np.maximum(weight, 0.3)) & (weight > 0.2)
    return dense


def _average_around(mask: Mask) -> NDArray[np.float32]:
    import cv2

    sides = (AROUND, AROUND)
    values = mask.astype(np.float32)
    return np.asarray(cv2.boxFilter(values, -1, sides, borderType=cv2.BORDER_REPLICATE))


def find_pictured_shapes(
    sheet: MockupPixels,
    surfaces: Surfaces,
    shapes: Sequence[Shape],
    lines: Sequence[TextLine],
    regions: Sequence[Region],
) -> list[Region]:
    """Shapes that are photos with an even ground: much ink on them, in many pieces, and nothing
    that reads well.
    """
    found = []
    for shape in shapes:
        box = Box(shape.left, shape.top, shape.width, shape.height)
        if (
            box.area < MIN_PICTURED
            or box.area > MAX_SHARE * sheet.width * sheet.height
            or not shape.exact
        ):
            continue
        if any(line.confidence >= READS_WELL and _is_on(line.box, box) for line in lines):
            continue
        pieces = sum(_is_on(region.box, box) for region in regions)
        own = surfaces.mask(shape.surface).mean()
        if pieces >= 3 and own <= MOSTLY_GROUND:
            found.append(Region(shape.left, shape.top, shape.right, shape.bottom, shape.radius))
    return found


def merge(regions: Sequence[Region]) -> list[Region]:
    """The regions with overlapping ones and close neighbours joined."""
    return _merge_regions(list(regions))


def _close_mask(mask: Mask) -> Mask:
    """The mask without pinholes and without crumbs."""
    import cv2

    solid = cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return np.asarray(cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8)) > 0)


def _absorb_even_patches(
    mask: Mask, sheet: MockupPixels, surfaces: Surfaces, known: set[int]
) -> Mask:
    """The mask with the even patches that belong to it: a white shirt, a black frame, a blown-out
    sky. It changes in place.

    A patch that no rectangle explains belongs to the photo it touches; the page's ground and large
    bands do not.
    """
    import cv2

    ground = find_common_color(np.concatenate([sheet.rgb[:, :2], sheet.rgb[:, -2:]], axis=1))
    limit = 0.2 * mask.size
    for surface in (int(i) for i in np.argsort(surfaces.area, kind="stable")):
        area = surfaces.area[surface]
        if not SMALL <= area <= limit or surface == 0 or surface in known:
            continue
        y, x = max(0, int(surfaces.y[surface]) - 4), max(0, int(surfaces.x[surface]) - 4)
        bottom, right = y + int(surfaces.height[surface]) + 8, x + int(surfaces.width[surface]) + 8
        window = mask[y:bottom, x:right]
        if not window.any():
            continue
        own = surfaces.labels[y:bottom, x:right] == surface
        rim = (cv2.dilate(own.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0) & ~own
        color = find_common_color(sheet.rgb[y:bottom, x:right][own])
        stray = area <= STRAY_PATCH * mask.size and compute_channel_distance(color, ground) > 3
        if window[rim].mean() >= (TOUCHED if stray else SURROUNDED):
            window |= own
    return mask


def _find_restless_surfaces(sheet: MockupPixels, surfaces: Surfaces, spared: set[int]) -> set[int]:
    """Surfaces of any outline that are not one paint: skies, skin, blurred backgrounds."""
    large = (int(i) for i in np.flatnonzero(surfaces.area >= 400))
    return {i for i in large if i and i not in spared and paint_share(sheet, surfaces, i) < PAINTED}


def _outline_region(solid: Mask, x: int, y: int) -> Region:
    """The region's box without the thin fringe that closing and the density window added."""
    rows, columns = solid.mean(axis=1), solid.mean(axis=0)
    ys, xs = np.flatnonzero(rows >= FRINGE), np.flatnonzero(columns >= FRINGE)
    if not len(ys) or not len(xs):
        ys, xs = np.arange(solid.shape[0]), np.arange(solid.shape[1])
    return Region(x + int(xs[0]), y + int(ys[0]), x + int(xs[-1]) + 1, y + int(ys[-1]) + 1)


def _merge_regions(regions: list[Region]) -> list[Region]:
    """Overlapping regions are one picture, and so are neighbours of one height that a bright stripe
    parts.
    """
    merged: list[Region] = []
    for region in sorted(regions, key=lambda r: -r.box.area):
        for i, other in enumerate(merged):
            beside = abs(region.top - other.top) <= 8 and abs(region.bottom - other.bottom) <= 8
            near = max(region.left - other.right, other.left - region.right) <= 6
            if region.box.intersection(other.box) > 0.3 * region.box.area or (
                beside and near and region.box.height >= 40
            ):
                box = region.box.union(other.box)
                merged[i] = Region(
                    int(box.x), int(box.y), int(box.right), int(box.bottom), other.radius
                )
                break
        else:
            merged.append(region)
    return merged


def snap_region(region: Region, sheet: MockupPixels) -> Region:
    """The region on its own edges: straight steps right there, else its outline on a ground, else
    steps nearby.
    """
    isolated = _fit_to_ground(region, sheet)
    exact = _snap_edges(region, sheet, 2)
    if exact is not None and not (isolated and isolated.radius >= 0.3 * exact.box.width):
        same = isolated is not None and isolated.box.iou(exact.box) > 0.98
        return replace(exact, radius=isolated.radius if isolated and same else 0.0)
    start = isolated or region
    if start.radius > 8:
        return start
    return replace(_snap_edges(start, sheet, 12) or start, radius=start.radius)


def _snap_edges(region: Region, sheet: MockupPixels, reach: int) -> Region | None:
    """The region with each side on the strongest straight step within reach; None where one side
    has none.
    """
    grey = (
        sheet.rgb[region.top - 20 if region.top > 20 else 0 : region.bottom + 20]
        .astype(np.int16)
        .sum(axis=2, dtype=np.int16)
    )
    offset = region.top - 20 if region.top > 20 else 0
    inside = (region.top - offset, region.bottom - offset)
    top = _snap_edge(grey, inside[0], region.left, region.right, reach, offset == 0)
    bottom = _snap_edge(
        grey, inside[1], region.left, region.right, reach, offset + grey.shape[0] == sheet.height
    )
    left = _snap_edge(grey.T, region.left, *inside, reach, True)
    right = _snap_edge(grey.T, region.right, *inside, reach, True)
    if top is None or bottom is None or left is None or right is None:
        return None
    return Region(left, top + offset, right, bottom + offset)


def _fit_to_ground(region: Region, sheet: MockupPixels) -> Region | None:
    """The region's outline and corner radius where one colour surrounds it; None where it touches
    other things.
    """
    import cv2

    reach = 10
    top, left = max(0, region.top - reach), max(0, region.left - reach)
    bottom, right = min(sheet.height, region.bottom + reach), min(sheet.width, region.right + reach)
    window = sheet.rgb[top:bottom, left:right]
    rim = np.concatenate([window[:2].reshape(-1, 3), window[-2:].reshape(-1, 3)])
    rim = np.concatenate([rim, window[:, :2].reshape(-1, 3), window[:, -2:].reshape(-1, 3)])
    ground = find_common_color(rim)
    if float((compute_channel_distance(rim, ground) <= 10).mean()) < 0.85:
        return None
    apart = (compute_channel_distance(window, ground) > 14).astype(np.uint8)
    inside = cv2.morphologyEx(apart, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=8)
    if len(stats) < 2:
        return None
    x, y, w, h, _ = (int(v) for v in stats[1 + int(stats[1:, 4].argmax())])
    if w * h < 0.6 * region.box.area:
        return None
    solid = fill_holes(labels[y : y + h, x : x + w] == 1 + int(stats[1:, 4].argmax()))
    missing = float(np.sort(count_missing_corner_pixels(solid))[1])
    radius = compute_corner_radius(missing, min(w, h))
    if radius >= ROUND * min(w, h) / 2:
        radius = min(w, h) / 2  # the last pixels of a circle are all antialiasing
    # A bite out of a corner by a picture as pale as its ground is not a radius.
    if radius and abs(count_missing_corner_pixels(solid).sum() - 4 * missing) > 0.1 * w * h:
        radius = 0.0
    return Region(left + x, top + y, left + x + w, top + y + h, radius)


def _snap_edge(
    grey: NDArray[np.int16], at: int, start: int, end: int, reach: int, page: bool
) -> int | None:
    """The row near `at` where the strongest step begins; the page's own edge counts, None if there
    is no clear step.
    """
    if page and at <= 3:
        return 0
    if page and at >= grey.shape[0] - 3:
        return int(grey.shape[0])
    low, high = max(1, at - reach), min(grey.shape[0] - 1, at + reach)
    steps = np.abs(np.diff(grey[low - 1 : high + 1, start:end], axis=0))
    strength = np.median(steps, axis=1) + 0.25 * steps.mean(axis=1)
    best = int(strength.argmax())
    return low + best if strength[best] > 12 else None


def find_icons(sheet: MockupPixels, surfaces: Surfaces, taken: Mask) -> list[Region]:
    """Ink that nothing else explains, its close parts together."""
    import cv2

    # Paint is large; what is small, or thin, or oddly shaped on top of it is ink.
    ink = ~taken
    close = cv2.morphologyEx(
        ink.view(np.uint8),
        cv2.MORPH_CLOSE,
        np.ones((2 * ICON_GAP + 1, 2 * ICON_GAP + 1), np.uint8),
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(close, connectivity=8)
    regions = []
    for i in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[i])
        own = ink[y : y + h, x : x + w] & (labels[y : y + h, x : x + w] == i)
        if min(w, h) >= MIN_ICON_SIDE and own.sum() >= 14 and max(w, h) <= 0.9 * sheet.width:
            rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
            regions.append(
                Region(
                    x + int(columns[0]),
                    y + int(rows[0]),
                    x + int(columns[-1]) + 1,
                    y + int(rows[-1]) + 1,
                )
            )
    _, _, blobs, _ = cv2.connectedComponentsWithStats(ink.view(np.uint8), connectivity=8)
    signs = _find_dotted_signs(np.asarray(blobs[1:, :4], np.int32))
    if sheet.lossy:
        regions = [region for region in regions if not _is_ripple(sheet, region)]
    large = [r for r in regions if min(r.box.width, r.box.height) >= MIN_ICON_SIDE]
    dotted = [r for r in signs if not any(r.box.intersection(other.box) for other in large)]
    return _merge_regions(large) + dotted


def _find_dotted_signs(blobs: NDArray[np.int32]) -> list[Region]:
    """Three equal dots in a column or a row, evenly apart: a menu's sign, whose dots are too small
    for icons.
    """
    low, high = DOT
    small = (blobs[:, 2:] >= low).all(axis=1) & (blobs[:, 2:] <= high).all(axis=1)
    dots = [Box(*map(float, blob)) for blob in blobs[small][:MOST_DOTS]]
    found = []
    for upright in (True, False):
        order = sorted(dots, key=lambda dot: (dot.y, dot.x) if upright else (dot.x, dot.y))
        for first in order:
            second = _find_next_dot(first, order, upright)
            third = _find_next_dot(second, order, upright) if second else None
            if second is None or third is None:
                continue
            steps = [second.cy - first.cy, third.cy - second.cy]
            if not upright:
                steps = [second.cx - first.cx, third.cx - second.cx]
            if abs(steps[0] - steps[1]) <= DOT_SLACK:
                box = first.union(third)
                found.append(Region(int(box.x), int(box.y), int(box.right), int(box.bottom)))
    return found


def _find_next_dot(dot: Box, dots: Sequence[Box], upright: bool) -> Box | None:
    for other in dots:
        across = abs(other.cx - dot.cx) if upright else abs(other.cy - dot.cy)
        along = other.cy - dot.cy if upright else other.cx - dot.cx
        like = abs(other.width - dot.width) <= 1 and abs(other.height - dot.height) <= 1
        if like and across <= DOT_SLACK and dot.width < along <= DOT_PITCH * dot.width:
            return other
    return None


def _is_ripple(sheet: MockupPixels, region: Region) -> bool:
    """Whether a region of a lossy picture is no more than what JPEG leaves beside an edge."""
    window = sheet.rgb[region.top : region.bottom, region.left : region.right]
    distance = compute_channel_distance(window, find_common_color(window))
    return float(np.quantile(distance, RIPPLE_QUANTILE)) <= MAX_RIPPLE


def number_pictures(
    photos: Sequence[Region],
    icons: Sequence[Region],
    texts: Sequence[TextLine],
    rects: Sequence[Rect],
    sheet: MockupPixels,
) -> list[Picture]:
    """Numbered pictures in reading order. One that text or controls lie on is a background, never a
    plain image.
    """
    page = sheet.width * sheet.height
    entries: list[tuple[Region, bool]] = [(region, True) for region in photos]
    entries += [
        (region, max(region.box.width, region.box.height) > MAX_ICON_SIDE) for region in icons
    ]
    entries = [
        entry
        for entry in entries
        if not any(_is_line_shadow(entry[0].box, text.box) for text in texts)
    ]
    entries.sort(key=lambda entry: (entry[0].top, entry[0].left))
    pictures: list[Picture] = []
    for region, photo in entries:
        box = region.box
        covered = any(_is_on(text.box, box) for text in texts) or any(
            _is_on(r.box, box) and r.box.area < 0.8 * box.area for r in rects
        )
        if not covered and box.area > MAX_SHARE * page:
            covered = True
        number = len(pictures) + 1
        suffix = "jpg" if photo and not region.drawn else "png"
        asset = f"assets/{'picture' if photo else 'icon'}-{number}.{suffix}"
        ground = None if photo else _find_ground_around(sheet, region)
        kind: Literal["photo", "icon"] = "photo" if photo else "icon"
        pictures.append(Picture(number, box, kind, asset, region.radius, covered, ground))
    return pictures


def _find_ground_around(sheet: MockupPixels, region: Region) -> str | None:
    """The color that most of the rim around an icon has; None where the rim is not even."""
    top, left = max(0, region.top - RIM), max(0, region.left - RIM)
    window = sheet.rgb[top : region.bottom + RIM, left : region.right + RIM]
    rim = np.ones(window.shape[:2], bool)
    soft = 1  # px of the icon's own antialiasing
    rim[
        max(0, region.top - top - soft) : region.bottom - top + soft,
        max(0, region.left - left - soft) : region.right - left + soft,
    ] = False
    if not rim.any():
        return None
    color = find_common_color(window[rim])
    even = compute_channel_distance(window[rim], color) <= EVEN_RIM
    return write_hex(color) if float(even.mean()) >= MOSTLY_EVEN else None


def _is_line_shadow(box: Box, ink: Box) -> bool:
    """Whether a region is no more than a line's shadow or glow."""
    pad = 0.4 * ink.height
    around = Box(ink.x - pad, ink.y - pad, ink.width + 2 * pad, ink.height + 2 * pad)
    return around.contains(box) and ink.intersection(box) > 0.4 * box.area


def _is_on(inner: Box, outer: Box) -> bool:
    return inner.intersection(outer) > 0.6 * inner.area and inner.area < 0.9 * outer.area
