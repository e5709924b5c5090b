"""Rendering of untrusted pages: a full-page screenshot and DOM facts.

Pages have no network and run within limits. Knows nothing of mockups or scores. A page that hangs,
crashes or floods costs its own render (RenderError) and the browser it ran in; the next render gets a
new one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.isolation.privileges import USER
from studio.pipeline.rendering.browser import BrowserMissing, find_browser
from studio.pipeline.rendering.browser_guard import GuardedBrowser
from studio.pipeline.rendering.browser_page import open_page, read_dom_facts, take_screenshot
from studio.pipeline.rendering.page_files import Site, make_bundle_site, make_folder_site
from studio.pipeline.types import Render, RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

T = TypeVar("T")

MEMORY_LIMIT = (
    2 * 2**30
)  # bytes of the browser and all its processes; an ordinary page takes 250 MiB

__all__ = ["BrowserMissing", "RenderError", "Renderer"]


class Renderer:
    """One browser for many renders, one at a time, usable from any thread.

    Keep it as long as the worker lives. `executable` is the browser's path; None (or '') looks for one.
    Entering raises BrowserMissing. `user` is whose rights the browser has where this process is root.
    """

    def __init__(
        self, executable: str | None = None, *, memory_limit: int = MEMORY_LIMIT, user: str = USER
    ) -> None:
        self._executable = executable or None
        self._browser = GuardedBrowser(self._executable, memory_limit, user)

    def __enter__(self) -> Renderer:
        find_browser(self._executable)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._browser.close()

    def render(
        self,
        bundle: Bundle,
        *,
        width: int = 1280,
        height: int = 800,
        scale: float = 1.0,
        time_limit: float = 10.0,
    ) -> Render:
        """Render the bundle's index.html in a viewport of `width` × `height`, at its full height.

        The height is capped at 20,000 px. Raises RenderError.
        """
        if ENTRY not in bundle.files:
            raise RenderError(f"The bundle has no {ENTRY}.")
        return self._render(make_bundle_site(bundle), width, height, scale, time_limit)

    def render_file(
        self,
        path: Path,
        *,
        width: int = 1280,
        height: int = 800,
        scale: float = 1.0,
        time_limit: float = 20.0,
    ) -> Render:
        """Render a page from disk with everything beside and below it."""
        if not path.is_file():
            raise RenderError(f"There is no page at {path}.")
        return self._render(make_folder_site(path), width, height, scale, time_limit)

    def visit(
        self,
        site: Site,
        look: Callable[[Page], T],
        *,
        width: int,
        height: int,
        scale: float = 1.0,
        time_limit: float = 10.0,
        calm: bool = True,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> T:
        """Return what `look` returns for the loaded, settled page; it runs on the browser's thread.

        `calm`: the page is told that less motion is preferred; animations are at their end either way.
        Raises RenderError, also once `cancelled` returns True.
        """

        def work(browser: Browser) -> T:
            with open_page(
                browser, site, width=width, height=height, scale=scale, calm=calm
            ) as page:
                return look(page)

        return self._browser.call(work, time_limit, cancelled)

    def _render(
        self, site: Site, width: int, height: int, scale: float, time_limit: float
    ) -> Render:
        def look(page: Page) -> Render:
            facts = read_dom_facts(page)
            png = take_screenshot(page, width=width, height=facts.height, scale=scale)
            return Render(png, width, facts.height, facts.texts, facts.boxes, facts.overflow)

        return self.visit(
            site, look, width=width, height=height, scale=scale, time_limit=time_limit
        )
