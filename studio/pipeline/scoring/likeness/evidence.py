"""What a person can see in the mockup, and how much of it the render accounts for: from pixels
alone.

Contrast is compared in small windows at five scales and counts by whether it can be seen, not by
how strong it is: a dark card on a darker ground counts as much as one on white. Each scale allows a
shift of one of its cells, and content that moved is followed first; how far it moved is the `place`
part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.likeness.alignment import (
    AROUND,
    BESIDE,
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
from studio.pipeline.scoring.likeness.layer_comparison import LayerFit, LayerPair
from studio.pipeline.scoring.likeness.picture_maps import QUARTER, Pixels
from studio.pipeline.scoring.likeness.weights import THRESHOLDS

SCALES = (16, 8, 4, 2, 1)  # CSS px a cell; the coarse ones first, for they say where to look
COARSE = 8
LIGHTNESS = 100 / 255  # CIELAB a level of OpenCV's 8 bits
INK, STRUCTURE, OUTLINE = (1, 2), (4, 8, 16), (2, 4)
NEARBY = 96  # CSS px: what is drawn within counts against each other's weight in the outlines
KEPT_OF_FINEST = ("lost", "visible")  # the rest would be 16 bytes for each pixel of the page
SPARSE = 0.08  # of visibility, so that a place where nothing is drawn weighs nothing
GROUND = 0.1  # weight of plain ground in the colours
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
    """A picture at every scale; `light`: the lightness of 8 px cells, in which moved content is
    searched.
    """

    pixels: Pixels
    layers: Mapping[int, Layer]
    light: Layer


def see_picture(picture: Pixels, height: int) -> Seen:
    """Measure a picture on a canvas of this height."""
    layers = _shrink_stepwise(_fill_canvas(picture, height))
    light = measure_layer(np.ascontiguousarray(layers[COARSE][..., 0]))
    return Seen(picture, {scale: measure_layer(values) for scale, values in layers.items()}, light)


def gather_evidence(mockup: Seen, render: Pixels, size: tuple[int, int]) -> Evidence:
    """Compare with a picture of the same width; `size`: the render's own page, which may be wider
    than its picture.

    Both are compared on the taller one's canvas.
    """
    height = mockup.layers[1].values.shape[0]
    if render.shape[0] > height:
        mockup, height = see_picture(mockup.pixels, render.shape[0]), render.shape[0]
    pyramid = _shrink_stepwise(_fill_canvas(render, height))
    dx, dy = find_displacement(
        mockup.light, measure_layer(np.ascontiguousarray(pyramid[COARSE][..., 0]))
    )
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
            THRESHOLDS.plain * (2 if scale == 1 else 1),
            BESIDE if scale == 1 else AROUND,
            unmoved=scale in (2, QUARTER) and bool(across.any() or down.any()),
        )
        fit = pair.compare(KEPT_OF_FINEST if scale == 1 else LayerFit.__slots__)
        losses[scale] = fit.lost, fit.visible
        if 1 < scale <= COARSE:
            moved = across + fit.shift_x, down + fit.shift_y
            dx, dy = (spread(smooth(field), fit.visible) for field in moved)
            grid = scale
        if scale == QUARTER:
            at_quarter = (
                one.values,
                warp(pyramid[scale], dx, dy),
                (fit.wanted, fit.got),
                np.asarray(QUARTER * np.hypot(dx, dy), np.float32),
            )
    assert at_quarter is not None
    return _weigh(losses, *at_quarter, _page_loss(mockup.pixels, size))


def _weigh(
    losses: Mapping[int, tuple[Floats, Floats]],
    one: Floats,
    other: Floats,
    contrast: tuple[Floats, Floats],
    moved: Floats,
    page: float,
) -> Evidence:
    lost, visible = losses[QUARTER]
    off, weight = _color_loss(one, other, visible)
    away = np.maximum(moved - THRESHOLDS.in_place, 0)
    away = away / (away + THRESHOLDS.half_place)
    parts = {
        "place": _mean(away, visible),
        "ink": float(np.mean([_mean(*losses[scale]) for scale in INK])),
        "structure": float(np.mean([_mean(*losses[scale]) for scale in STRUCTURE])),
        "outline": float(np.mean([_outline_loss(*losses[scale], scale) for scale in OUTLINE])),
        "color": _mean(off, weight),
        "page": page,
    }
    shape = lost.shape
    coarse = _fit(losses[COARSE][0] * losses[COARSE][1], shape)
    fine = _fit(losses[2][0] * losses[2][1], shape)
    ink = _fit(losses[1][0], shape)
    difference = np.maximum.reduce([lost * visible, coarse, fine, off, away * visible]).clip(0, 1)
    return Evidence(parts, difference, off, ink, visible, *contrast)


def _color_loss(one: Floats, other: Floats, visible: Floats) -> tuple[Floats, Floats]:
    """Return how wrong each colour is and how much it counts, allowing a shift of one cell."""
    import cv2

    restore = np.array([1, 2, 2], np.float32)
    wanted, got = (cv2.blur(picture * restore, (3, 3)) for picture in (one, other))
    apart = np.full(wanted.shape[:2], np.inf, np.float32)
    for shift in ((0, 0), *AROUND):
        slip = 0.5 * float(np.hypot(*shift))
        np.minimum(apart, _norm(wanted - move(got, *shift)) + slip, out=apart)
    ground = np.median(wanted.reshape(-1, 3), axis=0)
    level = np.maximum(_norm(wanted - ground), _norm(got - ground))
    scale = THRESHOLDS.color_scale + THRESHOLDS.color_contrast * level
    lost = 1 - np.exp(-np.maximum(apart - THRESHOLDS.color_forgiven, 0) / scale)
    weight = GROUND + np.maximum(np.clip(level / LEVEL, 0, 1), visible)
    return np.asarray(lost, np.float32), np.asarray(weight, np.float32)


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


def _shrink_stepwise(picture: Pixels) -> dict[int, Floats]:
    """Return the picture at each scale in CIELAB, colour halved against lightness; the two finest
    in lightness alone.

    The finest is softened by less than a pixel's blur, so that another antialiasing is no
    difference.
    """
    import cv2

    light = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)[..., 0]
    quarter = _halve(_halve(picture)).astype(np.float32) / 255
    # In floats: 8 bits would round colours to whole units, which is what sets a card off from a
    # dark ground.
    layers = {4: cv2.cvtColor(quarter, cv2.COLOR_RGB2LAB) * np.array([1, 0.5, 0.5], np.float32)}
    for scale in (8, 16):
        layers[scale] = _halve(layers[scale // 2])
    layers[2] = _halve(light).astype(np.float32) * np.float32(LIGHTNESS)
    layers[1] = cv2.GaussianBlur(light.astype(np.float32) * np.float32(LIGHTNESS), (0, 0), 0.6)
    return layers


def _halve(values: Any) -> Any:
    import cv2

    size = max(1, round(values.shape[1] / 2)), max(1, round(values.shape[0] / 2))
    return cv2.resize(values, size, interpolation=cv2.INTER_AREA)


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


def _fit(values: Floats, shape: tuple[int, ...]) -> Floats:
    import cv2

    smaller = values.shape[0] > shape[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(values, (shape[1], shape[0]), interpolation=how))
