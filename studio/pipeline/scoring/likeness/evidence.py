"""What a person can see in the mockup, and how much of it the render accounts for: from pixels
alone.

Contrast is compared in small windows at five scales and counts by whether it can be seen, not by
how strong it is: a dark card on a darker ground counts as much as one on white. Each scale allows a
shift of one of its cells, and content that moved is followed first; how far it moved is the `place`
part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.likeness.alignment import (
    AROUND,
    Floats,
    Layer,
    enlarge,
    find_displacement,
    measure_layer,
    move,
    smooth,
    spread,
    warp,
)
from studio.pipeline.scoring.likeness.finest_comparison import FinestFit, compare_finest
from studio.pipeline.scoring.likeness.layer_comparison import BAND, LayerFit, LayerPair
from studio.pipeline.scoring.likeness.picture_maps import QUARTER, Pixels
from studio.pipeline.scoring.likeness.pyramid import (
    SCALES,
    Light,
    Nudged,
    measure_lightness,
    nudge_picture,
    shrink_stepwise,
)
from studio.pipeline.scoring.likeness.weights import THRESHOLDS

COARSE = 8
STRUCTURE, OUTLINE = (4, 8, 16), (2, 4)
NEARBY = 96  # CSS px: what is drawn within counts against each other's weight in the outlines
KEPT = ("lost", "visible", "shift_x", "shift_y")  # of a scale whose contrast nobody asks for
SPARSE = 0.08  # of visibility, so that a place where nothing is drawn weighs nothing
GROUND = 0.1  # weight of plain ground in the colours
SURROUNDINGS = 2  # cells that a colour is compared with: a blur and a shift of one each
LEVEL = 4.0  # CIELAB from the page's ground at which a surface counts fully in the colours


@dataclass(frozen=True, slots=True)
class Evidence:
    """Maps on the quarter-size grid of the common canvas, 0-1, and the loss of each part.

    `difference`: how wrong a place looks, for some px around it too; `color`: how wrong its own
    colour is; `ink`: how wrong its fine structure is; `visible`: how much is drawn there. `wanted`
    and `got`: contrast of the mockup and of the render (displaced back), CIELAB.
    """

    losses: Mapping[str, float]
    difference: Floats
    color: Floats
    ink: Floats
    visible: Floats
    wanted: Floats
    got: Floats

    def mean_ink_loss(self, box: Box) -> float:
        """Return how much of what is drawn in a box of the mockup is drawn otherwise."""
        part = grid_slice(box)
        weight = self.visible[part]
        total = float(weight.sum())
        return float((self.ink[part] * weight).sum()) / total if total > 1e-6 else 0.0

    def share_of_difference(self, box: Box) -> float:
        """Return the share of all that looks wrong which lies in a box."""
        total = float(self.difference.sum())
        return float(self.difference[grid_slice(box)].sum()) / total if total > 1e-6 else 0.0

    def mean_difference(self, box: Box) -> float:
        part = self.difference[grid_slice(box)]
        return float(part.mean()) if part.size else 1.0


def grid_slice(box: Box) -> tuple[slice, slice]:
    """Return the quarter-size cells that a box in CSS px touches."""
    return (
        slice(max(0, int(box.y / QUARTER)), max(0, int(box.bottom / QUARTER) + 1)),
        slice(max(0, int(box.x / QUARTER)), max(0, int(box.right / QUARTER) + 1)),
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture at every scale of SCALES, and its lightness on the same canvas, a byte a pixel.

    `coarse_light`: the lightness of 8 px cells, in which moved content is searched; `nudged`: the
    picture at SCALES a pixel or two aside.
    """

    pixels: Pixels
    light: Light
    layers: Mapping[int, Layer]
    coarse_light: Layer
    nudged: Mapping[int, Sequence[Nudged]]


def see_picture(picture: Pixels, height: int) -> Seen:
    """Measure a picture on a canvas of this height."""
    whole = _fill_canvas(picture, height)
    light = measure_lightness(whole)
    pyramid = shrink_stepwise(whole, light)
    layers = {scale: measure_layer(values) for scale, values in pyramid.items()}
    nudged = nudge_picture(whole, light)
    return Seen(picture, light, layers, _measure_coarse_light(pyramid), nudged)


def gather_evidence(mockup: Seen, render: Pixels, size: tuple[int, int]) -> Evidence:
    """Compare with a picture of the same width, no taller than the mockup's canvas; `size`: the
    render's own page, which may be wider than its picture.
    """
    whole = _fill_canvas(render, mockup.light.shape[0])
    light = measure_lightness(whole)
    # What the steps need alone ends with them: of 16 million pixels 130 MB.
    losses, at_quarter, moved = _compare_scales(mockup, shrink_stepwise(whole, light))
    finest = compare_finest(mockup.light, light, *moved)
    del moved
    return _weigh(losses, finest, at_quarter, _page_loss(mockup.pixels, size))


@dataclass(frozen=True, slots=True)
class _Quarter:
    """What is compared at 4 px: the mockup, the same a pixel or two aside, the render displaced
    back, the contrast of both, and how far (CSS px) each cell has moved.
    """

    one: Floats
    aside: Sequence[Nudged]
    other: Floats
    contrast: tuple[Floats, Floats]
    moved: Floats


def _compare_scales(
    mockup: Seen, pyramid: Mapping[int, Floats]
) -> tuple[dict[int, tuple[Floats, Floats]], _Quarter, tuple[Floats, Floats]]:
    """Return what is lost and what is visible at each scale, the quarter size, and how many cells
    of the finest scale each has moved (right, down).
    """
    dx, dy = find_displacement(mockup.coarse_light, _measure_coarse_light(pyramid))
    losses: dict[int, tuple[Floats, Floats]] = {}
    at_quarter = None
    grid = COARSE
    for scale in SCALES:
        one = mockup.layers[scale]
        across, down = (enlarge(field, one.values.shape, grid / scale) for field in (dx, dy))
        pair = LayerPair(
            one,
            pyramid[scale],
            across,
            down,
            unmoved=scale in (2, QUARTER) and bool(across.any() or down.any()),
            nudged=mockup.nudged.get(scale, ()),
        )
        fit = pair.compare(LayerFit.__slots__ if scale == QUARTER else KEPT)
        losses[scale] = fit.lost, fit.visible
        if scale <= COARSE:
            moved = across + fit.shift_x, down + fit.shift_y
            dx, dy = (spread(smooth(field), fit.visible) for field in moved)
            grid = scale
        if scale == QUARTER:
            at_quarter = _Quarter(
                one.values,
                mockup.nudged[scale],
                warp(pyramid[scale], across, down),
                (fit.wanted, fit.got),
                np.asarray(QUARTER * np.hypot(dx, dy), np.float32),
            )
    assert at_quarter is not None
    return losses, at_quarter, (dx, dy)


def _weigh(
    losses: Mapping[int, tuple[Floats, Floats]], finest: FinestFit, quarter: _Quarter, page: float
) -> Evidence:
    lost, visible = losses[QUARTER]
    off, weight = _color_loss(quarter, visible)
    away = np.maximum(quarter.moved - THRESHOLDS.in_place, 0)
    away = away / (away + THRESHOLDS.half_place)
    parts = {
        "place": _mean(away, visible),
        "ink": (finest.loss + _mean(*losses[2])) / 2,
        "structure": float(np.mean([_mean(*losses[scale]) for scale in STRUCTURE])),
        "outline": float(np.mean([_outline_loss(*losses[scale], scale) for scale in OUTLINE])),
        "color": _mean(off, weight),
        "page": page,
    }
    shape = lost.shape
    coarse = _fit(losses[COARSE][0] * losses[COARSE][1], shape)
    fine = _fit(losses[2][0] * losses[2][1], shape)
    ink = _fit(finest.lost, shape) / np.float32(255)
    difference = np.maximum.reduce([lost * visible, coarse, fine, off, away * visible]).clip(0, 1)
    return Evidence(parts, difference, off, ink, visible, *quarter.contrast)


def _color_loss(quarter: _Quarter, visible: Floats) -> tuple[Floats, Floats]:
    """Return how wrong each colour is and how much it counts, allowing a shift of one cell."""
    import cv2

    restore = np.array([1, 2, 2], np.float32)
    wanted = cv2.blur(quarter.one * restore, (3, 3))
    ground = np.array([np.median(wanted[..., channel]) for channel in range(3)], np.float32)
    height, width = wanted.shape[:2]
    lost, weight = (np.empty((height, width), np.float32) for _ in range(2))
    for rows in cut_into_bands(height, width, most=BAND):
        start = max(0, rows.start - SURROUNDINGS)
        part = slice(start, min(height, rows.stop + SURROUNDINGS))
        own = slice(rows.start - start, rows.stop - start)
        got = cv2.blur(quarter.other[part] * restore, (3, 3))
        apart = np.full(got.shape[:2], np.inf, np.float32)
        for shift in ((0, 0), *AROUND):
            slip = 0.5 * float(np.hypot(*shift))
            np.minimum(apart, _norm(wanted[part] - move(got, *shift)) + slip, out=apart)
        for nudged in quarter.aside:
            shown = cv2.blur(nudged.read(part) * restore, (3, 3))
            np.minimum(apart, _norm(shown - got), out=apart)
        level = np.maximum(_norm(wanted[rows] - ground), _norm(got[own] - ground))
        scale = THRESHOLDS.color_scale + THRESHOLDS.color_contrast * level
        beyond = np.maximum(apart[own] - THRESHOLDS.color_forgiven, 0)
        lost[rows] = 1 - np.exp(-beyond / scale)
        weight[rows] = GROUND + np.maximum(np.clip(level / LEVEL, 0, 1), visible[rows])
    return lost, weight


def _outline_loss(lost: Floats, visible: Floats, scale: int) -> float:
    """Return the loss where each place counts by what is drawn around it: a lone border as much as
    a line of text.
    """
    import cv2

    side = max(3, NEARBY // scale | 1)
    around = cv2.blur(visible, (side, side), borderType=cv2.BORDER_REFLECT)
    return _mean(lost, visible / (around + SPARSE))


def _page_loss(mockup: Pixels, size: tuple[int, int]) -> float:
    """Return how far the page is from the mockup's size, both in CSS px: 0.67 for three times its
    height.
    """
    ratios = [
        min(one, other) / max(one, other)
        for one, other in zip(mockup.shape[1::-1], size, strict=True)
    ]
    return float(1 - ratios[0] * ratios[1])


def _measure_coarse_light(pyramid: Mapping[int, Floats]) -> Layer:
    return measure_layer(np.ascontiguousarray(pyramid[COARSE][..., 0]))


def _fill_canvas(picture: Pixels, height: int) -> Pixels:
    """Return the picture continued downwards in its last row's usual colour."""
    missing = height - picture.shape[0]
    if missing <= 0:
        return picture
    ground = np.median(picture[-1], axis=0).astype(np.uint8)
    return np.concatenate([picture, np.broadcast_to(ground, (missing, picture.shape[1], 3))])


def _mean(values: Floats, weight: Floats) -> float:
    return float((values * weight).sum() / max(float(weight.sum()), 1e-6))


def _norm(values: Floats) -> Floats:
    return np.asarray(np.sqrt((values * values).sum(axis=2)))


def _fit(values: Floats | Light, shape: tuple[int, ...]) -> Floats:
    import cv2

    smaller = values.shape[0] > shape[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(values, (shape[1], shape[0]), interpolation=how))
