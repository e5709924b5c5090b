"""A run watched in a real browser, in both topologies: reload, lost network, second viewer lose
nothing.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket, expect

from tests.e2e.asking import events, start_run, visitor
from tests.e2e.looking import download_zip
from tests.e2e.models import ROWS, slow_model
from tests.inference.client.scripted import ScriptedServer
from tests.processes import Studio, studio

DONE = 90_000  # ms; a small mockup takes seconds, a busy machine more
WRITTEN = "The last words"


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedServer]:
    with slow_model(seconds=5) as server:
        yield server


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, topology: dict[str, str], model: ScriptedServer
) -> Iterator[Studio]:
    settings = {**topology, "MODEL_URL": model.url, "RUN_ROUNDS": "1", "RUN_TARGET": "1"}
    with studio(tmp_path_factory.mktemp("live") / "data", **settings) as running:
        yield running


@pytest.fixture
def context(browser: Browser, served: Studio) -> Iterator[BrowserContext]:
    with visitor(served):
        context = browser.new_context(
            base_url=served.address, viewport={"width": 1280, "height": 900}
        )
    context.add_cookies(
        [{"name": n, "value": v, "url": served.address} for n, v in served.cookies.items()]
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


class Heard:
    """The ids of the events a page was sent, over all its sockets."""

    def __init__(self, page: Page) -> None:
        self.ids: list[str] = []
        self.sockets = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if "/together" in socket.url:
            return  # who is here, not what happens
        self.sockets += 1
        socket.on(
            "framereceived",
            lambda frame: self.ids.extend(e["id"] for e in json.loads(frame) if e["id"]),
        )


def all_events(served: Studio, run: str) -> list[dict[str, Any]]:
    with events(served, run) as coming:
        return list(coming)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Looks again and again (our policy allows no evaluated conditions in the page itself)."""
    deadline = time.monotonic() + DONE / 1000
    while not holds():
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)


def written(page: Page) -> str:
    return str(page.evaluate("document.querySelector('#writing code-view').text"))


def test_code_and_preview_grow_a_reload_loses_nothing_and_the_zip_comes(
    page: Page, mockup_png: bytes
) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/")
    page.set_input_files(
        "#mockup", {"name": "mockup.png", "mimeType": "image/png", "buffer": mockup_png}
    )
    page.get_by_role("button", name="Generate").click()
    page.wait_for_url("**/runs/*/")

    expect(page.locator("[data-writing]")).to_be_visible(timeout=DONE)
    assert "% The model is writing" in page.title()  # the tab tells how far it is
    until(page, lambda: "Row 5 " in written(page))
    early = len(written(page))
    live = page.frame_locator("live-preview iframe:not(.next)")
    expect(live.locator("h1")).to_have_text("Written by the model")
    until(page, lambda: int(page.locator("live-preview").get_attribute("data-loads") or 0) >= 2)
    assert len(written(page)) > early
    assert page.locator(".steps li").count() >= 6
    expect(page.locator("#likeness")).to_be_visible()  # of the layout draft, while the model writes
    assert float(page.inner_text("[data-clock]").removesuffix(" s")) > 0

    page.reload()  # in the middle
    until(page, lambda: "Written by the model" in written(page))
    until(page, lambda: WRITTEN in written(page))
    assert [f"Row {row} " in written(page) for row in range(ROWS)] == [True] * ROWS

    expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
    expect(page.locator("[data-writing]")).to_have_count(0)
    assert "%" not in page.title()
    assert page.locator(".attempts li").count() == 2
    assert wrong == []
    with zipfile.ZipFile(io.BytesIO(download_zip(page))) as archive:
        assert {"index.html", "render.png", "heatmap.png", "report.json"} <= set(archive.namelist())


def test_a_closed_laptop_comes_back_to_the_whole_run(
    context: BrowserContext, page: Page, served: Studio, mockup_png: bytes
) -> None:
    run = start_run(served, mockup_png)
    heard = Heard(page)
    page.goto(run)
    until(page, lambda: "Row 3 " in written(page))
    context.set_offline(True)
    page.wait_for_timeout(1500)
    asleep = len(heard.ids)
    context.set_offline(False)
    expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
    assert heard.sockets >= 2
    assert len(heard.ids) > asleep
    # What was on its way while the page closed its socket arrives, is not taken, and is sent once
    # more to the next one.
    assert list(dict.fromkeys(heard.ids)) == [event["id"] for event in all_events(served, run)]
    assert page.inner_text("#file-1")


NO_SOCKETS = """window.WebSocket = class {
    constructor() { setTimeout(() => this.onclose({ code: 1006 }), 10); }
    close() {}
}"""


def test_behind_a_proxy_without_websockets_the_page_follows_all_the_same(
    page: Page, served: Studio, mockup_png: bytes
) -> None:
    page.add_init_script(NO_SOCKETS)
    page.goto(start_run(served, mockup_png))
    until(page, lambda: "Row 3 " in written(page))
    expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
    assert WRITTEN in written(page)


def test_two_browsers_and_a_slow_one_see_the_same(
    browser: Browser, page: Page, served: Studio, mockup_png: bytes
) -> None:
    run = start_run(served, mockup_png)
    second = browser.new_context(base_url=served.address)
    second.add_cookies(
        [{"name": n, "value": v, "url": served.address} for n, v in served.cookies.items()]
    )
    slow = second.new_page()
    network = second.new_cdp_session(slow)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 400,
            "downloadThroughput": 60_000,
            "uploadThroughput": 20_000,
        },
    )
    heard = [Heard(page), Heard(slow)]
    for one in (page, slow):
        one.goto(run)
    for one in (page, slow):
        expect(one.locator(".state")).to_have_text("finished", timeout=DONE)
        assert WRITTEN in written(one)
    assert heard[0].ids == heard[1].ids == [event["id"] for event in all_events(served, run)]
    second.close()


def test_stop_keeps_what_is_there(page: Page, served: Studio, mockup_png: bytes) -> None:
    page.goto(start_run(served, mockup_png))
    until(page, lambda: "Row 3 " in written(page))
    page.click("text=Stop")
    expect(page.locator(".state")).to_have_text("cancelled")
    expect(page.locator("#outcome iframe")).to_be_visible()
    with zipfile.ZipFile(io.BytesIO(download_zip(page))) as archive:
        assert json.loads(archive.read("report.json"))["stop_reason"] == "cancelled"
