"""The pages and runs that `manage.py measure_pages` opens in a temporary studio."""

from __future__ import annotations

import functools
import http.server
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from studio.load.browsers import launch_browser
from studio.load.page_budgets import (
    SETTLED,
    PageFigures,
    measure_page,
    read_shifts,
    summarize_shifts,
    watch_page,
)
from studio.load.scripted_answers import FOLDER, SAMPLE, make_answers
from studio.load.scripted_model import ASK_ONCE, serve_scripted_model
from studio.processes.trial_studio import Trial, run_trial_studio
from studio.runs import samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

WINDOWS = {1440: 900, 390: 844}  # px, widths and heights
ANSWER_SECONDS = 4.0  # of the scripted model
PATIENCE = 400.0  # seconds for one run; 80 on two cores with a load of 8
SITE_SECONDS = 3.0  # until the captured site answers
LOOK = 200  # ms between two looks whether a run is over
# The addresses of pages; {run} is that of a finished run.
SIGNED_OUT = {"sign-in": "/sign-in"}
PAGES = {
    "start": "/",
    "run": "{run}",
    "version": "{run}attempts/0/",
    "diff": "{run}diff",
    "share": "{run}share",
    "export": "{run}export",
    "project": "/projects/1/",
    "library": "/library",
    "team": "/teams/1/",
    "account": "/account",
    "operator": "/operator",
}
# Runs that are followed, by what they are made from.
STREAMS = ("mockup", "follow-up", "address", "words")
NAMES = (*STREAMS, *SIGNED_OUT, *PAGES)
STUDIO = ASK_ONCE | {"OUTGOING_PRIVATE": "True"}  # the captured page is served by this machine


def measure_all(names: Collection[str], times: int) -> Iterator[PageFigures]:
    """Measure those of NAMES that are asked for, one after the other, at each of WINDOWS."""
    from playwright.sync_api import sync_playwright

    with (
        serve_scripted_model(make_answers(), ANSWER_SECONDS) as model,
        serve_sample() as site,
        run_trial_studio(MODEL_URL=model.url, **STUDIO) as studio,
        sync_playwright() as playwright,
    ):
        browser = launch_browser(playwright)
        first = ""
        for name in STREAMS:
            if name in names or not first:  # the others need a finished run
                run = start_run(studio, name, first, site)
                first = first or run
                figures = follow_run(browser, studio, name, run)
                if name in names:
                    yield from figures
        for pages, cookies in ((SIGNED_OUT, {}), (PAGES, studio.cookies)):
            for name, address in pages.items():
                if name in names:
                    where = address.format(run=first)
                    yield from measure_at_widths(browser, studio, name, where, times, cookies)


def start_run(studio: Trial, name: str, first: str, site: str) -> str:
    """Start the run of STREAMS called `name` and return its path; `first` is that of a finished one."""
    mockup = samples.open_sample(SAMPLE).read()
    with studio.client() as client:
        if name == "follow-up":
            wish = "Make the footer as in the mockup."
            return studio.send_form(client, f"{first}attempts/0/follow-up", prompt=wish)
        if name == "address":
            return studio.start_run(client, None, address=site, address_width="1280")
        if name == "words":
            return studio.start_run(client, None, prompt="A page for hiring boats")
        return studio.start_run(client, mockup)


def follow_run(browser: Browser, studio: Trial, name: str, run: str) -> list[PageFigures]:
    """Follow a run to its end at each of WINDOWS, all at once, and return what moved.

    Raises RuntimeError for a run that does not end.
    """
    contexts = {width: open_window(browser, studio, width, studio.cookies) for width in WINDOWS}
    pages = {width: watch_page(context) for width, context in contexts.items()}
    for page in pages.values():
        page.goto(run)
    deadline = time.monotonic() + PATIENCE
    for page in pages.values():
        while not page.locator("run-live[data-over]").count():
            if time.monotonic() > deadline:
                shown = page.locator("#heading").inner_text()
                raise RuntimeError(
                    f"The run made from {name} was not over after {PATIENCE:g} s; its page says: {shown}"
                )
            page.wait_for_timeout(LOOK)
        page.wait_for_timeout(SETTLED)
    figures = [
        PageFigures(
            f"following a run: {name}", width, None, None, *summarize_shifts(read_shifts(page))
        )
        for width, page in pages.items()
    ]
    for context in contexts.values():
        context.close()
    return figures


def measure_at_widths(
    browser: Browser,
    studio: Trial,
    name: str,
    path: str,
    times: int,
    cookies: Mapping[str, str],
) -> Iterator[PageFigures]:
    for width in WINDOWS:
        context = open_window(browser, studio, width, cookies)
        yield measure_page(context, name, width, path, times)
        context.close()


def open_window(
    browser: Browser, studio: Trial, width: int, cookies: Mapping[str, str]
) -> BrowserContext:
    context = browser.new_context(
        base_url=studio.address, viewport={"width": width, "height": WINDOWS[width]}
    )
    context.add_cookies(
        [{"name": name, "value": value, "url": studio.address} for name, value in cookies.items()]
    )
    return context


@contextmanager
def serve_sample() -> Iterator[str]:
    """Serve the sample's page on this machine during the block; yield its address.

    It answers late, so that whoever follows the run sees its page before the picture arrives.
    """
    handler = functools.partial(_SlowHandler, directory=str(FOLDER))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class _SlowHandler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/":
            time.sleep(SITE_SECONDS)
        super().do_GET()

    def log_message(self, format: str, *args: Any) -> None: ...
