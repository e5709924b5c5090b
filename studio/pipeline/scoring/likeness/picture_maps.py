"""How alike two pictures are, as maps and as numbers. Knows nothing of texts, boxes or the DOM.

Plain SSIM calls a blank page .65 like a real one, because most of a page is empty. So the map used
for likeness is weighted by where something is drawn in either picture; the plain number is kept for
tables (`compute_ssim`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Map = NDArray[np.floating[Any]]

QUARTER = 4
WINDOW = 7
EMPTY = 0.1  # weight of a place where nothing is drawn in either picture
OVERHANG = 0.5  # weight of what only one of the pictures has, drawn or not
BUSY = 12.0  # local contrast (standard deviation of grey) from which a place counts fully
FORGIVEN, FADING = 1.0, 10.0  # ΔE76: one is invisible; at ten more a colour is e times worse


@dataclass(frozen=True, slots=True)
class PictureMaps:
    """Per quarter-size pixel of the common canvas: alike in 0–1, and how much the place counts."""

    structure: Map
    structure_weight: Map
    surface: Map
    surface_weight: Map

    @property
    def structure_score(self) -> float:
        return float((self.structure * self.structure_weight).sum() / self.structure_weight.sum())

    @property
    def surface_score(self) -> float:
        return float((self.surface * self.surface_weight).sum() / self.surface_weight.sum())

    @property
    def difference(self) -> Map:
        """0 where nobody would see one, 1 where everything is different."""
        return 1 - np.clip((self.structure.clip(0, 1) + self.surface) / 2, 0, 1)


def to_pixels(picture: Image.Image | bytes) -> Pixels:
    """RGB rows; transparency is shown on white."""
    image = Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def compute_ssim(one: Image.Image | bytes, other: Image.Image | bytes) -> float:
    """Plain mean SSIM of the greys at a quarter of the size; the smaller picture is padded with
    white.
    """
    left, right = to_pixels(one), to_pixels(other)
    height, width = max(left.shape[0], right.shape[0]), max(left.shape[1], right.shape[1])
    values = compute_ssim_map(
        *(_to_grey(shrink(pad_picture(p, width, height))) for p in (left, right))
    )
    inner = values[WINDOW // 2 : -(WINDOW // 2) or None, WINDOW // 2 : -(WINDOW // 2) or None]
    return float((inner if inner.size else values).mean())


def pad_picture(picture: Pixels, width: int, height: int) -> Pixels:
    """The picture in the top left corner of a white canvas (and cut to it)."""
    canvas = np.full((height, width, 3), 255, np.uint8)
    part = picture[:height, :width]
    canvas[: part.shape[0], : part.shape[1]] = part
    return canvas


def shrink(picture: Pixels, by: int = QUARTER) -> Pixels:
    import cv2

    size = (max(1, round(picture.shape[1] / by)), max(1, round(picture.shape[0] / by)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def compute_ssim_map(one: Map, other: Map) -> Map:
    """SSIM per pixel with a flat 7 × 7 window and sample covariance, the constants of Wang et al."""
    mean_1, mean_2 = _mean(one), _mean(other)
    sample = WINDOW**2 / (WINDOW**2 - 1)
    var_1 = sample * (_mean(one * one) - mean_1 * mean_1)
    var_2 = sample * (_mean(other * other) - mean_2 * mean_2)
    shared = sample * (_mean(one * other) - mean_1 * mean_2)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_1 * mean_2 + c1) * (2 * shared + c2)
    result: Map = above / ((mean_1**2 + mean_2**2 + c1) * (var_1 + var_2 + c2))
    return result


def compare_pictures(mockup: Pixels, render: Pixels, ground: tuple[int, int, int]) -> PictureMaps:
    """Both of one width; on the taller one's canvas, so that what overflows or is missing counts
    against it.
    """
    width, height = mockup.shape[1], max(mockup.shape[0], render.shape[0])
    one, other = (shrink(pad_picture(p, width, height)) for p in (mockup, render))
    overhang = round(min(mockup.shape[0], render.shape[0]) / QUARTER)
    structure, contrast = _compare_structure(one, other)
    surface, drawn = _compare_surface(one, other, ground)
    weights = [np.clip(contrast / BUSY, EMPTY, 1), np.where(drawn, 1.0, EMPTY)]
    for weight, alike in zip(weights, (structure, surface), strict=True):
        weight[overhang:] = np.maximum(weight[overhang:], OVERHANG)
        alike[overhang:] = 0
    return PictureMaps(structure, weights[0], surface, weights[1])


def _compare_structure(one: Pixels, other: Pixels) -> tuple[Map, Map]:
    left, right = _to_grey(one), _to_grey(other)
    contrast = np.maximum(
        *(np.sqrt(np.maximum(_mean(p * p) - _mean(p) ** 2, 0)) for p in (left, right))
    )
    return compute_ssim_map(left, right).clip(0, 1), contrast


def _compare_surface(one: Pixels, other: Pixels, ground: tuple[int, int, int]) -> tuple[Map, Map]:
    """Likeness of colours, and where either picture is not just the mockup's ground."""
    import cv2

    left, right = (
        cv2.cvtColor(p.astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for p in (one, other)
    )
    plain = cv2.cvtColor(np.array([[ground]], np.float32) / 255, cv2.COLOR_RGB2LAB)
    apart = np.linalg.norm(left - right, axis=2)
    drawn = (np.linalg.norm(left - plain, axis=2) > FORGIVEN) | (
        np.linalg.norm(right - plain, axis=2) > FORGIVEN
    )
    return np.exp(-np.maximum(apart - FORGIVEN, 0) / FADING), drawn


def _to_grey(picture: Pixels) -> Map:
    import cv2

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float64)


def _mean(values: Map) -> Map:
    import cv2

    return np.asarray(cv2.blur(values, (WINDOW, WINDOW), borderType=cv2.BORDER_REFLECT), np.float64)
