"""Pictures as arrays, and plain SSIM for tables. Knows nothing of texts, boxes or the DOM.

Plain SSIM calls a blank page .65 like a real one, because most of a page is empty; likeness is
measured in `evidence.py`.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Map = NDArray[np.floating[Any]]

QUARTER = 4
WINDOW = 7


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
        *(_to_grey(shrink(pad_canvas(p, width, height))) for p in (left, right))
    )
    inner = values[WINDOW // 2 : -(WINDOW // 2) or None, WINDOW // 2 : -(WINDOW // 2) or None]
    return float((inner if inner.size else values).mean())


def pad_canvas(picture: Pixels, width: int, height: int) -> Pixels:
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


def _to_grey(picture: Pixels) -> Map:
    import cv2

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float64)


def _mean(values: Map) -> Map:
    import cv2

    return np.asarray(cv2.blur(values, (WINDOW, WINDOW), borderType=cv2.BORDER_REFLECT), np.float64)
