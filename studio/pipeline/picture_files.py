"""Reads a picture that somebody sent, trusting only what decodes. Knows neither the database nor
HTTP.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from studio.pipeline.isolation.file_locks import lock_file

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "HEIF")
NAMES = "PNG, JPEG, WebP, GIF, AVIF or HEIC"
THUMBNAIL = (480, 360)
# Nothing can be seen in less, and a strip a pixel wide has no layout.
SMALLEST_SIDE = 16
LARGE = 10_000_000  # pixels; decoded and re-encoded, 40 million take up to 450 MB and 5 s
# Transparent pictures are laid on white, or on this where what can be seen is light itself.
DARK_GROUND = "#111111"
LIGHT, MOSTLY = 200, 0.9  # levels of grey, and the share of what can be seen that is as light
# A page of a PDF is drawn twice as large as its points; 144 dpi says so to the perception.
PDF_SCALE = 2
PLAIN_DPI = 100  # up to here a stated resolution is a screen's of ratio 1 and need not be kept


TakeTurn = Callable[[], None]


class PictureError(Exception):
    """One sentence: what was got and what is allowed."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A mockup as it is stored: re-encoded, upright, in sRGB, without transparency; its resolution
    is kept.
    """

    png: bytes
    thumbnail: bytes
    width: int
    height: int


def decode_upload(data: bytes, most_bytes: int, most_pixels: int, lock: str) -> Picture:
    """`read_picture`, of large pictures one at a time among all who name the same `lock` file."""
    with open(lock, "ab") as turn:
        return read_picture(
            data,
            most_bytes=most_bytes,
            most_pixels=most_pixels,
            take_turn=lambda: lock_file(turn.fileno(), wait=True),
        )


def read_picture(
    data: bytes, *, most_bytes: int, most_pixels: int, take_turn: TakeTurn | None = None
) -> Picture:
    """Decode and re-encode; raises PictureError for anything but a whole picture within the limits.

    `take_turn` is called before a picture of more than LARGE pixels is decoded.
    """
    if len(data) > most_bytes:
        got, allowed = _megabytes(len(data)), _megabytes(most_bytes)
        raise PictureError(f"The file has {got} MB; the limit is {allowed} MB (UPLOAD_MEGABYTES).")
    flat = decode_picture(data, most_pixels=most_pixels, take_turn=take_turn)
    return Picture(_encoded(flat, "PNG"), _thumbnail(flat), flat.width, flat.height)


def decode_picture(
    data: bytes, *, most_pixels: int, take_turn: TakeTurn | None = None
) -> Image.Image:
    """Return the picture upright, in sRGB, without transparency; of its metadata only the
    resolution is kept.

    Raises PictureError. Of an animation the first frame is taken, of a PDF the first page.
    `take_turn`: as in `read_picture`.
    """
    if not data:
        raise PictureError(f"The file is empty; send a {NAMES} picture, or a PDF.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures; our own limit decides
            if _is_pdf(data):
                return _draw_pdf(data, most_pixels, take_turn)
            return _decode(data, most_pixels, take_turn)
    except PictureError:
        raise
    except UnidentifiedImageError:
        raise PictureError(
            f"The file is {_looks_like(data)}; send a {NAMES} picture, or a PDF."
        ) from None
    except Image.DecompressionBombError:
        raise PictureError(
            f"The picture is far larger than {_mega(most_pixels)} megapixels (UPLOAD_MEGAPIXELS)."
        ) from None
    except MemoryError:
        raise
    except Exception:  # a decoder fed with hostile bytes may raise anything
        kind = "PDF" if _is_pdf(data) else f"{NAMES} picture"
        raise PictureError(
            f"The picture is damaged or incomplete; send a complete {kind}."
        ) from None


def _decode(data: bytes, most_pixels: int, take_turn: TakeTurn | None) -> Image.Image:
    _learn_heic()
    picture = Image.open(io.BytesIO(data), formats=FORMATS)
    _check_size(picture.size, most_pixels)  # known from the header, before a pixel is decoded
    _wait_for_turn(picture.width * picture.height, take_turn)
    picture.load()
    dpi = picture.info.get("dpi")
    flat = _flatten(_convert_to_srgb(ImageOps.exif_transpose(picture)))
    if isinstance(dpi, tuple) and dpi and float(dpi[0]) > PLAIN_DPI:
        flat.info["dpi"] = (round(float(dpi[0])), round(float(dpi[0])))
    return flat


@cache
def _learn_heic() -> None:
    """Register the HEIC decoder with Pillow."""
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)


def _is_pdf(data: bytes) -> bool:
    return data[:1024].lstrip().startswith(b"%PDF")


def _wait_for_turn(pixels: int, take_turn: TakeTurn | None) -> None:
    if take_turn is not None and pixels > LARGE:
        take_turn()


def _draw_pdf(data: bytes, most_pixels: int, take_turn: TakeTurn | None) -> Image.Image:
    """Return the first page, a point as a CSS pixel, twice as large where the limit allows it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        page = document[0]
        width, height = page.get_size()
        scale = PDF_SCALE if width * height * PDF_SCALE**2 <= most_pixels else 1
        _check_size((round(width), round(height)), most_pixels)
        _wait_for_turn(round(width * height * scale**2), take_turn)
        drawn: Image.Image = (
            page.render(scale=scale, fill_color=(255, 255, 255, 255)).to_pil().convert("RGB")
        )
    finally:
        document.close()
    drawn.info.clear()
    if scale > 1:
        drawn.info["dpi"] = (72 * scale, 72 * scale)
    return drawn


def _convert_to_srgb(picture: Image.Image) -> Image.Image:
    """Return the picture as it looks on a usual screen, where it says what its numbers mean."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
        colors = picture.convert("RGB") if picture.mode == "RGBA" else picture
        converted = ImageCms.profileToProfile(colors, source, _srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture  # a broken profile, or one of another kind of color than the pixels
    if converted is None:
        return picture
    if alpha is not None:
        converted.putalpha(alpha)
    converted.info.pop("icc_profile", None)
    return converted


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _check_size(size: tuple[int, int], most_pixels: int) -> None:
    width, height = size
    if width * height > most_pixels:
        got = f"{width} × {height} px, {_mega(width * height)} megapixels"
        raise PictureError(
            f"The picture has {got}; the limit is {_mega(most_pixels)} megapixels (UPLOAD_MEGAPIXELS)."
        )
    if min(width, height) < SMALLEST_SIDE:
        raise PictureError(
            f"The picture has {width} × {height} px; each side needs at least {SMALLEST_SIDE} px."
        )


def _flatten(picture: Image.Image) -> Image.Image:
    """Return plain RGB: pixels only, no palette, profile, text or position data."""
    if picture.mode.startswith("I"):  # 16-bit grey; convert() would cut it off at 255
        import numpy as np  # not at the start: the web process decodes nothing itself

        deep = np.asarray(picture).astype(np.int64)
        picture = Image.fromarray(np.clip(deep // 256, 0, 255).astype(np.uint8))
    if picture.mode == "RGB" and "transparency" not in picture.info:
        flat = picture
    elif picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        seen = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        flat = Image.new("RGB", picture.size, choose_ground(seen))
        flat.paste(seen, mask=seen)  # half the memory of compositing in RGBA
    else:
        flat = picture.convert("RGB")
    flat.info.clear()
    return flat


def choose_ground(picture: Image.Image) -> str:
    """Return white, or a dark ground for a transparent picture whose visible part is light: white
    words, a logo.
    """
    import numpy as np

    alpha, grey = (
        np.asarray(picture.getchannel("A")),
        np.asarray(picture.convert("RGB").convert("L")),
    )
    visible = grey[alpha > 127]
    if not len(visible) or len(visible) > 0.9 * alpha.size:
        return "white"
    return DARK_GROUND if float((visible >= LIGHT).mean()) >= MOSTLY else "white"


def cut_picture(png: bytes, above: int, below: int, left: int = 0, right: int = 0) -> bytes:
    """Return a stored picture without so many pixels at its sides; as it is where nothing would be
    left.
    """
    with Image.open(io.BytesIO(png)) as picture:
        if above + below >= picture.height or left + right >= picture.width:
            return png
        box = (left, above, picture.width - right, picture.height - below)
        return _encoded(picture.crop(box), "PNG")


def _thumbnail(picture: Image.Image) -> bytes:
    """The top of the page at card width: a tall page shrunk whole would be a sliver."""
    tall = min(picture.height, round(picture.width * THUMBNAIL[1] / THUMBNAIL[0]))
    top = picture.crop((0, 0, picture.width, tall))
    top.thumbnail(THUMBNAIL)
    return _encoded(top, "WEBP")


def _encoded(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    # Level 3 is a third of the default's time for 8 % more bytes on screenshots.
    options = (
        {"compress_level": 3, "dpi": picture.info.get("dpi")} if form == "PNG" else {"quality": 80}
    )
    picture.save(out, form, **options)
    return out.getvalue()


def _looks_like(data: bytes) -> str:
    head = data[:512].lstrip().lower()
    if b"<svg" in head:
        return "an SVG drawing"
    return "not a picture this studio supports"


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:.3g}"


def _mega(pixels: int) -> str:
    return f"{pixels / 1_000_000:.3g}"
