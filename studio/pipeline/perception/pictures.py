"""Regions that style sheets do not paint: photos and icons, to be cropped out of the mockup as
assets.

Takes texts and rectangles as given. A photo is dense texture; an icon is ink that is neither text
nor rectangle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import cut_into_bands, look_up, mark_labels
from studio.pipeline.perception.color_regions import SMALL, Surfaces
from studio.pipeline.perception.hints import Box, Picture, Rect, TextLine
from studio.pipeline.perception.outlines import (
    Shape,
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
MIN_PHOTO_AREA = 900  # px²
SOLID = 0.3  # share of its box that a photo's texture fills, at least
# Shares of the pixels around that are no text: below, nothing tells; a density counts as of so many.
LEAST_WEIGHT, COUNTED_WEIGHT = 0.2, 0.3
LEAST_SURFACE = 400  # px² of a surface that is asked whether it is paint
CLOSED, OPENED = 9, 7  # px: pinholes and crumbs of texture are smaller
# An even patch belongs to the photo that makes up this much of what lies right around it.
SURROUNDED = 0.45
TOUCHED = 0.2
AROUND_PATCH = 4  # px
LARGEST_PATCH = 0.2  # share of the page
NEAR_GROUND = 3  # levels between a patch and the page's ground, up to which it is ground
MARGIN = 2  # px at the page's sides that show its ground
# Share of the page up to which a patch without a rectangle's outline is a piece of a photo rather
# than a ground.
STRAY_PATCH = 0.03
# A picture on an even ground: at least so large, with so little ground, and no text read with such
# confidence on it.
MIN_PICTURED = 20_000
MOSTLY_GROUND = 0.92
READS_WELL = 0.9
FEWEST_PIECES = 3
# Rows and columns that the region fills less than this are fringe.
FRINGE = 0.15
# px around an icon that show its ground, levels by which they may vary, and the share that must not.
RIM, EVEN_RIM, MOSTLY_EVEN = 3, 12, 0.6
# Larger line drawings are illustrations and count as photos.
MAX_ICON_SIDE = 96
# px between neighbors that a stripe parts, by which their edges may differ, and their least height.
STRIPE, LEVEL, STRIPED_HEIGHT = 6, 8, 40
OVERLAP = 0.3  # share of a region that lies in another, from which both are one
# Share of a thing that lies on a picture on it; what is larger than this share is no thing on it.
ON, LARGEST_ON = 0.6, 0.9
LARGEST_CONTROL = 0.8  # share of a picture that a box on it covers; a larger one is its frame
# A line's shadow or glow: how far it reaches in line heights, and the share that is letters.
SHADOW_REACH, SHADOW_INK = 0.4, 0.4
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
        if shape.width * shape.height >= LEAST_SURFACE
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
        is_large = min(w, h) >= MIN_PHOTO_SIDE and area >= MIN_PHOTO_AREA
        if is_large and area >= SOLID * w * h:
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
        least = DENSE * np.maximum(weight, COUNTED_WEIGHT)
        dense[rows] = (density >= least) & (weight > LEAST_WEIGHT)
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
        if pieces >= FEWEST_PIECES and own <= MOSTLY_GROUND:
            found.append(Region(shape.left, shape.top, shape.right, shape.bottom, shape.radius))
    return found


def merge(regions: Sequence[Region]) -> list[Region]:
    """The regions with overlapping ones and close neighbours joined."""
    return _merge_regions(list(regions))


def _close_mask(mask: Mask) -> Mask:
    """The mask without pinholes and without crumbs."""
    import cv2

    solid = cv2.morphologyEx(
        mask.view(np.uint8), cv2.MORPH_CLOSE, np.ones((CLOSED, CLOSED), np.uint8)
    )
    return np.asarray(
        cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((OPENED, OPENED), np.uint8)) > 0
    )


def _absorb_even_patches(
    mask: Mask, sheet: MockupPixels, surfaces: Surfaces, known: set[int]
) -> Mask:
    """The mask with the even patches that belong to it: a white shirt, a black frame, a blown-out
    sky. It changes in place.

    A patch that no rectangle explains belongs to the photo it touches; the page's ground and large
    bands do not.
    """
    import cv2

    ground = find_common_color(
        np.concatenate([sheet.rgb[:, :MARGIN], sheet.rgb[:, -MARGIN:]], axis=1)
    )
    limit = LARGEST_PATCH * mask.size
    side = 2 * AROUND_PATCH + 1
    kernel = np.ones((side, side), np.uint8)
    for surface in (int(i) for i in np.argsort(surfaces.area, kind="stable")):
        area = surfaces.area[surface]
        if not SMALL <= area <= limit or surface == 0 or surface in known:
            continue
        y = max(0, int(surfaces.y[surface]) - AROUND_PATCH)
        x = max(0, int(surfaces.x[surface]) - AROUND_PATCH)
        bottom = y + int(surfaces.height[surface]) + 2 * AROUND_PATCH
        right = x + int(surfaces.width[surface]) + 2 * AROUND_PATCH
        window = mask[y:bottom, x:right]
        if not window.any():
            continue
        own = surfaces.labels[y:bottom, x:right] == surface
        rim = (cv2.dilate(own.astype(np.uint8), kernel) > 0) & ~own
        color = find_common_color(sheet.rgb[y:bottom, x:right][own])
        is_ground = compute_channel_distance(color, ground) <= NEAR_GROUND
        stray = area <= STRAY_PATCH * mask.size and not is_ground
        if window[rim].mean() >= (TOUCHED if stray else SURROUNDED):
            window |= own
    return mask


def _find_restless_surfaces(sheet: MockupPixels, surfaces: Surfaces, spared: set[int]) -> set[int]:
    """Surfaces of any outline that are not one paint: skies, skin, blurred backgrounds."""
    large = (int(i) for i in np.flatnonzero(surfaces.area >= LEAST_SURFACE))
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
            overlaps = region.box.intersection(other.box) > OVERLAP * region.box.area
            if overlaps or _are_parted_by_stripe(region, other):
                box = region.box.union(other.box)
                merged[i] = Region(
                    int(box.x), int(box.y), int(box.right), int(box.bottom), other.radius
                )
                break
        else:
            merged.append(region)
    return merged


def _are_parted_by_stripe(one: Region, other: Region) -> bool:
    is_level = abs(one.top - other.top) <= LEVEL and abs(one.bottom - other.bottom) <= LEVEL
    gap = max(one.left - other.right, other.left - one.right)
    return is_level and gap <= STRIPE and one.box.height >= STRIPED_HEIGHT


def number_pictures(
    photos: Sequence[Region],
    icons: Sequence[Region],
    texts: Sequence[TextLine],
    rects: Sequence[Rect],
    sheet: MockupPixels,
) -> list[Picture]:
    """Numbered pictures in reading order. One that text or controls lie on is a background, never a
    plain image. One without height or width, to which a strip of ink may be cut, is none.
    """
    page = sheet.width * sheet.height
    entries: list[tuple[Region, bool]] = [(region, True) for region in photos]
    entries += [
        (region, max(region.box.width, region.box.height) > MAX_ICON_SIDE) for region in icons
    ]
    entries = [
        entry
        for entry in entries
        if entry[0].box.area > 0
        and not any(_is_line_shadow(entry[0].box, text.box) for text in texts)
    ]
    entries.sort(key=lambda entry: (entry[0].top, entry[0].left))
    pictures: list[Picture] = []
    for region, photo in entries:
        box = region.box
        covered = any(_is_on(text.box, box) for text in texts) or any(
            _is_on(r.box, box) and r.box.area < LARGEST_CONTROL * box.area for r in rects
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
    pad = SHADOW_REACH * ink.height
    around = Box(ink.x - pad, ink.y - pad, ink.width + 2 * pad, ink.height + 2 * pad)
    return around.contains(box) and ink.intersection(box) > SHADOW_INK * box.area


def _is_on(inner: Box, outer: Box) -> bool:
    is_inside = inner.intersection(outer) > ON * inner.area
    return is_inside and inner.area < LARGEST_ON * outer.area
