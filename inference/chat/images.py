"""A picture to the patches the vision tower reads, in Moonshot's steps. Plain numpy and Pillow;
knows nothing of torch.

Pillow's bicubic is part of the definition: torchvision's, which transformers uses, gives slightly
other pixels.
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
    """preprocessor_config.json's media_proc_cfg; what it leaves out is as in K2.6."""

    patch_size: int = 14
    merge: int = 2  # patches, down and across, that become one token
    in_patch_limit: int = 16384  # counted before padding
    patch_limit_on_one_side: int = 512
    mean: float = 0.5
    std: float = 0.5


@dataclass(frozen=True)
class Patches:
    """One picture: values [h · w, 3, patch, patch] float32 in [-1, 1], row by row, and its grid (1,
    h, w).
    """

    values: NDArray[np.float32]
    grid: tuple[int, int, int]
    tokens: int  # places it takes in the prompt


class ImageError(Exception):
    """The bytes are no picture; the message is one sentence."""


def read_limits(folder: Path) -> ImageLimits:
    """From the checkpoint's preprocessor_config.json where there is one; raises CheckpointError."""
    file = "preprocessor_config.json"
    if not (folder / file).exists():
        return ImageLimits()
    said = JsonSection(file, "", read_json(folder / file)).section("media_proc_cfg", optional=True)
    usual = ImageLimits()
    said.must_be("image_mean", [usual.mean] * 3)
    said.must_be("image_std", [usual.std] * 3)
    said.must_be("fixed_output_tokens")
    return ImageLimits(
        patch_size=said.size("patch_size", default=usual.patch_size),
        merge=said.size("merge_kernel_size", default=usual.merge),
        in_patch_limit=said.size("in_patch_limit", default=usual.in_patch_limit),
        patch_limit_on_one_side=said.size(
            "patch_limit_on_one_side", default=usual.patch_limit_on_one_side
        ),
    )


def read_image(data: bytes) -> Image.Image:
    """The picture in RGB, transparency dropped; raises ImageError for what Pillow cannot read or
    deems a bomb.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data)).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ImageError(f"The picture has more than {Image.MAX_IMAGE_PIXELS} pixels.") from None
    except (OSError, ValueError, SyntaxError, OverflowError):
        raise ImageError(
            "The picture cannot be read; allowed are PNG, JPEG, WebP, GIF and what else Pillow knows."
        ) from None


def fit_size(width: int, height: int, limits: ImageLimits) -> tuple[int, int]:
    """(width, height) in pixels a picture is scaled to: never up, and within both limits."""
    patch, longest = limits.patch_size, limits.patch_limit_on_one_side * limits.patch_size
    patches = max(1, width // patch) * max(1, height // patch)
    scale = min(1.0, math.sqrt(limits.in_patch_limit / patches), longest / width, longest / height)
    return min(max(1, int(width * scale)), longest), min(max(1, int(height * scale)), longest)


def cut_patches(image: Image.Image, limits: ImageLimits) -> Patches:
    """An RGB picture, scaled, padded with black on the right and below to whole tokens, and cut up."""
    size = fit_size(*image.size, limits)
    if size != image.size:
        image = image.resize(size, Image.Resampling.BICUBIC)
    patch, cell = limits.patch_size, limits.patch_size * limits.merge
    width, height = (-(-side // cell) * cell for side in size)
    padded = np.zeros((height, width, 3), dtype=np.uint8)
    padded[: size[1], : size[0]] = np.asarray(image)
    scaled = (padded.astype(np.float32) / 255 - np.float32(limits.mean)) * np.float32(
        1 / limits.std
    )
    rows, columns = height // patch, width // patch
    values = (
        scaled.reshape(rows, patch, columns, patch, 3)
        .transpose(0, 2, 4, 1, 3)
        .reshape(-1, 3, patch, patch)
    )
    return Patches(
        np.ascontiguousarray(values), (1, rows, columns), rows * columns // limits.merge**2
    )


def expand_placeholders(ids: Sequence[int], placeholder: int, tokens: Sequence[int]) -> list[int]:
    """Each placeholder in `ids` repeated as often as its picture takes tokens.

    Raises ValueError when there are more or fewer placeholders than pictures.
    """
    found = sum(one == placeholder for one in ids)
    if found != len(tokens):
        raise ValueError(
            f"The prompt has {found} places for pictures, but {len(tokens)} pictures were given."
        )
    counts = iter(tokens)
    return [copy for one in ids for copy in ([one] * next(counts) if one == placeholder else [one])]
