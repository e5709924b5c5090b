"""Sharpness is measured once per mockup; it tells of pictures that were blown up."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.pipeline.perception import pixels
from studio.pipeline.perception.bands import Pixels
from studio.pipeline.perception.pixels import load_sheet
from studio.pipeline.perception.sharpness import (
    describe_picture,
    is_resampled,
    measure_first_rows,
    measure_sharpness,
)

CELL = 40  # px, of a drawing of black boxes on white


def draw_boxes(width: int = 800, height: int = 600) -> Image.Image:
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    for top in range(0, height, 2 * CELL):
        for left in range(0, width, 2 * CELL):
            pen.rectangle((left, top, left + CELL, top + CELL), fill="black")
    return picture


def blow_up(picture: Image.Image, by: float = 2.0) -> Image.Image:
    size = round(picture.width * by), round(picture.height * by)
    return picture.resize(size, Image.Resampling.BICUBIC)


def to_pixels(picture: Image.Image) -> Pixels:
    return np.asarray(picture)


def test_edges_between_whole_pixels_are_sharp() -> None:
    assert measure_sharpness(to_pixels(draw_boxes())) == pytest.approx(1.0)


def test_a_blown_up_picture_is_less_sharp() -> None:
    sharpness = measure_sharpness(to_pixels(blow_up(draw_boxes())))
    assert sharpness < 0.78
    assert is_resampled(sharpness)


def test_a_picture_without_edges_has_no_sharpness() -> None:
    assert measure_sharpness(to_pixels(Image.new("RGB", (200, 200), "white"))) is None
    assert not is_resampled(None)


def test_a_picture_of_a_few_pixels_has_no_sharpness() -> None:
    assert measure_sharpness(to_pixels(Image.new("RGB", (4, 4), "white"))) is None


def test_only_the_first_rows_of_a_long_page_are_looked_at() -> None:
    page = Image.new("RGB", (1000, 4000), "white")
    page.paste(draw_boxes(1000, 1000), (0, 3000))  # below the first two million pixels
    assert measure_first_rows(to_pixels(page)) is None


def test_a_mockup_is_measured_once_and_before_it_is_reduced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes = []

    def measure(rgb: Pixels) -> float | None:
        sizes.append(rgb.shape[:2])
        return measure_first_rows(rgb)

    monkeypatch.setattr(pixels, "measure_first_rows", measure)
    for scale in (2.0, None):  # given, and to be found
        sizes.clear()
        sheet = load_sheet(to_pixels(draw_boxes()), scale)
        assert sizes == [(600, 800)]
        assert sheet.sharpness == pytest.approx(1.0)


@pytest.mark.parametrize(("sharpness", "said"), [(0.6, True), (0.95, False), (None, False)])
def test_soft_edges_are_said(sharpness: float | None, said: bool) -> None:
    notes = describe_picture(sharpness, 1280, 800)
    assert any("blown up" in note for note in notes) == said


@pytest.mark.parametrize(
    ("width", "height", "said"), [(300, 200, True), (320, 640, False), (1280, 800, False)]
)
def test_a_thumbnail_is_said_and_a_phone_is_none(width: int, height: int, said: bool) -> None:
    notes = describe_picture(None, width, height)
    assert any("CSS px wide" in note for note in notes) == said
