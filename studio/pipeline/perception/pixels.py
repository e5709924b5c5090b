"""A mockup as arrays: alpha flattened, device pixel ratio divided out, JPEG damage noticed. Knows
no text, no boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception import ratio

if TYPE_CHECKING:
    from PIL import Image

Pixels = NDArray[np.uint8]  # [height, width, 3], RGB
Mask = NDArray[np.bool_]  # [height, width]

# JPEG leaves ripples of 1–8 levels around letters; a lossless page has next to none on the letters'
# ground.
RIPPLE_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class MockupPixels:
    """The mockup at one CSS pixel per array cell."""

    rgb: Pixels
    scale: float
    lossy: bool
    reason: str = ""  # why this scale, in words

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])


def load_sheet(image: Image.Image, scale: float | None) -> MockupPixels:
    """The mockup as a sheet; `scale` of None means: find its device pixel ratio."""
    rgb = to_rgb(image)
    if scale is not None and scale <= 0:
        raise ValueError(
            f"The mockup's scale is {scale}; give a device pixel ratio above 0, such as 1 or 2."
        )
    found = (
        ratio.Ratio(scale, "given by hand")
        if scale
        else ratio.find_ratio(rgb, dpi=stated_dpi(image))
    )
    lossy = is_lossy(rgb)
    if found.value != 1:
        rgb = _shrink(rgb, found.value)
    return MockupPixels(rgb=rgb, scale=float(found.value), lossy=lossy, reason=found.reason)


def stated_dpi(image: Image.Image) -> float | None:
    """Return the resolution that the picture's file states, if any."""
    dpi = image.info.get("dpi")
    return float(dpi[0]) if isinstance(dpi, tuple) and dpi and dpi[0] else None


def to_rgb(image: Image.Image) -> Pixels:
    """Any Pillow image on a white ground."""
    from PIL import Image as PilImage

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        ground = PilImage.new("RGBA", rgba.size, (255, 255, 255, 255))
        image = PilImage.alpha_composite(ground, rgba)
    return np.asarray(image.convert("RGB"), dtype=np.uint8)


def find_css_width(image: Image.Image, scale: float | None = None) -> int:
    """Return how many CSS pixels wide a picture is; `scale` is its ratio where a person has said
    it.
    """
    return round(
        image.width / (scale or ratio.find_ratio(to_rgb(image), dpi=stated_dpi(image)).value)
    )


def _shrink(rgb: Pixels, ratio: float) -> Pixels:
    import cv2

    height, width = rgb.shape[:2]
    size = (max(1, round(width / ratio)), max(1, round(height / ratio)))
    shrunk: Any = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, dtype=np.uint8)


def is_lossy(rgb: Pixels) -> bool:
    """Whether the ground around ink ripples, as it does after JPEG. The calmest quarter of the
    inked blocks decides, since photos ripple in lossless pages too.
    """
    side = 16
    height, width = (length // side * side for length in rgb.shape[:2])
    if not height or not width:
        return False
    green = rgb[:height, :width, 1].astype(np.int16)
    blocks = (
        green.reshape(height // side, side, width // side, side)
        .swapaxes(1, 2)
        .reshape(-1, side * side)
    )
    blocks = blocks[np.ptp(blocks, axis=1) > 60]
    if len(blocks) < 4:
        return False
    distance = np.abs(blocks - np.median(blocks, axis=1).astype(np.int16)[:, None])
    level = (distance == 0).mean(axis=1)
    ripple = ((distance > 0) & (distance <= 8)).mean(axis=1)
    ground = level + ripple > 0.5
    if ground.sum() < 4:
        return False
    share = ripple[ground] / (level + ripple)[ground]
    return bool(np.quantile(share, 0.25) > RIPPLE_SHARE)


def write_hex(rgb: NDArray[Any]) -> str:
    r, g, b = (round(float(c)) for c in rgb[:3])
    return f"#{r:02x}{g:02x}{b:02x}"


def parse_hex(color: str) -> NDArray[np.uint8]:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.uint8)


def compute_channel_distance(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.int16]:
    """Largest channel difference, per pixel."""
    distance: NDArray[np.int16] = np.abs(a.astype(np.int16) - b.astype(np.int16)).max(axis=-1)
    return distance


def find_common_color(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The colour most of [..., 3] pixels share: the exact mode if there is one, else the median of
    the fullest cell.
    """
    flat = pixels.reshape(-1, 3).astype(np.int32)
    key = (flat[:, 0] << 16) | (flat[:, 1] << 8) | flat[:, 2]
    values, counts = np.unique(key, return_counts=True)
    top = int(values[counts.argmax()])
    if counts.max() * 4 >= len(key):
        return np.array([top >> 16, (top >> 8) & 255, top & 255], dtype=np.uint8)
    coarse = flat >> 4
    cell = (coarse[:, 0] << 8) | (coarse[:, 1] << 4) | coarse[:, 2]
    members = flat[cell == np.bincount(cell).argmax()]
    return np.asarray(np.round(np.median(members, axis=0)), dtype=np.uint8)
