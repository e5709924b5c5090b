"""One page in one temporary browser context: opened from memory, held still, captured and read.

Runs on the browser's thread. Every request is answered from the site or aborted. Popups, dialogs,
downloads and every way of leaving the page are closed.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.pipeline.perception.hints import Box
from studio.pipeline.rendering.page_files import Response, Site
from studio.pipeline.types import DomBox, DomText, RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

FOLDER = Path(__file__).parent
TALLEST = 20_000  # px; what is below is not rendered (Chromium's screenshots fail near 32,767)
WIDEST = 8_000  # px
# Of one screenshot, in device pixels. Decoding takes 7 bytes each; a page of 1280 × 20,000 px has 26
# million, at twice the resolution just over 100.
MOST_PIXELS = 105_000_000
LOOK = 20  # ms between two looks at an answer that another thread fetches


@dataclass(frozen=True, slots=True)
class DomFacts:
    """The page's height, horizontal overflow, text lines and painted boxes."""

    height: int
    overflow: float
    texts: tuple[DomText, ...]
    boxes: tuple[DomBox, ...]


@contextlib.contextmanager
def open_page(
    browser: Browser, site: Site, *, width: int, height: int, scale: float, calm: bool = True
) -> Iterator[Page]:
    """Open the site's entry, loaded and held still.

    Raises RenderError when it crashes or cannot be read.
    """
    from playwright.sync_api import Error

    context: BrowserContext | None = None
    try:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            service_workers="block",
            accept_downloads=False,
            reduced_motion="reduce" if calm else "no-preference",
            locale="en-US",
            timezone_id="UTC",
        )
        # The guard's time limit is the only one: it also ends what Playwright cannot.
        context.set_default_timeout(0)
        yield _open_still_page(context, site)
    except Error as error:
        raise RenderError(_describe_failure(error)) from error
    finally:
        if context is not None:
            with contextlib.suppress(Error):
                context.close()


def take_screenshot(page: Page, *, width: int, height: int, scale: float = 1.0) -> bytes:
    """Return the page from its top left corner as a PNG.

    It has `width` × `height` CSS px at `scale` (the context's own). Raises RenderError where that are
    more than `MOST_PIXELS`.
    """
    pixels = round(width * height * scale**2)
    if pixels > MOST_PIXELS:
        raise RenderError(
            f"The page's picture would have {pixels / 1e6:.0f} million pixels, and at most "
            f"{MOST_PIXELS / 1e6:.0f} million are taken: use a smaller width or resolution."
        )
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
    options = {
        "format": "png",
        "clip": clip,
        "captureBeyondViewport": True,
        "optimizeForSpeed": True,
    }
    session = page.context.new_cdp_session(page)
    return base64.b64decode(session.send("Page.captureScreenshot", options)["data"])


def read_dom_facts(page: Page) -> DomFacts:
    """Return text lines, painted boxes and extent of the page in its present state."""
    data = ask(page, read_script(FOLDER / "extract.js"))
    height = max(1, min(int(data["height"]), TALLEST))
    return DomFacts(
        height=height,
        overflow=float(data["overflow"]),
        texts=tuple(DomText(**{**text, "box": Box(*text["box"])}) for text in data["texts"]),
        boxes=tuple(DomBox(**{**box, "box": Box(*box["box"])}) for box in data["boxes"]),
    )


def measure_full_page(page: Page) -> tuple[int, int]:
    """Return width and height of everything that can be scrolled to, within limits."""
    size = "[document.documentElement, document.body].map((e) => [e?.scrollWidth ?? 0, e?.scrollHeight ?? 0])"
    extents = ask(page, size)
    width, height = (max(side) for side in zip(*extents, strict=True))
    return max(1, min(int(width), WIDEST)), max(1, min(int(height), TALLEST))


def ask(page: Page, source: str) -> Any:
    """Return the value of an expression; a promise is awaited.

    It is computed where the page's own scripts cannot interfere.
    """
    session = page.context.new_cdp_session(page)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
    answer = session.send(
        "Runtime.evaluate",
        {"expression": source, "contextId": world, "returnByValue": True, "awaitPromise": True},
    )
    session.detach()
    if "exceptionDetails" in answer:
        raise RenderError(
            f"The page could not be read: {_describe_exception(answer['exceptionDetails'])}."
        )
    return answer["result"].get("value")


@cache
def read_script(path: Path) -> str:
    """Return the text of a script that runs in rendered pages.

    It is in the same folder as the module that runs it.
    """
    return path.read_text("utf-8")


def hold_still(page: Page) -> None:
    """Wait for the page's pictures and fonts, end its animations and go to its top."""
    ask(page, read_script(FOLDER / "settle.js"))


def _open_still_page(context: BrowserContext, site: Site) -> Page:
    context.add_init_script(read_script(FOLDER / "quiet.js"))
    page = context.new_page()
    context.on("page", lambda popup: popup.close())
    context.route("**/*", _RequestGuard(site))
    # Not "load", because Playwright never gets it from a page that tries to leave while it loads.
    # `settle.js` waits instead.
    page.goto(site.url, wait_until="commit")
    hold_still(page)
    return page


class _RequestGuard:
    """Answers requests from the site; lets the page be opened once, and never left."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.opened = False
        self.handed_out = 0  # bytes

    def __call__(self, route: Route) -> None:
        from playwright.sync_api import Error

        with contextlib.suppress(Error):  # the page may be gone by now
            self.answer(route)

    def answer(self, route: Route) -> None:
        request = route.request
        if request.is_navigation_request() and request.frame.parent_frame is None:
            if self.opened:
                # 'aborted' keeps the old page; any other reason would show an error page.
                return route.abort("aborted")
            self.opened = True
        response = self._find_response(request) if request.method == "GET" else None
        if response is None or not self._count_bytes(response):
            return route.abort("aborted")
        headers = {
            "content-type": response.content_type,
            "access-control-allow-origin": response.readers,
        }
        route.fulfill(body=response.body, headers=headers)

    def _count_bytes(self, response: Response) -> bool:
        """Count what is handed out; return False above the number that the site allows."""
        self.handed_out += len(response.body)
        return self.handed_out <= self.site.most_bytes

    def _find_response(self, request: Request) -> Response | None:
        """Return the site's response; while a thread fetches it, other requests are taken."""
        if not self.site.admit(request.url):
            return None
        if self.site.executor is None:
            return self.site.respond(request.url)
        future = self.site.executor.submit(self.site.respond, request.url)
        while not future.done():
            request.frame.page.wait_for_timeout(LOOK)
        return future.result()


def _describe_exception(details: Mapping[str, Any]) -> str:
    words = str(details.get("exception", {}).get("description") or details.get("text", "unknown"))
    return words.splitlines()[0].rstrip(".")


def _describe_failure(error: Exception) -> str:
    words = str(error)
    if "crash" in words.lower():
        return "The page crashed its browser tab (probably out of memory)."
    if "context was destroyed" in words or "Cannot find context" in words:
        return "The page navigated away while it was being read."
    if "has been closed" in words:
        return "The browser ended while it rendered the page."
    return f"The page could not be rendered: {words.splitlines()[0].rstrip('.')}."
