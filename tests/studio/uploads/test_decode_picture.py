"""Every door reads a file the same way: upright, in sRGB, on a ground where it can be seen."""

from __future__ import annotations

import contextlib
import io
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from studio.pipeline.loop.terminal import InputError, open_mockup
from studio.pipeline.picture_files import DARK_GROUND, PictureError, cut_picture, decode_picture

MOST = 40_000_000


def encoded(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def write_hex(color: Any) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def two_halves() -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (60, 40), "#d02020")
    picture.paste("#2020d0", (30, 0, 60, 40))
    return picture


def decode(data: bytes) -> Image.Image:
    picture = decode_picture(data, most_pixels=MOST)
    assert picture.mode == "RGB"
    return picture


def near(color: Any, other: tuple[int, int, int], slack: int) -> bool:
    return all(abs(a - b) <= slack for a, b in zip(color, other, strict=True))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_upright_in_the_terminal_too(orientation: int, tmp_path: Path) -> None:
    turned_back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = two_halves()
    stored = stored.transpose(turned_back[orientation]) if orientation in turned_back else stored
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(stored, "JPEG", exif=exif, quality=95))
    picture = open_mockup(path)
    assert picture.size == (60, 40)
    assert near(picture.getpixel((8, 20)), (208, 32, 32), 12)
    assert near(picture.getpixel((52, 20)), (32, 32, 208), 12)


def test_sixteen_bit_grey_keeps_its_tones_in_the_terminal_too(tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    Image.fromarray((np.arange(64, dtype=np.uint16) * 1024).reshape(1, 64).repeat(32, axis=0)).save(
        path
    )
    row = np.asarray(open_mockup(path))[5, :, 0]
    assert row.tolist() == [4 * i for i in range(64)]


def test_cmyk_looks_as_it_did() -> None:
    assert near(
        decode(encoded(two_halves().convert("CMYK"), "JPEG", quality=95)).getpixel((8, 20)),
        (208, 32, 32),
        12,
    )


def test_a_profile_of_srgb_changes_nothing_and_is_gone() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = decode(encoded(two_halves(), icc_profile=profile))
    assert near(picture.getpixel((8, 20)), (208, 32, 32), 2)
    assert "icc_profile" not in picture.info


def test_a_profile_that_means_other_colors_changes_them() -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = (profile.index(name, 128) for name in (b"rXYZ", b"gXYZ"))
    # The tag table says where each primary lies: with the two exchanged, red numbers mean green.
    profile[red + 4 : red + 12], profile[green + 4 : green + 12] = (
        profile[green + 4 : green + 12],
        profile[red + 4 : red + 12],
    )
    color: Any = decode(
        encoded(Image.new("RGB", (40, 40), (255, 0, 0)), icc_profile=bytes(profile))
    ).getpixel((5, 5))
    assert color[1] > 200 > 100 > color[0]


def test_a_broken_profile_is_left_aside() -> None:
    assert near(
        decode(encoded(two_halves(), icc_profile=b"no profile")).getpixel((8, 20)), (208, 32, 32), 2
    )


def test_a_palette_and_grey_with_alpha_are_read_as_they_look() -> None:
    assert near(
        decode(encoded(two_halves().convert("P"), "PNG")).getpixel((8, 20)), (208, 32, 32), 40
    )
    assert decode(encoded(Image.new("LA", (20, 20), (90, 255)))).getpixel((5, 5)) == (90, 90, 90)
    assert decode(encoded(Image.new("LA", (20, 20), (90, 0)))).getpixel((5, 5)) == (255, 255, 255)


def test_white_words_on_nothing_are_laid_on_a_dark_ground() -> None:
    picture = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    picture.paste((255, 255, 255, 255), (10, 10, 30, 20))
    assert write_hex(decode(encoded(picture)).getpixel((2, 2))) == DARK_GROUND
    picture.paste((20, 20, 20, 255), (10, 10, 30, 20))
    assert decode(encoded(picture)).getpixel((2, 2)) == (255, 255, 255)


def test_a_heic_photo_is_read() -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    picture = decode(encoded(two_halves(), "HEIF", quality=95))
    assert picture.size == (60, 40)
    assert near(picture.getpixel((8, 20)), (208, 32, 32), 16)


def test_of_a_pdf_the_first_page_is_drawn_a_point_a_css_pixel() -> None:
    pages = [Image.new("RGB", (120, 90), color) for color in ("#20a040", "#d02020")]
    picture = decode(
        encoded(pages[0], "PDF", save_all=True, append_images=pages[1:], resolution=72)
    )
    assert picture.size == (240, 180)
    assert picture.info["dpi"] == (144, 144)
    assert near(picture.getpixel((100, 90)), (32, 160, 64), 12)


def test_a_pdf_page_over_the_limit_of_pixels_is_refused_in_one_sentence() -> None:
    data = encoded(Image.new("RGB", (300, 200)), "PDF", resolution=72)
    with pytest.raises(
        PictureError, match=r"300 × 200 px, 0.06 megapixels; the limit is 0.01 megapixels"
    ):
        decode_picture(data, most_pixels=10_000)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 ...", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>"]
)
def test_a_broken_pdf_is_one_sentence(data: bytes) -> None:
    with pytest.raises(PictureError, match="damaged or incomplete; send a complete PDF"):
        decode_picture(data, most_pixels=MOST)


def test_a_stated_resolution_is_kept_and_a_usual_one_is_not() -> None:
    assert decode(encoded(two_halves(), dpi=(144, 144))).info == {"dpi": (144, 144)}
    assert decode(encoded(two_halves(), dpi=(72, 72))).info == {}


def test_the_terminal_says_in_one_sentence_what_is_no_picture(tmp_path: Path) -> None:
    drawing = tmp_path / "logo.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with pytest.raises(InputError, match="an SVG drawing; send a PNG, JPEG"):
        open_mockup(drawing)
    with pytest.raises(InputError, match="There is no file"):
        open_mockup(tmp_path / "none.png")


def test_a_picture_is_cut_at_its_top_and_bottom() -> None:
    png = encoded(two_halves())
    with Image.open(io.BytesIO(cut_picture(png, 10, 5))) as picture:
        assert picture.size == (60, 25)
    assert cut_picture(png, 30, 30) == png


@pytest.mark.parametrize("form", ["HEIF", "PDF"])
def test_damaged_bytes_are_a_picture_or_one_sentence(form: str) -> None:
    """Seeded, 200 of each."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    whole, dice = encoded(two_halves(), form), random.Random(5)
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(dice.choice((1, 2, 8, 64))):
            data[dice.randrange(len(data))] = dice.randrange(256)
        with contextlib.suppress(PictureError):
            decode_picture(bytes(data), most_pixels=MOST)
