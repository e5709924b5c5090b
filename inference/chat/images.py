"""Preprocessing of pictures for the vision tower, as Moonshot defines it. Without torch.

Pillow's bicubic filter is part of the definition: torchvision's filter, which transformers uses,
gives slightly different pixels.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.checkpoint.json_fields import JsonSection, read_json


@dataclass(frozen=True)
class ImageLimits:
    """The media_proc_cfg of preprocessor_config.json. The defaults are those of K2.6."""

    patch_size: int = 14  # pixels
    merge: int = 2  # merge x merge patches become one token
    in_patch_limit: int = 16384  # counted before padding
    patch_limit_on_one_side: int = 512
    mean: float = 0.5
    std: float = 0.5


@dataclass(frozen=True)
class Patches:
    """One picture as patches, row by row: values [h · w, 3, patch, patch] float32 in [-1, 1]."""

    values: NDArray[np.float32]
    grid: tuple[int, int, int]  # (1, h, w)
    tokens: int  # in the prompt


class ImageError(Exception):
    """The bytes are not a readable picture; the message is one sentence."""


def read_limits(folder: Path) -> ImageLimits:
    """Return the limits in the checkpoint's preprocessor_config.json. Raises CheckpointError."""
    file = "preprocessor_config.json"
    if not (folder / file).exists():
        return ImageLimits()
    content = JsonSection(file, "", read_json(folder / file))
    section = content.section("media_proc_cfg", optional=True)
    default = ImageLimits()
    section.must_be("image_mean", [default.mean] * 3)
    section.must_be("image_std", [default.std] * 3)
    section.must_be("fixed_output_tokens")
    return ImageLimits(
        patch_size=section.size("patch_size", default=default.patch_size),
        merge=section.size("merge_kernel_size", default=default.merge),
        in_patch_limit=section.size("in_patch_limit", default=default.in_patch_limit),
        patch_limit_on_one_side=section.size(
            "patch_limit_on_one_side", default=default.patch_limit_on_one_side
        ),
    )


def read_image(data: bytes) -> Image.Image:
    """Return the picture in RGB without transparency.

    Raises ImageError for what Pillow cannot read or considers a decompression bomb.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data)).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ImageError(f"The picture has more than {Image.MAX_IMAGE_PIXELS} pixels.") from None
    except (OSError, ValueError, SyntaxError, OverflowError):
        raise ImageError(
            "The picture cannot be read; use PNG, JPEG, WebP, GIF or another format of Pillow."
        ) from None


def fit_size(width: int, height: int, limits: ImageLimits) -> tuple[int, int]:
    """Return the (width, height) in pixels to scale a picture to: within both limits, never up."""
    patch = limits.patch_size
    longest = limits.patch_limit_on_one_side * patch
    patches = max(1, width // patch) * max(1, height // patch)
    scale = min(1.0, math.sqrt(limits.in_patch_limit / patches), longest / width, longest / height)
    return min(max(1, int(width * scale)), longest), min(max(1, int(height * scale)), longest)


def cut_patches(image: Image.Image, limits: ImageLimits) -> Patches:
    """Scale an RGB picture, pad it to whole tokens with black at right and bottom, and cut it."""
    size = fit_size(*image.size, limits)
    if size != image.size:
        image = image.resize(size, Image.Resampling.BICUBIC)
    patch = limits.patch_size
    token = patch * limits.merge  # pixels of a token's side
    width, height = (-(-side // token) * token for side in size)
    padded = np.zeros((height, width, 3), dtype=np.uint8)
    padded[: size[1], : size[0]] = np.asarray(image)
    centered = padded.astype(np.float32) / np.float32(255) - np.float32(limits.mean)
    scaled = centered * np.float32(1 / limits.std)
    rows = height // patch
    columns = width // patch
    cells = scaled.reshape(rows, patch, columns, patch, 3).transpose(0, 2, 4, 1, 3)
    values = np.ascontiguousarray(cells.reshape(-1, 3, patch, patch))
    return Patches(values, (1, rows, columns), rows * columns // limits.merge**2)


def expand_placeholders(ids: Sequence[int], placeholder: int, tokens: Sequence[int]) -> list[int]:
    """Return `ids` with each placeholder repeated for each token of its picture.

    `tokens` holds the tokens of each picture. Raises ValueError when there are more or fewer
    placeholders than pictures.
    """
    placeholders = list(ids).count(placeholder)
    if placeholders != len(tokens):
        raise ValueError(
            f"The prompt has {placeholders} places for pictures, "
            f"but {len(tokens)} pictures were given."
        )
    counts = iter(tokens)
    expanded: list[int] = []
    for id in ids:
        if id == placeholder:
            expanded += [id] * next(counts)
        else:
            expanded.append(id)
    return expanded
