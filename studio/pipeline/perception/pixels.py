"""A mockup as arrays: alpha flattened, device pixel ratio divided out, JPEG damage noticed. Knows
no text, no boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL import Image

Pixels = NDArray[np.uint8]  # [height, width, 3], RGB
Mask = NDArray[np.bool_]  # [height, width]

# Narrower pictures are taken for pages of their own width: nobody designs a page 900 px wide to be
# shown doubled.
MIN_DOUBLED_WIDTH = 2000
# Long straight edges lie on even coordinates by half (up to .61 on 12 pages at ratio 1) or nearly
# all (.84 and more at ratio 2; photos bring the odd ones). Fewer edges must agree better, and with
# fewer than 6 nothing is claimed.
EDGE = 160
MANY_EDGES = 14
EVEN_OF_MANY = 0.82
EVEN_OF_FEW = 0.95
# JPEG leaves ripples of 1–8 levels around letters; a lossless page has next to none on the letters'
# ground.
RIPPLE_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class MockupPixels:
    """The mockup at one CSS pixel per array cell."""

    rgb: Pixels
    scale: float
    lossy: bool

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])


def load_sheet(image: Image.Image, scale: float | None) -> MockupPixels:
    """The mockup as a sheet; `scale` of None means: find out whether it was drawn at a device pixel
    ratio of 2.
    """
    rgb = to_rgb(image)
    ratio = detect_scale(rgb) if scale is None else scale
    if ratio <= 0:
        raise ValueError(
            f"The mockup's scale is {ratio}; give a device pixel ratio above 0, such as 1 or 2."
        )
    lossy = is_lossy(rgb)
    if ratio != 1:
        rgb = _shrink(rgb, ratio)
    return MockupPixels(rgb=rgb, scale=float(ratio), lossy=lossy)


def to_rgb(image: Image.Image) -> Pixels:
    """Any Pillow image on a white ground."""
    from PIL import Image as PilImage

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        ground = PilImage.new("RGBA", rgba.size, (255, 255, 255, 255))
        image = PilImage.alpha_composite(ground, rgba)
    return np.asarray(image.convert("RGB"), dtype=np.uint8)


def detect_scale(rgb: Pixels) -> float:
    """2.0 when a wide picture's long straight edges lie on even rows and columns only, else 1.0;
    doubt means 1.0.
    """
    width = rgb.shape[1]
    if width < MIN_DOUBLED_WIDTH:
        return 1.0
    grey = rgb.astype(np.int16).sum(axis=2)
    edges = np.concatenate([_find_long_edges(grey), _find_long_edges(grey.T)])
    if len(edges) < 6:
        return 1.0
    needed = EVEN_OF_MANY if len(edges) >= MANY_EDGES else EVEN_OF_FEW
    return 2.0 if np.mean(edges % 2 == 0) >= needed else 1.0


def _find_long_edges(grey: NDArray[np.int16]) -> NDArray[np.int64]:
    """Rows that begin with a long straight horizontal edge."""
    step = np.abs(np.diff(grey, axis=0)) > 18
    level = np.abs(np.diff(grey[1:], axis=1, prepend=grey[1:, :1])) <= 6
    return np.flatnonzero(measure_longest_run(step & level) >= EDGE) + 1


def measure_longest_run(mask: Mask) -> NDArray[np.int64]:
    """The longest run of true cells in each row."""
    count: NDArray[np.int64] = np.cumsum(mask, axis=1, dtype=np.int64)
    since = count - np.maximum.accumulate(np.where(mask, 0, count), axis=1)
    return np.asarray(since.max(axis=1), dtype=np.int64)


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
