"""A mockup is what decodes, within the limits; anything else is one sentence and leaves nothing
behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image, PngImagePlugin

from studio.pipeline.picture_files import PictureError
from studio.uploads.models import Upload
from studio.uploads.services import store_upload
from tests.people import adas_team

pytestmark = pytest.mark.django_db


def encoded(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def store(data: bytes) -> Upload:
    return store_upload(team=adas_team(), file=io.BytesIO(data))


def stored_files() -> set[Path]:
    return {path for path in (Path(settings.DATA_DIR) / "files").rglob("*") if path.is_file()}


def two_halves(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right: shows which way up a picture is."""
    picture = Image.new("RGB", (width, height), "#ff0000")
    picture.paste("#0000ff", (width // 2, 0, width, height))
    return picture


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has a handful of bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_a_picture_is_stored_as_png_under_its_content_hash(form: str) -> None:
    upload = store(encoded(two_halves(), form))
    data = upload.file.read()
    assert (upload.width, upload.height) == (60, 40)
    assert hashlib.sha256(data).hexdigest() == upload.sha256
    assert upload.file.name == f"uploads/{upload.sha256[:2]}/{upload.sha256}.png"
    assert Image.open(io.BytesIO(data)).format == "PNG"
    assert Image.open(io.BytesIO(upload.thumbnail.read())).format == "WEBP"


def test_the_same_pixels_are_one_row_and_one_file() -> None:
    first = store(encoded(two_halves()))
    files = stored_files()
    second = store(encoded(two_halves(), "WEBP", lossless=True))
    assert first.pk == second.pk
    assert stored_files() == files


def test_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right by 90°
    upload = store(encoded(two_halves(), "JPEG", exif=exif, quality=95))
    assert (upload.width, upload.height) == (40, 60)
    with Image.open(upload.file) as picture:
        pixel: Any = picture.convert("RGB").getpixel((20, 5))
        red, _, blue = pixel
        assert red > 200 > 50 > blue


def test_metadata_is_dropped() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "Ada's secret place")
    exif = Image.Exif()
    exif[0x010E] = "Ada's secret place"
    for data in (
        encoded(two_halves(), pnginfo=words, exif=exif),
        encoded(two_halves(), "JPEG", exif=exif),
    ):
        assert b"secret place" in data
        kept = store(data).file.read()
        assert b"secret place" not in kept
        assert b"eXIf" not in kept


def test_transparency_is_laid_on_white() -> None:
    upload = store(encoded(Image.new("RGBA", (20, 20), (0, 0, 0, 0))))
    with Image.open(upload.file) as picture:
        assert picture.mode == "RGB"
        assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_sixteen_bit_grey_keeps_its_tones() -> None:
    grey = Image.new("I;16", (20, 20), 32768)
    with Image.open(store(encoded(grey)).file) as picture:
        assert picture.convert("L").getpixel((3, 3)) == 128


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("#00ff00", "#ff0000")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with Image.open(store(data).file) as picture:
        assert picture.convert("RGB").getpixel((5, 5)) == (0, 255, 0)


PNG = encoded(two_halves())
NOISE = encoded(Image.effect_noise((400, 300), 80).convert("RGB"))
HOSTILE = {
    "nothing": (b"", "The file is empty"),
    "an SVG": (
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        "an SVG drawing",
    ),
    "a PDF": (b"%PDF-1.7 ...", "damaged or incomplete"),
    "a page named like a picture": (b"<!doctype html><script>alert(1)</script>", "not a picture"),
    "a picture of another kind": (encoded(two_halves(), "BMP"), "not a picture"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    "a picture cut short": (NOISE[: len(NOISE) // 2], "damaged or incomplete"),
    "a JPEG cut short": (encoded(two_halves(400, 300), "JPEG")[:700], "damaged or incomplete"),
    "only a header": (PNG[:24], "not a picture|damaged"),
    "a bomb": (png_header(30_000, 30_000), "far larger than 40 megapixels"),
    "a small bomb": (png_header(8_000, 6_000), "the limit is 40 megapixels"),
    "a claim of more pixels than bytes": (png_header(500, 500), "damaged or incomplete"),
    "a sliver": (encoded(Image.new("RGB", (800, 4))), "each side needs at least 16"),
    "too many bytes": (PNG + b"\0" * 20_000_000, "the limit is 20 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_anything_else_is_one_sentence_and_nothing_is_stored(name: str) -> None:
    data, words = HOSTILE[name]
    before = stored_files()
    with pytest.raises(PictureError, match=words) as error:
        store(data)
    assert str(error.value).count(".") <= 2
    assert Upload.objects.count() == 0
    assert stored_files() == before


def test_of_a_polyglot_only_the_pixels_are_kept() -> None:
    """A PNG with a script and a zip behind its end is a picture; what follows it is gone."""
    upload = store(PNG + b"<script>alert(1)</script>PK\x03\x04evil")
    data = upload.file.read()
    assert b"<script>" not in data
    assert b"evil" not in data


def test_a_flipped_byte_anywhere_never_breaks_more_than_the_picture() -> None:
    """Seeded, 300 of them: stored or refused with a sentence, nothing else."""
    chance = random.Random(7)
    for _ in range(300):
        data = bytearray(chance.choice((PNG, NOISE[:4000], encoded(two_halves(), "GIF"))))
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(PictureError):
            store(bytes(data))
