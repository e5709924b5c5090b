"""A picture of a page as a visitor sees it who scrolled to its end, once its scripts are quiet."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from studio.pipeline.rendering.browser_page import (
    FOLDER,
    ask,
    hold_still,
    measure_full_page,
    read_script,
    take_screenshot,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

WINDOW_HEIGHT = 800  # CSS px
TALLEST = 12_000  # CSS px; the longest of the 20 landing pages in our own evaluation has 9,400
QUIET = 0.5  # seconds without a request, after which a page counts as loaded
LONGEST_WAIT = 12.0  # seconds for what a page loads by script
STEP = 100  # ms between two looks at the requests


@dataclass(frozen=True, slots=True)
class FullPage:
    """A page's picture at one pixel a CSS pixel; `cut` is the page's height where only its top is in it."""

    picture: bytes
    cut: int | None = None

    @property
    def is_blank(self) -> bool:
        """Return True for a picture of one color."""
        with Image.open(io.BytesIO(self.picture)) as picture:
            colors = picture.convert("RGB").getcolors(1)  # None where there is more than one
        return colors is not None


def take_full_page(
    page: Page,
    *,
    width: int,
    tallest: int,
    is_busy: Callable[[], bool],
    get_seconds_left: Callable[[], float],
) -> FullPage:
    """Return the page's picture. `is_busy`: a file of the page is on its way."""
    ask(page, read_script(FOLDER / "arrive.js"))
    _wait_until_quiet(page, is_busy, min(LONGEST_WAIT, get_seconds_left()))
    hold_still(page)
    height = measure_full_page(page)[1]
    picture = take_screenshot(page, width=width, height=min(height, tallest))
    return FullPage(picture, height if height > tallest else None)


def _wait_until_quiet(page: Page, is_busy: Callable[[], bool], limit: float) -> None:
    """Let the page's scripts load what they want, as long as something comes."""
    waited, quiet = 0.0, 0.0
    while waited < limit and quiet < QUIET:
        page.wait_for_timeout(STEP)
        waited += STEP / 1000
        quiet = 0.0 if is_busy() else quiet + STEP / 1000
