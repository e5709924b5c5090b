"""A page of more CSS pixels than are read is reduced, which is said; one of fewer is left alone."""

from __future__ import annotations

import pytest
from PIL import Image

from studio.pipeline.perception import pixels
from studio.pipeline.perception.frame import find_page_hints
from studio.pipeline.perception.pixels import find_css_width, load_sheet, to_rgb


@pytest.fixture(autouse=True)
def few_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixels, "MOST_PIXELS", 40_000)


def blank(width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height), "#fafafa")


def test_a_page_of_too_many_pixels_is_read_smaller() -> None:
    hints = find_page_hints(blank(400, 400), scale=1)
    assert (hints.width, hints.height, hints.scale) == (200, 200, 2)
    assert hints.notes[0].startswith("The mockup of 400 × 400 CSS px was reduced to 200 × 200:")


def test_css_pixels_count_and_not_those_of_the_picture() -> None:
    hints = find_page_hints(blank(400, 400), scale=2)
    assert (hints.width, hints.scale) == (200, 2)
    assert not any("reduced" in note for note in hints.notes)


@pytest.mark.parametrize(("width", "height"), [(401, 333), (1000, 97), (97, 1000), (200, 201)])
def test_a_width_that_was_found_leads_to_the_same_page(width: int, height: int) -> None:
    """Further mockups are keyed by their width, and read at the ratio that follows from it."""
    picture = blank(width, height)
    found = find_css_width(picture)
    sheet = load_sheet(to_rgb(picture), width / found)
    assert sheet.width == found
    assert sheet.width * sheet.height <= 1.02 * pixels.MOST_PIXELS
