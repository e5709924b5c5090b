"""One-colored icons become paths; everything else stays a picture."""

from __future__ import annotations

import io
import re

import numpy as np
from PIL import Image, ImageDraw

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.codegen.icon_tracing import is_ticked, trace_icon
from tests.studio.pipeline.codegen.sketch import Sketch

SIDE = 24


def encode(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def draw_ring(color: str = "#0d7a6f", ground: str = "#ffffff") -> bytes:
    large = Image.new("RGB", (SIDE * 8, SIDE * 8), ground)
    ImageDraw.Draw(large).ellipse((16, 16, 176, 176), outline=color, width=24)
    return encode(large.resize((SIDE, SIDE), Image.Resampling.BOX))


def test_a_ring_is_two_outlines_in_its_color():
    icon = trace_icon(draw_ring())
    assert icon is not None
    assert icon.path.count("M") == 2
    assert icon.path.count("Z") == 2
    assert (icon.width, icon.height) == (SIDE, SIDE)
    assert icon.color == "#0d7a6f"


def test_a_light_icon_on_a_dark_ground_is_traced_too():
    icon = trace_icon(draw_ring("#ffffff", "#171a2b"))
    assert icon is not None
    assert icon.color == "#ffffff"


def test_the_outline_is_where_the_icon_is():
    icon = trace_icon(draw_ring())
    assert icon is not None
    numbers = [float(number) for number in re.findall(r"[\d.]+", icon.path)]
    assert abs(min(numbers) - 2.0) <= 0.3
    assert abs(max(numbers) - 22.0) <= 0.3


def test_two_colors_stay_a_picture():
    image = Image.new("RGB", (SIDE, SIDE), "#ffffff")
    ImageDraw.Draw(image).rectangle((2, 2, 11, 21), fill="#d93025")
    ImageDraw.Draw(image).rectangle((12, 2, 21, 21), fill="#0f9d58")
    assert trace_icon(encode(image)) is None


def test_a_photo_stays_a_picture():
    pixels = np.random.default_rng(1).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
    assert trace_icon(encode(Image.fromarray(pixels))) is None


def test_what_is_no_picture_file_is_no_icon():
    assert trace_icon(b"") is None
    assert trace_icon(b"<svg/>") is None


def test_an_icon_of_a_page_is_an_inline_drawing_in_the_current_color():
    page = Sketch().picture(100, 100, SIDE, SIDE, kind="icon").text(140, 118, "Settings")
    bundle = make_draft(page.hints(), {"assets/picture-1.png": draw_ring()}).bundle
    svg = re.search(r"<svg [^>]*>", bundle.files["index.html"])
    assert svg is not None
    assert 'fill="currentColor"' in svg[0]
    assert 'aria-hidden="true"' in svg[0]
    assert f'viewBox="0 0 {SIDE} {SIDE}"' in svg[0]
    assert not bundle.assets


def test_it_stays_one_when_the_page_is_written_anew():
    """The fit writes a draft again and again; a traced icon's picture is in no bundle."""
    page = Sketch().picture(100, 100, SIDE, SIDE, kind="icon").text(140, 118, "Settings")
    draft = make_draft(page.hints(), {"assets/picture-1.png": draw_ring()})
    assert draft.expanded().files == draft.bundle.files
    assert "<img" not in draft.expanded().files["index.html"]


def test_a_mark_with_a_tick_inside_is_ticked():
    image = Image.new("RGB", (13, 13), "#ffffff")
    ImageDraw.Draw(image).rectangle((0, 0, 12, 12), outline="#777777")
    assert not is_ticked(encode(image))
    ImageDraw.Draw(image).rectangle((0, 0, 12, 12), fill="#0075ff")
    ImageDraw.Draw(image).line((3, 6, 5, 8, 9, 4), fill="#ffffff", width=2)
    assert is_ticked(encode(image))
