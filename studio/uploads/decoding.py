"""Decodes and re-encodes uploaded pictures. Knows neither the database nor HTTP."""

from __future__ import annotations

import fcntl
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
NAMES = "PNG, JPEG, WebP, GIF or AVIF"
THUMBNAIL = (480, 360)
# Smaller sides show nothing useful.
SMALLEST_SIDE = 16
LARGE = 10_000_000  # pixels; decoding and re-encoding 40 million takes up to 450 MB and 5 s


class PictureError(Exception):
    """Raised for a picture that cannot be used. The message says what was got and what is allowed."""


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """A mockup as stored: re-encoded, upright, without metadata, transparency on white."""

    png: bytes
    thumbnail: bytes
    width: int
    height: int


def decode_picture(data: bytes, most_bytes: int, most_pixels: int, lock: str) -> DecodedPicture:
    """Call `read_picture`, with one large picture at a time per `lock` file."""
    with open(lock, "ab") as turn:
        return read_picture(
            data,
            most_bytes=most_bytes,
            most_pixels=most_pixels,
            take_turn=lambda: fcntl.flock(turn, fcntl.LOCK_EX),
        )


def read_picture(
    data: bytes, *, most_bytes: int, most_pixels: int, take_turn: Callable[[], None] | None = None
) -> DecodedPicture:
    """Decode and re-encode; raises PictureError for anything but a whole picture within the limits.

    `take_turn` is called before a picture of more than LARGE pixels is decoded.
    """
    if not data:
        raise PictureError(f"The file is empty; send a {NAMES} picture.")
    if len(data) > most_bytes:
        size = _format_megabytes(len(data))
        limit = _format_megabytes(most_bytes)
        raise PictureError(f"The file has {size} MB; the limit is {limit} MB (UPLOAD_MEGABYTES).")
    flat = _decode_picture(data, most_pixels, take_turn)
    return DecodedPicture(
        _encode_picture(flat, "PNG"), _make_thumbnail(flat), flat.width, flat.height
    )


def _decode_picture(
    data: bytes, most_pixels: int, take_turn: Callable[[], None] | None
) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures; our own limit decides
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            _check_size(picture, most_pixels)  # the size is in the header: check it before decoding
            if take_turn is not None and picture.width * picture.height > LARGE:
                take_turn()
            picture.load()
            return _flatten_picture(ImageOps.exif_transpose(picture))
    except PictureError:
        raise
    except UnidentifiedImageError:
        raise PictureError(f"The file is {_guess_format(data)}; send a {NAMES} picture.") from None
    except Image.DecompressionBombError:
        raise PictureError(
            f"The picture is far larger than {_format_megapixels(most_pixels)} megapixels (UPLOAD_MEGAPIXELS)."
        ) from None
    except MemoryError:
        raise
    except Exception:  # a decoder may raise anything on hostile input
        raise PictureError(
            f"The picture is damaged or incomplete; send a complete {NAMES} picture."
        ) from None


def _check_size(picture: Image.Image, most_pixels: int) -> None:
    width, height = picture.size
    if width * height > most_pixels:
        size = f"{width} × {height} px, {_format_megapixels(width * height)} megapixels"
        limit = _format_megapixels(most_pixels)
        raise PictureError(
            f"The picture has {size}; the limit is {limit} megapixels (UPLOAD_MEGAPIXELS)."
        )
    if min(width, height) < SMALLEST_SIDE:
        raise PictureError(
            f"The picture has {width} × {height} px; each side needs at least {SMALLEST_SIDE} px."
        )


def _flatten_picture(picture: Image.Image) -> Image.Image:
    """Return plain RGB on white: no palette, profile, text or location data."""
    if picture.mode.startswith("I;16"):  # 16-bit gray; convert() would clip it at 255
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode == "RGB" and "transparency" not in picture.info:
        flat = picture
    else:
        picture = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture)  # half the memory of compositing in RGBA
    flat.info.clear()
    return flat


def _make_thumbnail(picture: Image.Image) -> bytes:
    """Return the top of the page at card width; a scaled tall page would be too narrow."""
    tall = min(picture.height, round(picture.width * THUMBNAIL[1] / THUMBNAIL[0]))
    top = picture.crop((0, 0, picture.width, tall))
    top.thumbnail(THUMBNAIL)
    return _encode_picture(top, "WEBP")


def _encode_picture(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    # Level 3 is a third of the default's time for 8 % more bytes on screenshots.
    options = {"compress_level": 3} if form == "PNG" else {"quality": 80}
    picture.save(out, form, **options)
    return out.getvalue()


def _guess_format(data: bytes) -> str:
    head = data[:512].lstrip().lower()
    if b"<svg" in head:
        return "an SVG drawing"
    if head.startswith(b"%pdf"):
        return "a PDF document"
    return "not a supported picture"


def _format_megabytes(count: int) -> str:
    return f"{count / 1_000_000:.3g}"


def _format_megapixels(pixels: int) -> str:
    return f"{pixels / 1_000_000:.3g}"
