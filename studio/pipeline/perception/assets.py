"""What a page needs besides its code: pictures cropped from the mockup without the text on them,
and web fonts.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.pipeline.perception.hints import Box, Hints, Picture
from studio.pipeline.perception.pixels import Pixels, to_rgb
from studio.pipeline.perception.web_fonts import collect_font_assets

if TYPE_CHECKING:
    from PIL import Image

JPEG_QUALITY = 85


def crop_assets(image: Image.Image, hints: Hints) -> dict[str, bytes]:
    """Asset path → file, for every picture in the hints and every web font that its lines are set
    in.
    """
    rgb = to_rgb(image)
    pictures = {
        picture.asset: _encode(_crop(rgb, picture, hints), picture) for picture in hints.pictures
    }
    letters = "".join(line.text for line in hints.texts)
    return pictures | collect_font_assets(
        {(line.font, line.weight, line.italic) for line in hints.texts}, letters
    )


def _crop(rgb: Pixels, picture: Picture, hints: Hints) -> Pixels:
    left, top, right, bottom = _box_to_pixels(picture.box, hints.scale, rgb)
    crop = np.ascontiguousarray(rgb[top:bottom, left:right])
    return _paint_over_overlays(crop, picture, hints) if picture.background else crop


def _box_to_pixels(box: Box, scale: float, rgb: Pixels) -> tuple[int, int, int, int]:
    height, width = rgb.shape[:2]
    left, top = (
        min(width - 1, max(0, round(box.x * scale))),
        min(height - 1, max(0, round(box.y * scale))),
    )
    right, bottom = min(width, round(box.right * scale)), min(height, round(box.bottom * scale))
    return left, top, max(left + 1, right), max(top + 1, bottom)


def _paint_over_overlays(crop: Pixels, picture: Picture, hints: Hints) -> Pixels:
    """The crop with the text and the controls on it painted over from around them, so that neither
    shows twice.
    """
    import cv2

    mask = np.zeros(crop.shape[:2], np.uint8)
    boxes = [text.box for text in hints.texts]
    boxes += [rect.box for rect in hints.rects if rect.box.area < 0.4 * picture.box.area]
    boxes += [
        p.box for p in hints.pictures if p.id != picture.id and p.box.area < 0.4 * picture.box.area
    ]
    for box in boxes:
        if box.intersection(picture.box) < 0.5 * box.area:
            continue
        pad = 3
        left, top = box.x - picture.box.x - pad, box.y - picture.box.y - pad
        corner = (int(max(0, left) * hints.scale), int(max(0, top) * hints.scale))
        far_corner = (
            int((left + box.width + 2 * pad) * hints.scale),
            int((top + box.height + 2 * pad) * hints.scale),
        )
        cv2.rectangle(mask, corner, far_corner, 255, cv2.FILLED)
    if not mask.any():
        return crop
    # Inpainting is slow on large holes, and a blurred ground is all that is wanted: a quarter of
    # the size will do.
    small = cv2.resize(crop, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    hole = cv2.resize(mask, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_NEAREST)
    hole = cv2.dilate(hole, np.ones((3, 3), np.uint8))
    patched: Any = cv2.inpaint(small, hole, 3, cv2.INPAINT_TELEA)
    patched = cv2.resize(patched, (crop.shape[1], crop.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.where(mask[:, :, None] > 0, patched, crop).astype(np.uint8)


def _encode(crop: Pixels, picture: Picture) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    if picture.asset.endswith(".jpg"):
        Image.fromarray(crop).save(
            buffer, "JPEG", quality=JPEG_QUALITY, optimize=True, subsampling=0
        )
    else:
        Image.fromarray(crop).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
