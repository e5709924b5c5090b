from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from studio.pipeline.perception.fonts import list_installed_faces
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.pixels import stated_dpi
from studio.pipeline.perception.ratio import Ratio, find_ratio
from studio.pipeline.perception.sharpness import is_resampled, measure_first_rows

WORDS = "A calm planner for small teams that share one board"


class Screen:
    """A screen of a ratio: lengths are CSS px, and boxes begin at whole pixels as in a browser."""

    def __init__(self, width: int, height: int, ground: str, ratio: float) -> None:
        self.ratio = ratio
        self.picture = Image.new("RGB", (round(width * ratio), round(height * ratio)), ground)
        self.pen = ImageDraw.Draw(self.picture)

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0
    ) -> None:
        sides = (x, y, x + width, y + height)
        left, top, right, bottom = (round(side * self.ratio) for side in sides)
        self.pen.rounded_rectangle(
            (left, top, right - 1, max(top, bottom - 1)), radius * self.ratio, fill
        )

    def text(self, x: float, y: float, words: str, size: float, color: str = "#222222") -> None:
        place = (round(x * self.ratio), round(y * self.ratio))
        self.pen.text(place, words, font=_font(size * self.ratio), fill=color, anchor="ls")


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    face = next(
        f
        for f in list_installed_faces()
        if (f.family, f.weight, f.italic) == ("Liberation Sans", 400, False)
    )
    return ImageFont.truetype(face.path, size, index=face.index)


def phone(width: int, ratio: float, height: int = 700) -> Image.Image:
    screen = Screen(width, height, "#f2f2f7", ratio)
    screen.text(20, 96, "Settings", 34)
    for group, rows in ((130, 3), (310, 2)):
        screen.box(16, group, width - 32, 48 * rows, "#ffffff", 12)
        for row in range(rows):
            screen.text(32, group + 30 + 48 * row, f"Setting number {row + 1}", 17)
            if row:
                screen.box(16, group + 48 * row, width - 32, 1, "#e5e5ea")
    screen.box(0, height - 83, width, 83, "#ffffff")
    screen.text(40, height - 50, "Today   Plans   Settings", 12, "#007aff")
    return screen.picture


def desktop(width: int = 1280, ratio: float = 1, step: int = 1, body: float = 16) -> Image.Image:
    """A page of cards whose every box lies on a multiple of `step`."""
    screen = Screen(width, 480, "#ffffff", ratio)
    screen.box(0, 0, width, 64, "#1f2937")
    screen.text(48, 40, "Northwind", 22, "#ffffff")
    for column in range(3):
        left = (48 + (width - 60) // 3 * column) // step * step
        screen.box(left, 136 // step * step, 344, 240, "#e5e7eb")
        for row in range(4):
            screen.text(left + 24, 180 + 30 * row, WORDS[: int(560 / body)], body)
    return screen.picture


def headline() -> Image.Image:
    """Nothing but large words: what a page at ratio 2 would have as its body text."""
    screen = Screen(1440, 480, "#ffffff", 1)
    for row in range(5):
        screen.text(80, 120 + 60 * row, WORDS, 30)
    return screen.picture


def jpeg(picture: Image.Image) -> Image.Image:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return Image.open(out)


def found(picture: Image.Image) -> Ratio:
    rgb = np.asarray(picture.convert("RGB"))
    resampled = is_resampled(measure_first_rows(rgb))
    return find_ratio(rgb, is_resampled=resampled, dpi=stated_dpi(picture))


@pytest.mark.parametrize("send", [lambda picture: picture, jpeg], ids=["PNG", "JPEG"])
@pytest.mark.parametrize(
    ("width", "ratio"), [(390, 1), (375, 2), (390, 3), (393, 2.75), (412, 2.625), (360, 4)]
)
def test_a_phone_is_read_at_its_own_ratio(
    width: int, ratio: float, send: Callable[[Image.Image], Image.Image]
) -> None:
    assert found(send(phone(width, ratio))).value == ratio


@pytest.mark.parametrize(("width", "height"), [(1235, 2743), (1080, 2424), (1080, 1920)])
def test_a_screen_of_a_phones_shape_is_a_phones_whatever_its_width_and_its_text(
    width: int, height: int
) -> None:
    large = Screen(width, height, "#101010", 1)
    for row in range(4):
        large.box(40, 300 + 500 * row, width - 80, 440, "#202124", 40)
        large.text(140, 560 + 500 * row, f"{2 + 3 * row}0", 190, "#dddddd")
        large.text(120, 690 + 500 * row, "minutes are left", 52, "#dddddd")
    assert found(large.picture).value >= 2


@pytest.mark.parametrize("send", [lambda picture: picture, jpeg], ids=["PNG", "JPEG"])
@pytest.mark.parametrize("ratio", [1, 2])
def test_a_desktop_page_is_read_at_its_own_ratio(
    ratio: float, send: Callable[[Image.Image], Image.Image]
) -> None:
    assert found(send(desktop(ratio=ratio))).value == ratio


@pytest.mark.parametrize(
    "options",
    [
        {"step": 8},
        {"step": 2, "body": 20},
        {"width": 1920},
        {"width": 1100},
        {"width": 1440, "step": 16, "body": 18},
    ],
    ids=str,
)
def test_a_page_at_ratio_1_is_never_taken_for_doubled(options: dict[str, int]) -> None:
    assert found(desktop(**options)).value == 1


def test_a_page_of_large_words_alone_is_not_taken_for_doubled() -> None:
    assert found(headline()).value == 1


@pytest.mark.parametrize("width", [2600, 2636, 2700])
def test_a_doubled_page_that_was_brought_to_another_size_is_told_by_its_text(width: int) -> None:
    """Its edges lie between pixels, so they say nothing against any ratio."""
    picture = desktop(ratio=2)
    sizes = (width, round(picture.height * width / picture.width))
    assert found(picture.resize(sizes, Image.Resampling.BICUBIC)).value == 2


@pytest.mark.parametrize("width", [1440, 1600])
def test_a_page_at_ratio_1_that_was_brought_to_another_size_stays_one(width: int) -> None:
    picture = desktop()
    sizes = (width, round(picture.height * width / picture.width))
    assert found(picture.resize(sizes, Image.Resampling.BICUBIC)).value == 1


def test_a_stated_resolution_tells_a_doubled_page_of_no_usual_width() -> None:
    doubled = desktop(1100, 2)
    doubled.info["dpi"] = (144, 144)
    ratio = found(doubled)
    assert ratio.value == 2
    assert "144 dpi" in ratio.reason


def test_a_stated_resolution_does_not_outweigh_text_of_the_usual_size() -> None:
    page = desktop()
    page.info["dpi"] = (144, 144)
    assert found(page).value == 1


def test_the_hints_say_which_ratio_and_why() -> None:
    hints = find_hints(phone(390, 3))
    assert (hints.scale, hints.width) == (3, 390)
    assert "390 CSS px is a device's width" in hints.scale_reason
    body = next(line for line in hints.texts if line.text.startswith("Setting number"))
    assert abs(body.size - 17) <= 1


def test_a_ratio_given_by_hand_is_believed_and_said() -> None:
    hints = find_hints(phone(390, 2), scale=1.5)
    assert hints.scale == 1.5
    assert hints.scale_reason == "given by hand"
