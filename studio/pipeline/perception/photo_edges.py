"""The edges of photos: straight steps in the picture, or the outline on an even ground."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.outlines import (
    compute_corner_radius,
    count_missing_corner_pixels,
    fill_holes,
)
from studio.pipeline.perception.pictures import Region
from studio.pipeline.perception.pixels import (
    MockupPixels,
    compute_channel_distance,
    find_common_color,
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in px, differences in levels of 255."""

    at_edge: int = 2  # how far a straight step may be from the region's side, to be right there
    nearby: int = 12  # … and to be nearby
    page_edge: int = 3  # from the page's side, which then is the region's
    above: int = 20  # rows above and below the region that are looked at
    step: int = 12  # levels, of the three channels together, of a step …
    step_mean: float = 0.25  # … where the mean along the side counts so much beside the median
    # From this share of the width on, a radius on an even ground is surer than straight steps; so
    # much do both boxes overlap (IoU) where they are one; a larger radius has no straight steps.
    round_share: float = 0.3
    one_box: float = 0.98
    largest_straight: float = 8.0
    # A radius of so much of half the shorter side is that of a circle or a pill: avatars have .92
    # to 1.
    circle: float = 0.84
    # An even ground: how far around, how thick its rim, levels and share in which it is even.
    around: int = 10
    rim: int = 2
    even: int = 10
    even_share: float = 0.85
    apart: int = 14  # levels from which a pixel is the picture's
    found: float = 0.6  # share of the region that its outline fills
    bite: float = 0.1  # share of the box that corners of unlike sizes may lack


LIMITS = Thresholds()
CORNERS = 4


def snap_region(region: Region, sheet: MockupPixels) -> Region:
    """The region on its own edges: straight steps right there, else its outline on a ground, else
    steps nearby.
    """
    isolated = _fit_to_ground(region, sheet)
    exact = _snap_edges(region, sheet, LIMITS.at_edge)
    if exact is not None and not (
        isolated and isolated.radius >= LIMITS.round_share * exact.box.width
    ):
        same = isolated is not None and isolated.box.iou(exact.box) > LIMITS.one_box
        return replace(exact, radius=isolated.radius if isolated and same else 0.0)
    start = isolated or region
    if start.radius > LIMITS.largest_straight:
        return start
    return replace(_snap_edges(start, sheet, LIMITS.nearby) or start, radius=start.radius)


def _snap_edges(region: Region, sheet: MockupPixels, reach: int) -> Region | None:
    """The region with each side on the strongest straight step within reach; None where one side
    has none.
    """
    offset = max(0, region.top - LIMITS.above)
    rows = sheet.rgb[offset : region.bottom + LIMITS.above]
    grey = rows.astype(np.int16).sum(axis=2, dtype=np.int16)
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

    reach = LIMITS.around
    top, left = max(0, region.top - reach), max(0, region.left - reach)
    bottom, right = min(sheet.height, region.bottom + reach), min(sheet.width, region.right + reach)
    window = sheet.rgb[top:bottom, left:right]
    thick = LIMITS.rim
    sides = (window[:thick], window[-thick:], window[:, :thick], window[:, -thick:])
    rim = np.concatenate([side.reshape(-1, 3) for side in sides])
    ground = find_common_color(rim)
    even = compute_channel_distance(rim, ground) <= LIMITS.even
    if float(even.mean()) < LIMITS.even_share:
        return None
    apart = (compute_channel_distance(window, ground) > LIMITS.apart).astype(np.uint8)
    inside = cv2.morphologyEx(apart, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=8)
    if len(stats) < 2:
        return None
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    x, y, w, h, _ = (int(v) for v in stats[largest])
    if w * h < LIMITS.found * region.box.area:
        return None
    solid = fill_holes(labels[y : y + h, x : x + w] == largest)
    missing = float(np.sort(count_missing_corner_pixels(solid))[1])
    radius = compute_corner_radius(missing, min(w, h))
    if radius >= LIMITS.circle * min(w, h) / 2:
        radius = min(w, h) / 2  # the last pixels of a circle are all antialiasing
    # A bite out of a corner by a picture as pale as its ground is not a radius.
    unlike = abs(count_missing_corner_pixels(solid).sum() - CORNERS * missing)
    if radius and unlike > LIMITS.bite * w * h:
        radius = 0.0
    return Region(left + x, top + y, left + x + w, top + y + h, radius)


def _snap_edge(
    grey: NDArray[np.int16], at: int, start: int, end: int, reach: int, page: bool
) -> int | None:
    """The row near `at` where the strongest step begins; the page's own edge counts, None if there
    is no clear step.
    """
    if page and at <= LIMITS.page_edge:
        return 0
    if page and at >= grey.shape[0] - LIMITS.page_edge:
        return int(grey.shape[0])
    low, high = max(1, at - reach), min(grey.shape[0] - 1, at + reach)
    steps = np.abs(np.diff(grey[low - 1 : high + 1, start:end], axis=0))
    strength = np.median(steps, axis=1) + LIMITS.step_mean * steps.mean(axis=1)
    best = int(strength.argmax())
    return low + best if strength[best] > LIMITS.step else None
