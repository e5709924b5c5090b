"""Captures a mockup from an address: a page as the browser shows it, or a picture as it is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from studio.capture.addresses import CaptureCancelled, CaptureError, get_host, read_address
from studio.capture.fetching import FetchedFile, Fetcher
from studio.capture.media_types import is_page, is_picture, read_media_type
from studio.outgoing.policy import Policy
from studio.pipeline.rendering.full_page import TALLEST, WINDOW_HEIGHT, FullPage, take_full_page
from studio.pipeline.rendering.page_files import Response, Site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.types import RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Page

FETCHES = 8  # files fetched at once; browsers fetch 6 from each host
GRACE = 10.0  # seconds for the screenshot once the time for fetching is over
GLANCE = 0.25  # seconds between two questions whether the picture is still wanted


@dataclass(frozen=True, slots=True)
class Capture:
    """The bytes of a picture; `cut` is the page's height where only its top was captured.

    `width`: of the window that a page was captured in, in CSS pixels; None for a picture as it was sent.
    """

    picture: bytes
    cut: int | None = None
    width: int | None = None


@dataclass(frozen=True)
class RemoteSite(Site):
    """A page of the web under its own address; its files are fetched by several threads."""

    address: str = ""
    entry_file: FetchedFile | None = None
    fetcher: Fetcher | None = None
    pool: Executor | None = None

    @property
    def url(self) -> str:
        return self.address

    @property
    def executor(self) -> Executor | None:
        return self.pool

    @property
    def most_bytes(self) -> int:
        assert self.fetcher is not None
        return 2 * self.fetcher.most  # the page itself may be asked for more than once

    def admit(self, url: str) -> bool:
        """Return False for what is no web address, and for requests above the number allowed."""
        assert self.fetcher is not None
        return url.startswith(("http://", "https://")) and self.fetcher.admit()

    def respond(self, url: str) -> Response | None:
        """Return what is at any http(s) address; None for what cannot be had."""
        wanted = url.partition("#")[0]
        assert self.entry_file is not None
        assert self.fetcher is not None
        is_entry = wanted == self.address.partition("#")[0]
        found = self.entry_file if is_entry else self.fetcher.fetch(wanted)
        if found is None:
            return None
        return Response(found.body, found.content_type, found.readers)


def capture_address(
    address: str,
    *,
    width: int,
    renderer: Renderer,
    policy: Policy,
    seconds: float,
    most: int,
    most_pixels: int,
    cancelled: Callable[[], bool] = lambda: False,
    **options: Any,
) -> Capture:
    """Return the picture behind an address, or a picture of the page there, `width` px wide.

    Raises CaptureError and BrowserMissing, and CaptureCancelled soon after `cancelled` returns True.
    `options` are for the fetcher's connections.
    """
    address = read_address(address)
    with Fetcher(policy, seconds=seconds, most=most, **options) as fetcher:
        found = _open(fetcher, address, cancelled)
        kind = read_media_type(found.content_type)
        if is_page(kind):
            tallest = min(TALLEST, most_pixels // width)
            return _capture_page(fetcher, found, width, tallest, renderer, cancelled)
        if is_picture(kind):
            return Capture(found.body)
    raise _describe_kind(get_host(address), kind)


def _open(fetcher: Fetcher, address: str, cancelled: Callable[[], bool]) -> FetchedFile:
    """Return what the address answers with; a silent server is left once nobody waits for it."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="capture")
    try:
        future = pool.submit(fetcher.open, address)
        while not future.done():
            if cancelled():
                raise CaptureCancelled
            wait([future], timeout=GLANCE)
        return future.result()
    finally:
        pool.shutdown(wait=False)


def _describe_kind(host: str, kind: str) -> CaptureError:
    if not kind:
        return CaptureError(
            gettext("{host} answers with neither a page nor a picture.").format(host=host)
        )
    return CaptureError(
        gettext("{host} answers with {kind}, which is neither a page nor a picture.").format(
            host=host, kind=kind
        )
    )


def _capture_page(
    fetcher: Fetcher,
    found: FetchedFile,
    width: int,
    tallest: int,
    renderer: Renderer,
    cancelled: Callable[[], bool],
) -> Capture:
    pool = ThreadPoolExecutor(FETCHES, thread_name_prefix="capture")
    site = RemoteSite("", _read_nothing, "", found.address, found, fetcher, pool)

    def look(page: Page) -> FullPage:
        return take_full_page(
            page,
            width=width,
            tallest=tallest,
            is_busy=fetcher.is_busy,
            get_seconds_left=fetcher.get_seconds_left,
        )

    host = get_host(found.address)
    limit = fetcher.get_seconds_left() + GRACE
    try:
        shown = renderer.visit(
            site,
            look,
            width=width,
            height=min(WINDOW_HEIGHT, tallest),
            time_limit=limit,
            cancelled=cancelled,
        )
    except RenderError as error:
        if cancelled():
            raise CaptureCancelled from None
        raise CaptureError(
            gettext("The page of {host} could not be captured: {error_sentence}").format(
                host=host, error_sentence=error
            )
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    if shown.is_blank:
        raise CaptureError(
            gettext(
                "The page of {host} shows nothing here: it may need a sign-in, a click or another "
                "browser; send a screenshot of it instead."
            ).format(host=host)
        )
    return Capture(shown.picture, shown.cut, width)


def _read_nothing(path: str) -> bytes | None:
    return None
