"""A mockup as arrays: alpha flattened, device pixel ratio divided out, JPEG damage noticed. Knows
no text, no boxes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception import ratio
from studio.pipeline.perception.bands import Mask as Mask
from studio.pipeline.perception.bands import Pixels as Pixels
from studio.pipeline.perception.bands import count_colors, cut_into_bands
from studio.pipeline.perception.sharpness import is_resampled, measure_first_rows

if TYPE_CHECKING:
    from PIL import Image

# JPEG leaves ripples of 1–8 levels around letters; a lossless page has next to none on the letters'
# ground.
RIPPLE_SHARE = 0.12
# CSS pixels of a page up to which it is read and compared as it is. 1280 × 12,000 are 15.4 million;
# comparing takes about 60 bytes for each, beside the page and its render.
MOST_PIXELS = 16_000_000
SLACK = 0.01  # of it, for widths are rounded
REDUCED = (
    f"pages are read with up to {MOST_PIXELS // 1_000_000} million CSS pixels. "
    "Send its parts as mockups of their own for exact sizes."
)
# Values up to which a distance is computed at once, which is quicker.
SMALL = 300_000
BLOCK = 16  # px, the side of the blocks in which ripples are measured


@dataclass(frozen=True, slots=True)
class MockupPixels:
    """The mockup at one CSS pixel per array cell."""

    rgb: Pixels
    scale: float
    lossy: bool
    reason: str = ""  # why this scale, in words
    notes: tuple[str, ...] = ()  # what a person should know
    sharpness: float | None = None  # of the picture, 0–1; None where it has hardly any edges

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])


def load_sheet(rgb: Pixels, scale: float | None, dpi: float | None = None) -> MockupPixels:
    """The mockup as a sheet; `scale` of None means: find its device pixel ratio. `dpi`: the
    resolution that its file states.
    """
    if scale is not None and scale <= 0:
        raise ValueError(
            f"The mockup's scale is {scale}; give a device pixel ratio above 0, such as 1 or 2."
        )
    sharpness = measure_first_rows(rgb)
    if scale:
        found = ratio.Ratio(scale, "given by hand")
    else:
        found = ratio.find_ratio(rgb, is_resampled=is_resampled(sharpness), dpi=dpi)
    lossy = is_lossy(rgb)
    scale = limit_ratio(found.value, rgb.shape[0], rgb.shape[1])
    notes = () if scale == found.value else (_describe_reduction(rgb, found.value, scale),)
    if scale != 1:
        rgb = _shrink(rgb, scale)
    return MockupPixels(rgb, float(scale), lossy, found.reason, notes, sharpness)


def limit_ratio(found: float, height: int, width: int) -> float:
    """Return the ratio, or a higher one at which the page has no more CSS pixels than are read."""
    pixels = height * width / found**2
    return found if pixels <= (1 + SLACK) * MOST_PIXELS else found * math.sqrt(pixels / MOST_PIXELS)


def _describe_reduction(rgb: Pixels, found: float, scale: float) -> str:
    before, after = (
        f"{round(rgb.shape[1] / one)} × {round(rgb.shape[0] / one)}" for one in (found, scale)
    )
    return f"The mockup of {before} CSS px was reduced to {after}: {REDUCED}"


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
    found = scale or _find_ratio(image)
    return round(image.width / limit_ratio(found, image.height, image.width))


def _find_ratio(image: Image.Image) -> float:
    rgb = to_rgb(image)
    resampled = is_resampled(measure_first_rows(rgb))
    return ratio.find_ratio(rgb, is_resampled=resampled, dpi=stated_dpi(image)).value


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
    height, width = (length // BLOCK * BLOCK for length in rgb.shape[:2])
    if not height or not width:
        return False
    bands = [_measure_ripple(rgb[rows, :width, 1]) for rows in cut_into_bands(height, width, BLOCK)]
    level, ripple = (np.concatenate(shares) for shares in zip(*bands, strict=True))
    if len(level) < 4:
        return False
    ground = level + ripple > 0.5
    if ground.sum() < 4:
        return False
    share = ripple[ground] / (level + ripple)[ground]
    return bool(np.quantile(share, 0.25) > RIPPLE_SHARE)


def _measure_ripple(green: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the shares of each inked block that are level with its ground, and nearly so."""
    height, width = green.shape
    blocks = (
        green.astype(np.int16)
        .reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
        .swapaxes(1, 2)
        .reshape(-1, BLOCK * BLOCK)
    )
    blocks = blocks[np.ptp(blocks, axis=1) > 60]
    distance = np.abs(blocks - np.median(blocks, axis=1).astype(np.int16)[:, None])
    return (distance == 0).mean(axis=1), ((distance > 0) & (distance <= 8)).mean(axis=1)


def write_hex(rgb: NDArray[Any]) -> str:
    r, g, b = (round(float(c)) for c in rgb[:3])
    return f"#{r:02x}{g:02x}{b:02x}"


def parse_hex(color: str) -> NDArray[np.uint8]:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.uint8)


def compute_channel_distance(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.int16]:
    """Largest channel difference, per pixel."""
    if a.size <= SMALL and b.size <= SMALL:
        small: NDArray[np.int16] = np.abs(a.astype(np.int16) - b.astype(np.int16)).max(axis=-1)
        return small
    # One channel at a time: all three at once take six times the picture's memory.
    distance = _subtract_channel(a, b, 0)
    for channel in (1, 2):
        np.maximum(distance, _subtract_channel(a, b, channel), out=distance)
    return distance


def _subtract_channel(a: NDArray[Any], b: NDArray[Any], channel: int) -> NDArray[np.int16]:
    apart: NDArray[np.int16] = a[..., channel].astype(np.int16) - b[..., channel].astype(np.int16)
    return np.abs(apart, out=apart)


def find_common_color(pixels: NDArray[np.uint8], mask: Mask | None = None) -> NDArray[np.uint8]:
    """The colour most of [..., 3] pixels share: the exact mode if there is one, else the median of
    the fullest cell. `mask`: which pixels count.
    """
    codes, counts = count_colors(pixels, mask)
    channels = np.stack([codes >> 16, (codes >> 8) & 255, codes & 255])
    top = int(counts.argmax())
    if counts[top] * 4 >= counts.sum():
        return channels[:, top].astype(np.uint8)
    coarse = channels >> 4
    cells = (coarse[0] << 8) | (coarse[1] << 4) | coarse[2]
    fullest = cells == np.bincount(cells, weights=counts).argmax()
    medians = [_find_median(levels[fullest], counts[fullest]) for levels in channels]
    return np.asarray(np.round(medians), dtype=np.uint8)


def _find_median(levels: NDArray[np.int32], counts: NDArray[np.int64]) -> float:
    """Return the median of levels (0-255) that occur so often."""
    reached = np.cumsum(np.bincount(levels, weights=counts))
    total = int(reached[-1])
    middle = np.searchsorted(reached, [(total - 1) // 2, total // 2], side="right")
    return float(middle.mean())


def find_runs(mask: NDArray[Any] | np.bool_, shortest: float = 1) -> list[tuple[int, int]]:
    """Return where a row of flags is set, each stretch with its end exclusive; shorter ones than
    `shortest` are left out.
    """
    ends = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(mask, dtype=np.int8), [0]])))
    runs = zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True)
    return [(start, end) for start, end in runs if end - start >= shortest]
