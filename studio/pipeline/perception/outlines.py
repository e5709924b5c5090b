"""Which surfaces are rectangles: outline, corner radii, and how well the sides hold. Colours and
borders come later.
"""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.color_regions import Surfaces
from studio.pipeline.perception.pixels import Mask

# Smaller than this is a letter's inside or a bullet.
MIN_SIDE = 7
MIN_AREA = 64
# Larger radii occur only where the whole end is round.
MAX_RADIUS = 40.0
# A side holds when the surface reaches this share of it: overlapping badges and cards may hide the
# rest.
SIDE_HOLDS = 0.3
# A box that is mostly covered: its own share, its shorter side, its share of the page; how much of
# each side is one ground outside, and how much of a side may be crossed.
CROWDED = 0.3
MIN_CROWDED = 40
MAX_CROWDED = 0.15
ONE_GROUND = 0.75
CROSSED = 0.04
# px at a side that show whether the shape reaches it.
EDGE_ROWS = 2
# Share of a stroke's side along which one thicker stroke lies, so that it is that one's rim.
RIM_SHARE = 0.6
# Strokes up to this length, in px, may be an icon's; what lies within this reach of them, on which
# surfaces of less than this area, over more than this share, is ink that touches them.
LONGEST_ICON_STROKE = 40
INK_REACH = 2
LEAST_GROUND = 300
TOUCHED = 0.12
# A piece of a surface that is no rectangle as a whole: a band, a column; and how whole its rows
# must be.
MIN_PIECE = 12_000
MIN_WIDE = 120
MIN_HIGH = 24
WHOLE = 0.98


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangular surface: its box (end exclusive); `exact` when nothing overlaps its outline."""

    surface: int
    left: int
    top: int
    right: int
    bottom: int
    corners: tuple[float, ...]  # radii: top left, top right, bottom left, bottom right
    exact: bool
    solid: float = 1.0  # share of the outline's inside that is the surface itself
    crowded: bool = False  # what lies on it covers it up to its edges

    @property
    def radius(self) -> float:
        return find_common_radius(self.corners)

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def find_shapes(surfaces: Surfaces) -> list[Shape]:
    """Rectangular surfaces, largest first."""
    big = (surfaces.area >= MIN_AREA) & (surfaces.width >= MIN_SIDE) & (surfaces.height >= MIN_SIDE)
    shapes = [
        shape for i in np.flatnonzero(big) if i and (shape := _shape(surfaces, int(i))) is not None
    ]
    return sorted(shapes, key=lambda s: (-s.width * s.height, s.top, s.left))


def find_pieces(surfaces: Surfaces, known: Container[int]) -> list[Shape]:
    """The bands that large surfaces of another outline consist of: a header and the sidebar that
    hangs on it, a band into which a badge of its own colour bulges. `known` surfaces are left out.
    """
    large = (
        (surfaces.area >= MIN_PIECE) & (surfaces.width >= MIN_WIDE) & (surfaces.height >= MIN_HIGH)
    )
    return [
        piece
        for i in np.flatnonzero(large)
        if i and int(i) not in known
        for piece in _find_pieces(surfaces, int(i))
    ]


def _find_pieces(surfaces: Surfaces, surface: int) -> list[Shape]:
    """Stretches of rows that begin and end in the same columns and are whole in between."""
    mask = surfaces.mask(surface)
    whole = fill_holes(mask)
    count = whole.sum(axis=1)
    left, right = whole.argmax(axis=1), whole.shape[1] - whole[:, ::-1].argmax(axis=1)
    full = count >= WHOLE * (right - left)
    starts = [
        0,
        *(np.flatnonzero((np.diff(left) != 0) | (np.diff(right) != 0) | (np.diff(full) != 0)) + 1),
        len(whole),
    ]
    x, y = int(surfaces.x[surface]), int(surfaces.y[surface])
    pieces = []
    for top, bottom in zip(starts, starts[1:], strict=False):
        a, b = int(left[top]), int(right[top])
        if (
            not full[top]
            or bottom - top < MIN_HIGH
            or b - a < MIN_WIDE
            or (b - a) * (bottom - top) < MIN_PIECE
        ):
            continue
        if (
            mask[top:bottom, a:b].mean() >= CROWDED
        ):  # else it is the lines of a table, not what they enclose
            pieces.append(
                Shape(surface, x + a, y + int(top), x + b, y + int(bottom), (0.0,) * 4, False)
            )
    return pieces


def find_rules(surfaces: Surfaces) -> list[Shape]:
    """Straight strokes, too thin to be a shape; the longer, the thicker they may be."""
    thickness = np.minimum(surfaces.width, surfaces.height)
    thin = thickness < MIN_SIDE
    long = np.maximum(surfaces.width, surfaces.height) >= np.maximum(16, 12 * thickness)
    full = surfaces.area >= 0.95 * surfaces.width * surfaces.height
    strokes = thin & long & full
    rules = []
    for i in np.flatnonzero(strokes):
        if i and not _is_rim_of_ink(surfaces, int(i), strokes):
            x, y = int(surfaces.x[i]), int(surfaces.y[i])
            rules.append(
                Shape(
                    int(i),
                    x,
                    y,
                    x + int(surfaces.width[i]),
                    y + int(surfaces.height[i]),
                    (0.0,) * 4,
                    True,
                )
            )
    return rules


def _is_rim_of_ink(surfaces: Surfaces, stroke: int, strokes: Mask) -> bool:
    """Whether a stroke is the antialiased side of another, thicker one: a stem of a letter."""
    x, y = int(surfaces.x[stroke]), int(surfaces.y[stroke])
    right, bottom = x + int(surfaces.width[stroke]), y + int(surfaces.height[stroke])
    labels = surfaces.labels
    if bottom - y > right - x:
        sides = [labels[y:bottom, at] for at in (x - 1, right) if 0 <= at < labels.shape[1]]
    else:
        sides = [labels[at, x:right] for at in (y - 1, bottom) if 0 <= at < labels.shape[0]]
    for side in sides:
        names, counts = np.unique(side, return_counts=True)
        beside = int(names[counts.argmax()])
        thickness = min(surfaces.width[beside], surfaces.height[beside])
        if (
            counts.max() >= RIM_SHARE * len(side)
            and beside
            and not strokes[beside]
            and thickness < MIN_SIDE
        ):
            return True
    return False


def is_icon_stroke(surfaces: Surfaces, stroke: Shape, rules: Sequence[Shape]) -> bool:
    """Whether a short stroke is part of a line drawing: other ink touches it, where a separator
    stands alone on its ground.
    """
    if max(stroke.width, stroke.height) > LONGEST_ICON_STROKE:
        return False
    reach = INK_REACH
    top, left = max(0, stroke.top - reach), max(0, stroke.left - reach)
    around = surfaces.labels[top : stroke.bottom + reach, left : stroke.right + reach]
    spared = [
        rule.surface
        for rule in rules
        if _is_layer(rule, stroke) or max(rule.width, rule.height) > LONGEST_ICON_STROKE
    ]
    ink = (surfaces.area[around] < LEAST_GROUND) & ~np.isin(around, spared)
    along = ink if stroke.width >= stroke.height else ink.T
    at_end = bool(along[:, : 2 * reach].sum() > reach or along[:, -2 * reach :].sum() > reach)
    return at_end or float(ink.mean()) > TOUCHED


def _is_layer(rule: Shape, stroke: Shape) -> bool:
    """Whether a rule is the stroke itself, or its antialiasing beside it."""
    if stroke.width >= stroke.height:
        return abs(rule.left - stroke.left) <= 1 and abs(rule.right - stroke.right) <= 1
    return abs(rule.top - stroke.top) <= 1 and abs(rule.bottom - stroke.bottom) <= 1


def fill_holes(mask: Mask) -> Mask:
    """The mask with its holes closed: what lies on a card belongs to the card's outline."""
    import cv2

    contours, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    solid = np.zeros(mask.shape, np.uint8)
    cv2.drawContours(solid, contours, -1, 1, thickness=cv2.FILLED)
    return solid.view(np.bool_)


def _shape(surfaces: Surfaces, surface: int) -> Shape | None:
    mask = surfaces.mask(surface)
    whole = fill_holes(mask)
    height, width = whole.shape
    missing = count_missing_corner_pixels(whole)
    corners = tuple(compute_corner_radius(float(lost), min(width, height)) for lost in missing)
    radius = find_common_radius(corners)
    off = float(np.abs(missing - _compute_corner_loss(radius)).sum())
    # Cards joined to others have two round corners and two square ones.
    off = min(
        off,
        float(
            sum(
                abs(lost - _compute_corner_loss(r))
                for lost, r in zip(missing, _tidy(corners), strict=True)
            )
        ),
    )
    exact = off <= 0.015 * width * height + 0.35 * (width + height) + 2.0 * radius
    exact = exact and _reaches_its_sides(whole)
    if not exact and not _has_straight_sides(whole, radius):
        return _find_crowded_box(surfaces, surface)
    if max(corners) > MAX_RADIUS and radius < 0.45 * min(width, height):
        # What a neighbour bit off is no radius; the untouched corners speak for all.
        whole_corners = [r for r in corners if r <= MAX_RADIUS]
        corners = tuple(r if r <= MAX_RADIUS else min(whole_corners, default=0.0) for r in corners)
    x, y = int(surfaces.x[surface]), int(surfaces.y[surface])
    solid = float(mask.sum()) / max(1.0, float(whole.sum()))
    return Shape(surface, x, y, x + width, y + height, corners, exact, solid)


def _find_crowded_box(surfaces: Surfaces, surface: int) -> Shape | None:
    """A box whose own paint is bitten off by what lies on it up to its edges, such as a tile with a
    large pale icon: nothing crosses its outline, and outside it one ground runs along each side.
    """
    x, y = int(surfaces.x[surface]), int(surfaces.y[surface])
    width, height = int(surfaces.width[surface]), int(surfaces.height[surface])
    own = float(surfaces.area[surface]) / (width * height)
    if (
        own < CROWDED
        or min(width, height) < MIN_CROWDED
        or width * height > MAX_CROWDED * surfaces.labels.size
    ):
        return None
    labels = surfaces.labels
    window = labels[y : y + height, x : x + width]
    inside = (window[0], window[-1], window[:, 0], window[:, -1])
    outside = (
        labels[y - 1, x : x + width] if y else None,
        labels[y + height, x : x + width] if y + height < labels.shape[0] else None,
        labels[y : y + height, x - 1] if x else None,
        labels[y : y + height, x + width] if x + width < labels.shape[1] else None,
    )
    for inner, outer in zip(inside, outside, strict=True):
        if outer is None:
            continue
        grounds, counts = np.unique(outer, return_counts=True)
        common = int(grounds[counts.argmax()])
        if counts.max() < ONE_GROUND * len(outer) or surfaces.area[common] < width * height / 4:
            return None
        if (inner == outer).mean() > CROSSED:
            return None
    return Shape(surface, x, y, x + width, y + height, (0.0,) * 4, False, own, crowded=True)


def find_common_radius(corners: tuple[float, ...]) -> float:
    """One radius for all corners: a badge on an edge spoils two quarters, so the second smallest."""
    return sorted(corners)[1]


def _tidy(corners: tuple[float, ...]) -> tuple[float, ...]:
    """Corners that are either square or the largest radius."""
    top = max(corners)
    return tuple(r if r < 0.3 * top else top for r in corners) if top <= MAX_RADIUS else corners


def count_missing_corner_pixels(solid: Mask) -> NDArray[np.float64]:
    """Pixels that each quarter of the bounding box lacks."""
    height, width = solid.shape
    y, x = height // 2, width // 2
    quarters = (solid[:y, :x], solid[:y, -x:], solid[-y:, :x], solid[-y:, -x:])
    return np.array([quarter.size - quarter.sum() for quarter in quarters], dtype=np.float64)


def _compute_corner_loss(radius: float) -> float:
    """Pixels a rounded corner lacks: the square less its quarter disc, and the arc's antialiased
    rim.
    """
    return (1 - math.pi / 4) * radius**2 + RIM * radius


# Antialiased pixels along an arc belong to neither side: measured .9 per pixel of radius on
# Chromium's corners.
RIM = 0.9


def compute_corner_radius(missing: float, side: int) -> float:
    """The radius that loses so many pixels, at most half the shorter side."""
    a = 1 - math.pi / 4
    radius = (-RIM + math.sqrt(RIM**2 + 4 * a * missing)) / (2 * a)
    return 0.0 if radius < 1.2 else round(min(radius, side / 2) * 2) / 2


def _reaches_its_sides(solid: Mask) -> bool:
    """Whether the middle of each side is there: a letter x lacks as much at its corners as a disc."""
    rows, columns = (slice(length // 3, length - length // 3) for length in solid.shape)
    return bool(
        solid[:EDGE_ROWS, columns].any()
        and solid[-EDGE_ROWS:, columns].any()
        and solid[rows, :EDGE_ROWS].any()
        and solid[rows, -EDGE_ROWS:].any()
    )


def _has_straight_sides(solid: Mask, radius: float) -> bool:
    """Whether enough of each side is there, and enough of the whole, for a rectangle that others
    overlap.
    """
    height, width = solid.shape
    inset = int(radius)
    sides = (
        solid[:2].any(axis=0),
        solid[-2:].any(axis=0),
        solid[:, :2].any(axis=1),
        solid[:, -2:].any(axis=1),
    )
    lengths = (width - 2 * inset, width - 2 * inset, height - 2 * inset, height - 2 * inset)
    if min(lengths) <= 0 or solid.mean() < 0.6 or width * height < 2000:
        return False
    return all(
        side.sum() >= SIDE_HOLDS * length for side, length in zip(sides, lengths, strict=True)
    )
