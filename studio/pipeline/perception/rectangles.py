"""Rectangles with fill, border, radius and gradient from rectangular surfaces, and rules between
equal surfaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception import corners
from studio.pipeline.perception.color_regions import Surfaces
from studio.pipeline.perception.gradients import Gradient, fit_gradient
from studio.pipeline.perception.hints import Border, Box, Rect
from studio.pipeline.perception.outlines import Shape, find_common_radius
from studio.pipeline.perception.pixels import (
    MockupPixels,
    Pixels,
    compute_channel_distance,
    find_common_color,
    parse_hex,
    write_hex,
)
from studio.pipeline.perception.rims import find_border_beyond, measure_bevel

# Colours this close are the same paint; JPEG needs more room.
SAME = 3
SAME_LOSSY = 4  # JPEG at 85 moves a paint by 1 level; pale fills differ from their ground by 5
BEYOND = 1  # px from a side, without a stroke, to the line that shows the ground
BEYOND_LOSSY = 5  # JPEG softens a side over 4 px
# px of a rule between two panels; JPEG tints what lies beside it.
MAX_RULE = 3
MAX_RULE_LOSSY = 5
# Wider strokes are bands of their own.
MAX_BORDER = 6
# The rim of a shadow fades by less than this from pixel to pixel; a border ends at once.
FADE = 5
# Share of a step's contrast by which JPEG's ripples beside it stray.
RIPPLE = 0.12
# px of a panel whose sides may be soft, px off it where its ground is seen, and the share of the
# contrast by which resampling makes a fill's edge darker.
SMALL, FAR, RINGING = 64, 5, 0.06
PILL = 0.84
# Rounded squares of icon size have at most half of this share; half the side, in px.
SMALL_PILL, SMALL_HALF = 0.75, 16.0
# From this share on, a small box's corners are compared with those of a disc.
ROUNDISH = 0.55
SQUARE = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle under construction: outline (end exclusive), radii, fill colour."""

    left: int
    top: int
    right: int
    bottom: int
    corners: tuple[float, ...]
    fill: NDArray[np.uint8]
    gradient: Gradient | None = None

    @property
    def radius(self) -> float:
        return find_common_radius(self.corners)

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def holds(self, other: Panel, slack: int = 1) -> bool:
        return (
            other.left >= self.left - slack
            and other.top >= self.top - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@dataclass(frozen=True, slots=True)
class _Stroke:
    width: int
    color: NDArray[np.uint8]


def make_panels(sheet: MockupPixels, surfaces: Surfaces, shapes: Iterable[Shape]) -> list[Panel]:
    """One panel per painted shape."""
    found = []
    for shape in shapes:
        mask = surfaces.part(shape.surface, shape.left, shape.top, shape.right, shape.bottom)
        window = sheet.rgb[shape.top : shape.bottom, shape.left : shape.right]
        panel = Panel(
            shape.left,
            shape.top,
            shape.right,
            shape.bottom,
            shape.corners,
            find_common_color(window, mask),
            fit_gradient(window, mask),
        )
        found.append(panel)
    return found


def join_split_panels(
    found: Sequence[Panel], sheet: MockupPixels
) -> tuple[list[Panel], list[Panel]]:
    """Panels of one fill that only a rule divides become one panel and a rule: the rows of a table,
    of a list.
    """
    same = SAME_LOSSY if sheet.lossy else SAME
    whole, rules = list(found), list[Panel]()
    for vertical in (False, True, False):
        whole, new = _join_along(whole, sheet.rgb, same, vertical)
        rules += new
    return whole, _join_rules(rules)


def _join_along(
    found: list[Panel], rgb: Pixels, same: int, vertical: bool
) -> tuple[list[Panel], list[Panel]]:
    order = sorted(
        found, key=lambda p: (p.left, p.right, p.top) if vertical else (p.top, p.bottom, p.left)
    )
    whole, rules = list[Panel](), list[Panel]()
    for panel in order:
        last = whole[-1] if whole else None
        rule = last and _find_rule_between(last, panel, rgb, same, vertical)
        if last is None or rule is None:
            whole.append(panel)
            continue
        rules.append(rule)
        a, b = last.corners, panel.corners
        kept = (a[0], a[1], b[2], b[3]) if vertical else (a[0], b[1], a[2], b[3])
        whole[-1] = replace(
            last, right=panel.right, bottom=panel.bottom, corners=kept, gradient=None
        )
    return whole, rules


def _find_rule_between(a: Panel, b: Panel, rgb: Pixels, same: int, vertical: bool) -> Panel | None:
    """The stroke that divides two panels of one fill and equal extent, or None."""
    if vertical:
        aligned, gap = abs(a.left - b.left) <= 1 and abs(a.right - b.right) <= 1, b.top - a.bottom
        box = (max(a.left, b.left), a.bottom, min(a.right, b.right), b.top)
    else:
        aligned, gap = abs(a.top - b.top) <= 1 and abs(a.bottom - b.bottom) <= 1, b.left - a.right
        box = (a.right, max(a.top, b.top), b.left, min(a.bottom, b.bottom))
    lossy = same == SAME_LOSSY
    if (
        not aligned
        or not 1 <= gap <= (MAX_RULE_LOSSY if lossy else MAX_RULE)
        or compute_channel_distance(a.fill, b.fill) > same
    ):
        return None
    box = _sharpened(rgb, box, a.fill, vertical) if lossy else box
    left, top, right, bottom = box
    strip = rgb[top:bottom, left:right].reshape(-1, 3)
    color = find_common_color(strip)
    if (
        compute_channel_distance(strip, color[None]).mean() > 2 * same
        or compute_channel_distance(color, a.fill) <= same
    ):
        return None
    return Panel(left, top, right, bottom, SQUARE, color)


def _sharpened(
    rgb: Pixels, box: tuple[int, int, int, int], fill: NDArray[np.uint8], vertical: bool
) -> tuple[int, int, int, int]:
    """Return the stroke's box without the rows (or columns) that JPEG has only tinted."""
    left, top, right, bottom = box
    strip = compute_channel_distance(rgb[top:bottom, left:right], fill)
    distance = np.median(strip, axis=1 if vertical else 0)
    strong = np.flatnonzero(distance >= 0.5 * distance.max())
    first, last = int(strong[0]), int(strong[-1]) + 1
    return (
        (left, top + first, right, top + last)
        if vertical
        else (left + first, top, left + last, bottom)
    )


def _join_rules(rules: Sequence[Panel]) -> list[Panel]:
    """Pieces of one straight stroke, interrupted only by crossing strokes, become one rule."""
    joined: list[Panel] = []
    for rule in sorted(
        rules,
        key=lambda r: (r.width < r.height, r.left if r.width < r.height else r.top, r.left, r.top),
    ):
        last = joined[-1] if joined else None
        if last is not None and _continues_rule(last, rule):
            joined[-1] = replace(
                last, right=max(last.right, rule.right), bottom=max(last.bottom, rule.bottom)
            )
        else:
            joined.append(rule)
    return joined


def _continues_rule(a: Panel, b: Panel) -> bool:
    if compute_channel_distance(a.fill, b.fill) > SAME_LOSSY:
        return False
    if a.width > a.height:
        return a.top == b.top and a.bottom == b.bottom and -1 <= b.left - a.right <= 3
    return a.left == b.left and a.right == b.right and -1 <= b.top - a.bottom <= 3


def finish(panel: Panel, sheet: MockupPixels) -> Rect | None:
    """The panel with its border probed outwards from the fill; None where it is nothing but ground.
    Numbered later.
    """
    same = SAME_LOSSY if sheet.lossy else SAME
    panel = _extend_over_bevels(panel, sheet, same)
    strokes, outside = _probe_sides(panel, sheet, same)
    if sheet.lossy:
        strokes = [
            None if stroke and _is_ripple(stroke.color, panel.fill, beyond) else stroke
            for stroke, beyond in zip(strokes, outside, strict=True)
        ]
    thin = max(1, min(panel.width, panel.height) // 6)
    border = _make_border(
        [stroke if stroke and stroke.width <= thin else None for stroke in strokes], same
    )
    if border and panel.radius >= 3:
        border = _round_border(border)
    if border and len(border.sides) == 3:
        panel, border = _close_border(panel, border, sheet, same)
    grounds = [color for color in outside if color is not None]
    alike = sum(int(compute_channel_distance(panel.fill, color)) <= same for color in grounds)
    fill = None if grounds and 2 * alike > len(grounds) else write_hex(panel.fill)
    if fill is None and (border is None or len(border.sides) < 3):
        return None
    if fill is not None and _fits_small(panel):
        around = _find_color_around(panel, sheet)
        grown = _grow(panel, sheet, around)
        if border is None or _is_ringing(border, panel.fill, around):
            border = None if grown is not panel else border
            panel, grounds = grown, [around] if grown is not panel else grounds
    top, right, bottom, left = (
        border.width if border and side in border.sides else 0 for side in "trbl"
    )
    box = Box(
        panel.left - left, panel.top - top, panel.width + left + right, panel.height + top + bottom
    )
    radius = _radius(panel, sheet, border, grounds, min(box.width, box.height) / 2)
    if fill is None or panel.gradient is None:
        return Rect(0, box, fill, border, radius)
    gradient = panel.gradient
    return Rect(
        0,
        box,
        fill,
        border,
        radius,
        gradient=(gradient.first, gradient.last),
        gradient_angle=gradient.angle,
        gradient_shape=gradient.shape,
        gradient_center=gradient.center,
    )


def _fits_small(panel: Panel) -> bool:
    return max(panel.width, panel.height) <= SMALL


def _find_color_around(panel: Panel, sheet: MockupPixels) -> NDArray[np.uint8]:
    """The common color some pixels off a small panel."""
    left, top = max(0, panel.left - FAR), max(0, panel.top - FAR)
    window = sheet.rgb[top : panel.bottom + FAR, left : panel.right + FAR]
    rim = (window[0], window[-1], window[:, 0], window[:, -1])
    return find_common_color(np.concatenate(rim))


def _grow(panel: Panel, sheet: MockupPixels, ground: NDArray[np.uint8]) -> Panel:
    """The panel with the soft pixels at its sides; itself where it has none."""
    box = (panel.left, panel.top, panel.right, panel.bottom)
    grown = corners.grow_soft_box(sheet.rgb, box, panel.fill, ground)
    if grown == box:
        return panel
    left, top, right, bottom = grown
    return replace(panel, left=left, top=top, right=right, bottom=bottom)


def _is_ringing(border: Border, fill: NDArray[np.uint8], ground: NDArray[np.uint8]) -> bool:
    """Whether a border is what resampling makes of a fill's own edge."""
    contrast = int(compute_channel_distance(fill, ground))
    color = parse_hex(border.color)
    return border.width <= 2 and int(compute_channel_distance(color, fill)) <= RINGING * contrast


def _is_ripple(
    stroke: NDArray[np.uint8], fill: NDArray[np.uint8], beyond: NDArray[np.uint8] | None
) -> bool:
    """Whether a stroke in a lossy picture is its step's softness (between fill and ground) or the
    ground's ripple beside it.
    """
    if beyond is None:
        return False
    inner, outer = fill.astype(np.float64), beyond.astype(np.float64)
    step = outer - inner
    contrast = float(np.abs(step).max())
    if compute_channel_distance(stroke, beyond) <= RIPPLE * contrast:
        return True
    share = float((stroke - inner) @ step) / max(1.0, float(step @ step))
    off = float(np.abs(stroke - inner - share * step).max())
    return RIPPLE < share < 1 - RIPPLE and off <= SAME_LOSSY


def _extend_over_bevels(panel: Panel, sheet: MockupPixels, same: int) -> Panel:
    """Return the panel with the bevels of its upper and lower side, as pressed buttons have them."""
    across, _ = _get_straight_parts(panel)
    whole = panel
    for side in "tb":
        lines = _read_lines_outside(panel, sheet.rgb, side, across, (0, 0))
        whole = _extend(whole, side, measure_bevel(lines, panel.fill, same))
    return whole


def _close_border(
    panel: Panel, border: Border, sheet: MockupPixels, same: int
) -> tuple[Panel, Border]:
    """Return panel and border closed on the fourth side, if the border is there beyond a rule: that
    of a table's last row.
    """
    side = next(side for side in "trbl" if side not in border.sides)
    lines = _read_lines_outside(panel, sheet.rgb, side, *_get_straight_parts(panel))
    rules = find_border_beyond(lines, parse_hex(border.color), panel.fill, same)
    if not rules:
        return panel, border
    return _extend(panel, side, rules), replace(border, sides="trbl")


def _extend(panel: Panel, side: str, by: int) -> Panel:
    if side == "t":
        return replace(panel, top=panel.top - by)
    if side == "r":
        return replace(panel, right=panel.right + by)
    if side == "b":
        return replace(panel, bottom=panel.bottom + by)
    return replace(panel, left=panel.left - by)


def _radius(
    panel: Panel,
    sheet: MockupPixels,
    border: Border | None,
    grounds: Sequence[NDArray[np.uint8]],
    half: float,
) -> float:
    """Return the radius of the box, border included; ends that are nearly round are round."""
    radius = panel.radius
    if border is None and grounds and 2 * radius < PILL * min(panel.width, panel.height):
        ground = np.asarray(np.round(np.median(grounds, axis=0)), np.uint8)
        box = (panel.left, panel.top, panel.right, panel.bottom)
        radii = corners.measure_radii(sheet.rgb, box, panel.fill, ground, radius)
        radius = round(2 * find_common_radius(radii)) / 2 if radii else radius
        nearly = ROUNDISH * half <= radius < PILL * half
        if nearly and corners.has_round_ends(sheet.rgb, box, panel.fill, ground, radius):
            radius = half
    grown = border.width if border and radius and len(border.sides) == 4 else 0
    pill = SMALL_PILL if half <= SMALL_HALF else PILL
    return half if radius + grown >= pill * half else radius + grown


def _round_border(border: Border) -> Border | None:
    """Round boxes are outlined all around or not at all: at round ends the probe sees only
    antialiasing.
    """
    if {"t", "b"} <= set(border.sides):
        return replace(border, sides="trbl")
    return border if len(border.sides) == 1 and border.width >= 2 else None


def _make_border(strokes: Sequence[_Stroke | None], same: int) -> Border | None:
    """One border for the sides that share a colour and a width."""
    present = [(side, stroke) for side, stroke in zip("trbl", strokes, strict=True) if stroke]
    best: list[tuple[str, _Stroke]] = []
    for _, model in present:
        alike = [
            (s, o)
            for s, o in present
            if o.width == model.width
            and compute_channel_distance(o.color, model.color) <= 2 * same + 6
        ]
        best = alike if len(alike) > len(best) else best
    if not best:
        return None
    color = np.median([stroke.color for _, stroke in best], axis=0)
    return Border(float(best[0][1].width), write_hex(color), "".join(side for side, _ in best))


def _probe_sides(
    panel: Panel, sheet: MockupPixels, same: int
) -> tuple[list[_Stroke | None], list[NDArray[np.uint8] | None]]:
    """For the sides t r b l: the stroke outside the fill, and the colour beyond it (None at the
    picture's edge).
    """
    xs, ys = _get_straight_parts(panel)
    strokes, outside = list[_Stroke | None](), list[NDArray[np.uint8] | None]()
    for side in "trbl":
        lines = _read_lines_outside(panel, sheet.rgb, side, xs, ys)
        stroke, beyond = _read_side(
            lines, panel.fill, same, BEYOND_LOSSY if sheet.lossy else BEYOND
        )
        strokes.append(stroke)
        outside.append(beyond)
    return strokes, outside


def _get_straight_parts(panel: Panel) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the columns and the rows between the panel's corners."""
    inset_x, inset_y = (
        max(int(panel.radius), panel.width // 8),
        max(int(panel.radius), panel.height // 8),
    )
    xs, ys = (
        (panel.left + inset_x, panel.right - inset_x),
        (panel.top + inset_y, panel.bottom - inset_y),
    )
    # Round ends leave little of the straight side; its middle is always there.
    xs = (
        xs
        if xs[1] > xs[0]
        else ((panel.left + panel.right) // 2, (panel.left + panel.right) // 2 + 1)
    )
    ys = (
        ys
        if ys[1] > ys[0]
        else ((panel.top + panel.bottom) // 2, (panel.top + panel.bottom) // 2 + 1)
    )
    return xs, ys


def _read_lines_outside(
    panel: Panel, rgb: Pixels, side: str, xs: tuple[int, int], ys: tuple[int, int]
) -> list[NDArray[np.uint8]]:
    """The pixel rows (or columns) outside one side, nearest first."""
    height, width = rgb.shape[:2]
    reach = range(MAX_BORDER + 2)
    if side == "t":
        return [rgb[panel.top - 1 - d, xs[0] : xs[1]] for d in reach if panel.top - 1 - d >= 0]
    if side == "b":
        return [rgb[panel.bottom + d, xs[0] : xs[1]] for d in reach if panel.bottom + d < height]
    if side == "l":
        return [rgb[ys[0] : ys[1], panel.left - 1 - d] for d in reach if panel.left - 1 - d >= 0]
    return [rgb[ys[0] : ys[1], panel.right + d] for d in reach if panel.right + d < width]


def _read_side(
    lines: Sequence[NDArray[np.uint8]], fill: NDArray[np.uint8], same: int, beyond: int
) -> tuple[_Stroke | None, NDArray[np.uint8] | None]:
    if not lines:
        return None, None
    colors = [find_common_color(line) for line in lines]
    steady = [
        float((compute_channel_distance(line, color[None]) <= 2 * same).mean())
        for line, color in zip(lines, colors, strict=True)
    ]
    if steady[0] < 0.7 or compute_channel_distance(colors[0], fill) <= same:
        return None, _color_beyond(colors, steady, beyond)
    width = 1
    while (
        width < len(colors)
        and compute_channel_distance(colors[width], colors[0]) <= same + 1
        and steady[width] >= 0.7
    ):
        width += 1
    if width >= len(colors) or width > MAX_BORDER:
        return None, colors[0]
    if compute_channel_distance(colors[width - 1], colors[width]) <= FADE:
        return None, colors[0]
    return _Stroke(width, colors[0]), colors[width]


def _color_beyond(
    colors: Sequence[NDArray[np.uint8]], steady: Sequence[float], reach: int
) -> NDArray[np.uint8]:
    """Return the color of the farthest even line within reach."""
    for distance in range(min(reach, len(colors) - 1), BEYOND, -1):
        if steady[distance] >= 0.7:
            return colors[distance]
    return colors[min(len(colors) - 1, BEYOND)]


def paint_order(rects: Iterable[Rect]) -> list[Rect]:
    """Outer before inner, numbered from 1."""
    order = sorted(rects, key=lambda r: (-r.box.area, r.box.y, r.box.x))
    return [replace(rect, id=i) for i, rect in enumerate(order, 1)]
