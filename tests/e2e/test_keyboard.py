"""From signing in to the exported zip with the keyboard alone, in Chromium and in Firefox: what is reached
shows that it has the focus.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Download, Page

from tests.e2e.asking import invitation
from tests.e2e.firefox import find_firefox, open_firefox
from tests.processes import Studio, studio, wait_for

FIREFOX = find_firefox()
WINDOW = (1280, 900)
MOST_TABS = 60  # presses of Tab to whatever a page has
PATIENCE = 180.0  # seconds; a run of a sample takes 20 with nothing else to do
# What has the focus: its name, and whether a person sees that it has it.
FOCUSED = """(() => {
    const it = document.activeElement;
    if (it === document.body) return ["", true]; // the browser's own controls
    const name = it.getAttribute("aria-label") ?? it.labels?.[0]?.textContent ?? it.textContent;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(it);
    const isSeen = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    return [name.trim(), isSeen && it.checkVisibility()];
})()"""


class Keyboard(Protocol):
    """A person at a browser who has no pointer."""

    def go(self, address: str) -> None: ...
    def press(self, *keys: str) -> None: ...
    def run(self, expression: str) -> Any: ...
    def take_download(self) -> Path: ...


class ChromiumKeyboard:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._downloads: list[Download] = []
        page.on("download", lambda download: self._downloads.append(download))

    def go(self, address: str) -> None:
        self._page.goto(address)

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)

    def run(self, expression: str) -> Any:
        return self._page.evaluate(expression)

    def take_download(self) -> Path:
        while not self._downloads:
            self._page.wait_for_timeout(100)
        return Path(self._downloads[0].path())


@pytest.fixture(params=["chromium", "firefox"])
def keyboard(request: pytest.FixtureRequest) -> Iterator[Keyboard]:
    if request.param == "firefox":
        if FIREFOX is None:
            pytest.skip("Firefox is not installed (apt install firefox-esr)")
        with open_firefox(FIREFOX) as page:
            page.set_window(*WINDOW)
            yield page
        return
    browser: Browser = request.getfixturevalue("browser")
    context = browser.new_context(viewport={"width": WINDOW[0], "height": WINDOW[1]})
    yield ChromiumKeyboard(context.new_page())
    context.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Studio]:
    with studio(tmp_path / "data") as running:
        yield running


def see(keyboard: Keyboard, expression: str) -> Any:
    return wait_for(_make_look(keyboard, expression), seconds=PATIENCE, what=expression)


def _make_look(keyboard: Keyboard, expression: str) -> Callable[[], Any]:
    def look() -> Any:
        try:
            return keyboard.run(expression)
        except Exception:  # the page that was asked is gone; both drivers have errors of their own
            return None

    return look


def tab_to(keyboard: Keyboard, name: str) -> None:
    """Press Tab until what is called `name` has the focus; a page may have given it the focus."""
    passed = []
    for _ in range(MOST_TABS):
        found, is_seen = keyboard.run(FOCUSED)
        assert is_seen, f"{found!r} has the focus and does not show it"
        if found.startswith(name):
            return
        passed.append(found[:40])
        keyboard.press("Tab")
    raise AssertionError(f"{name!r} was not reached; passed {passed}")


def test_from_signing_in_to_the_zip(keyboard: Keyboard, served: Studio) -> None:
    keyboard.go(served.address + invitation(served))
    tab_to(keyboard, "Sign in")
    keyboard.press("Enter")
    see(keyboard, "location.pathname === '/account' && document.readyState === 'complete'")
    tab_to(keyboard, "Later")
    keyboard.press("Enter")
    see(keyboard, "document.querySelector('#mockup') && document.readyState === 'complete'")
    tab_to(keyboard, "Harbour")
    keyboard.press("Enter")
    see(keyboard, "document.querySelector('run-live[data-over] .state.finished') !== null")

    for key, tab in (("3", "code"), ("2", "compare")):
        keyboard.press(key)
        see(keyboard, f"document.querySelector({json.dumps(f'[name=tab][value={tab}]')}).checked")
    tab_to(keyboard, "Export")
    keyboard.press("Enter")
    tab_to(keyboard, "Download zip")
    keyboard.press("Enter")
    with zipfile.ZipFile(keyboard.take_download()) as archive:
        assert {"index.html", "report.json"} <= set(archive.namelist())
