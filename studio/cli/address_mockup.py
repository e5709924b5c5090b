"""The mockup behind an address: a page as the browser shows it, or a picture as it is.

A page gets its files as `address_site` has them: from its own server alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.capture.media_types import is_page, is_picture, read_media_type
from studio.capture.widths import LEAST_WIDTH, MOST_WIDTH, USUAL_WIDTH
from studio.cli.address_site import AddressSite, fetch_address
from studio.pipeline.loop.terminal import MOST_PIXELS
from studio.pipeline.picture_files import PictureError, decode_picture
from studio.pipeline.rendering.full_page import TALLEST, WINDOW_HEIGHT, FullPage, take_full_page
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.tools.results import ToolError
from studio.pipeline.tools.workbench import MockupSource
from studio.pipeline.types import RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Page

SECONDS = 40.0  # for loading a page: the default of CAPTURE_SECONDS


def open_address_mockup(url: str, width: int | None, renderer: Renderer) -> MockupSource:
    """Return the picture behind the address. `width`: of the window, or of the picture in CSS pixels.

    Raises ToolError and BrowserMissing.
    """
    found = fetch_address(url)
    media_type = read_media_type(found.content_type)
    if is_page(media_type):
        return _capture_page(url, found.site, width or USUAL_WIDTH, renderer)
    if not is_picture(media_type):
        raise ToolError(
            f"{url} answers with {media_type or 'neither a page nor a picture'}; "
            "use the address of a page or picture."
        )
    try:
        return MockupSource(decode_picture(found.body, most_pixels=MOST_PIXELS), width)
    except PictureError as error:
        raise ToolError(f"{url}: {error}") from None


def _capture_page(url: str, site: AddressSite, width: int, renderer: Renderer) -> MockupSource:
    if not LEAST_WIDTH <= width <= MOST_WIDTH:
        raise ToolError(
            f"A page is captured in a window of {LEAST_WIDTH} to {MOST_WIDTH} px; got the width {width}."
        )

    def look(page: Page) -> FullPage:
        # Its files are fetched by the thread that looks, so none is on its way now.
        return take_full_page(
            page,
            width=width,
            tallest=min(TALLEST, MOST_PIXELS // width),
            is_busy=lambda: False,
            get_seconds_left=lambda: SECONDS,
        )

    try:
        shown = renderer.visit(site, look, width=width, height=WINDOW_HEIGHT, time_limit=SECONDS)
    except RenderError as error:
        raise ToolError(f"The page at {url} could not be captured: {error}") from None
    if shown.is_blank:
        raise ToolError(f"The page at {url} shows nothing; give a screenshot of it instead.")
    note = ""
    picture = decode_picture(shown.picture, most_pixels=MOST_PIXELS)
    if shown.cut is not None:
        note = f"The page is {shown.cut} px tall; its top {picture.height} px are the mockup."
    return MockupSource(picture, width, note)
