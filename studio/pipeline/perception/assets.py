"""What a page needs besides its code: pictures cropped from the mockup without the text on them,
and web fonts.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Box, Hints, Picture, TextLine
from studio.pipeline.perception.pixels import (
    Pixels,
    compute_channel_distance,
    parse_hex,
    to_rgb,
)
from studio.pipeline.perception.web_fonts import collect_font_assets

if TYPE_CHECKING:
    from PIL import Image

JPEG_QUALITY = 85
# CSS px around a box and around a line of text that are painted over with it, and of the rim that
# a letter's softness and its near shadow take.
BOX_PAD, INK_PAD, RIM = 3.0, 3.0, 1.5
# Line heights beside a line in which its color is looked for, and levels by which it may stray.
MISSED, SAME_COLOR = 1.5, 24
# px around a hole from which it is filled.
INPAINT_REACH = 4
# Share of the way from ground to letters from which a pixel is ink; levels that the two differ by at
# least; and share of ink from which the whole box is painted over.
INK_SHARE, LEAST_CONTRAST, MOSTLY_INK = 0.25, 40, 0.6


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
    boxes = [rect.box for rect in hints.rects if rect.box.area < 0.4 * picture.box.area]
    boxes += [
        p.box for p in hints.pictures if p.id != picture.id and p.box.area < 0.4 * picture.box.area
    ]
    mended = _paint_over_boxes(
        crop, [box for box in boxes if _lies_on(box, picture)], picture, hints
    )
    return _paint_over_ink(
        mended, [t for t in hints.texts if _lies_on(t.box, picture)], picture, hints
    )


def _lies_on(box: Box, picture: Picture) -> bool:
    return box.intersection(picture.box) >= 0.5 * box.area


def _place(box: Box, pad: float, picture: Picture, hints: Hints) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a box with a margin, in the crop's pixels."""
    left, top = box.x - picture.box.x - pad, box.y - picture.box.y - pad
    return (
        int(max(0, left) * hints.scale),
        int(max(0, top) * hints.scale),
        int((left + box.width + 2 * pad) * hints.scale),
        int((top + box.height + 2 * pad) * hints.scale),
    )


def _paint_over_boxes(crop: Pixels, boxes: Sequence[Box], picture: Picture, hints: Hints) -> Pixels:
    """Inpainting is slow on large holes, and a blurred ground is all that is wanted: a quarter of
    the size will do.
    """
    import cv2

    mask = np.zeros(crop.shape[:2], np.uint8)
    for box in boxes:
        left, top, right, bottom = _place(box, BOX_PAD, picture, hints)
        mask[top : bottom + 1, left : right + 1] = 255
    if not mask.any():
        return crop
    small = cv2.resize(crop, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    hole = cv2.resize(mask, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_NEAREST)
    hole = cv2.dilate(hole, np.ones((3, 3), np.uint8))
    patched: Any = cv2.inpaint(small, hole, 3, cv2.INPAINT_TELEA)
    patched = cv2.resize(patched, (crop.shape[1], crop.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.where(mask[:, :, None] > 0, patched, crop).astype(np.uint8)


def _paint_over_ink(
    crop: Pixels, lines: Sequence[TextLine], picture: Picture, hints: Hints
) -> Pixels:
    """The crop without the letters' own pixels: what shows between them is the picture's."""
    import cv2

    mask = np.zeros(crop.shape[:2], np.uint8)
    for line in lines:
        left, top, right, bottom = _place(line.box, INK_PAD, picture, hints)
        window = crop[top : bottom + 1, left : right + 1]
        if window.size:
            mask[top : bottom + 1, left : right + 1] |= _mark_ink(window, line, hints.scale)
        for start, end in _find_ends(line, left, right, hints.scale):
            beside = crop[top : bottom + 1, start:end]
            if beside.size:
                mask[top : bottom + 1, start:end] |= _mark_letters(beside, line, hints.scale)
    if not mask.any():
        return crop
    return np.asarray(cv2.inpaint(crop, mask, INPAINT_REACH, cv2.INPAINT_TELEA), np.uint8)


def _find_ends(line: TextLine, left: int, right: int, scale: float) -> list[tuple[int, int]]:
    """Return the columns beside a line where letters may stand that its box has missed: a photo's
    ground changes.
    """
    reach = round(MISSED * line.box.height * scale)
    return [(max(0, left - reach), left), (right + 1, right + 1 + reach)]


def _mark_letters(window: Pixels, line: TextLine, scale: float) -> NDArray[np.uint8]:
    """Return 255 where pixels have the letters' color, and at their rims."""
    import cv2

    letters = compute_channel_distance(window, parse_hex(line.color)) <= SAME_COLOR
    rim = 2 * max(1, round(RIM * scale)) + 1
    kernel = np.ones((rim, rim), np.uint8)
    return np.asarray(cv2.dilate(letters.astype(np.uint8), kernel) * 255, np.uint8)


def _mark_ink(window: Pixels, line: TextLine, scale: float) -> NDArray[np.uint8]:
    """Return 255 where a line's letters and their soft rims are; everywhere where the letters are
    not told from their ground.
    """
    import cv2

    ground = parse_hex(line.background).astype(np.float64)
    toward = parse_hex(line.color).astype(np.float64) - ground
    everywhere = np.full(window.shape[:2], 255, np.uint8)
    if np.abs(toward).max() < LEAST_CONTRAST:
        return everywhere
    along = (window.astype(np.float64) - ground) @ toward / float(toward @ toward)
    ink = (along > INK_SHARE).astype(np.uint8)
    if float(ink.mean()) > MOSTLY_INK:
        return everywhere
    rim = 2 * max(1, round(RIM * scale)) + 1
    return np.asarray(cv2.dilate(ink, np.ones((rim, rim), np.uint8)) * 255, np.uint8)


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
