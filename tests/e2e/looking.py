"""What tests of the run page share: a finished run to look at, and the places of things inside the
previewed page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from studio.load.page_budgets import BUDGETS
from tests.e2e.asking import browser_cookies, events, start_run
from tests.processes import Studio

DONE = 120_000  # ms; a small mockup takes seconds, a busy machine more
FRAME = "#outcome iframe"
# The worst five seconds, as Core Web Vitals count layout shift: a window ends after a second
# without any.
SHIFTS = """new Promise((done) => {
    setTimeout(() => done(0), 1000);
    new PerformanceObserver((list) => {
        let worst = 0, sum = 0, first = 0, last = -1e9;
        for (const { startTime: at, value, hadRecentInput } of list.getEntries()) {
            if (hadRecentInput) continue;
            if (at - last > 1000 || at - first > 5000) [sum, first] = [0, at];
            [sum, last] = [sum + value, at];
            worst = Math.max(worst, sum);
        }
        done(worst);
    }).observe({ type: "layout-shift", buffered: true });
})"""
MOST_SHIFT = BUDGETS.shift


def finished_run(served: Studio, mockup: bytes, **wishes: str) -> str:
    """The address of a run's page, once the run is over."""
    run = start_run(served, mockup, **wishes)
    with events(served, run) as coming:
        assert list(coming)[-1]["data"]["state"] == "finished"
    return run


@contextmanager
def visiting(browser: Browser, served: Studio, **options: Any) -> Iterator[Page]:
    """A page of the signed-in owner that must have thrown nothing when the test ends."""
    wrong: list[str] = []
    context = browser.new_context(
        base_url=served.address, **{"viewport": {"width": 1280, "height": 900}, **options}
    )
    context.add_cookies(browser_cookies(served))  # type: ignore[arg-type]
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


def show_tab(page: Page, name: str) -> None:
    """Preview, compare or code in the canvas."""
    page.locator(f"[name=tab][value={name}]").check(force=True)


def show_side(page: Page, name: str) -> None:
    """Differences, element, scores or comments in the inspector."""
    page.locator(f"[name=side][value={name}]").check(force=True)


def download_zip(page: Page) -> bytes:
    """What the Export menu's first entry sends."""
    page.locator(".export-menu summary").click()
    with page.expect_download() as download:
        page.click("text=Download zip")
    return Path(download.value.path()).read_bytes()


def point_of(page: Page, selector: str, nth: int = 0) -> tuple[float, float]:
    """Where the middle of an element of the previewed page is in the window; its frame is drawn
    smaller than it is.
    """
    middle = "e => { const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }"
    x, y = page.frame_locator(FRAME).locator(selector).nth(nth).evaluate(middle)
    place = (
        "e => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width / e.offsetWidth]; }"
    )
    left, top, scale = page.locator(FRAME).evaluate(place)
    return left + x * scale, top + y * scale


def click_in_page(page: Page, selector: str, nth: int = 0) -> None:
    page.mouse.move(*point_of(page, selector, nth))
    page.mouse.down()
    page.mouse.up()
