"""A generated page that turns against the studio's page around it: it cannot freeze it, steer it,
or run in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from studio.pipeline.bundle import Bundle
from studio.pipeline.rendering.browser import find_browser
from studio.runs.models import Run
from studio.runs.services import finish_run, record_attempt
from tests.people import cast
from tests.studio.runs.making import BEN, attempt, claimed_run, page_token

pytestmark = pytest.mark.django_db(transaction=True)

LOOP = "console.log('hostile'); for (;;);"
# Without a pause nothing is sent, for the page never comes to it; with one, a thousand messages at
# a time arrive.
HOARD = "console.log('hostile'); for (;;) parent.postMessage({ likeness: 'key', key: 's' }, '*');"
FLOOD = """console.log('hostile');
const flood = () => {
  for (let i = 0; i < 1000; i++) parent.postMessage({ likeness: 'key', key: 's' }, '*');
  setTimeout(flood);
};
flood();"""
# All that a page could find of the bridge's secret, and all the ways to pretend to be it.
FORGER = """
const seen = [];
Object.defineProperty(Object.prototype, "proof", { set(value) { seen.push(value); }, get() {}, configurable: true });
for (const name of ["bind", "call", "apply"]) {
  const real = Function.prototype[name];
  Function.prototype[name] = function (...given) {
    seen.push(String(this), ...given.map(String));
    return Reflect.apply(real, this, given);
  };
}
addEventListener("message", (event) => seen.push(JSON.stringify(event.data)), true);
const look = () => {
  for (const script of document.scripts) seen.push(script.textContent, script.src);
  for (const entry of performance.getEntries()) seen.push(entry.name);
  seen.push(document.documentElement.outerHTML, location.href);
  const guesses = new Set(seen.join(" ").match(/[0-9a-f]{32}/g) ?? []);
  for (const proof of [undefined, "", ...guesses])
    for (const key of ["s", "Alt+1", "e", "c"]) parent.postMessage({ likeness: "key", key, proof }, "*");
  for (const target of [document, document.body, window])
    target.dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true }));
};
addEventListener("load", () => { look(); setTimeout(() => { look(); console.log("hostile"); }, 200); });
"""


def hostile_run(script: str, **files: str) -> Run:
    run = claimed_run()
    page = f"<!doctype html><title>x</title><h1>Boats</h1><script>{script}</script>"
    made = attempt(html=page)
    made = replace(made, bundle=Bundle({**made.bundle.files, **files}, made.bundle.assets))
    record_attempt(run_id=run.pk, worker=BEN, attempt=made)
    finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report={})
    return run


@pytest.fixture(scope="module")
def isolating(browser: Browser) -> Iterator[Browser]:
    """A browser that runs each site in a process of its own, as Chrome does on a desktop."""
    path = find_browser(os.environ.get("LIKENESS_BROWSER"))
    found = browser.browser_type.launch(
        executable_path=path, chromium_sandbox=os.geteuid() != 0, args=["--site-per-process"]
    )
    yield found
    found.close()


@pytest.fixture
def visited(isolating: Browser, live_server: Any) -> Iterator[Page]:
    context = isolating.new_context()
    context.add_cookies([session_cookie(live_server.url)])  # type: ignore[list-item]
    yield context.new_page()
    context.close()


def session_cookie(url: str) -> dict[str, str]:
    client = Client()
    client.force_login(cast("ada"))
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


@pytest.fixture(params=["the studio's own host", "a host of their own"])
def previews(request: pytest.FixtureRequest, live_server: Any, settings: Any) -> str:
    """Where generated pages come from."""
    address: str = live_server.url
    if request.param == "the studio's own host":
        return address
    port = address.rsplit(":", 1)[1]
    settings.ALLOWED_HOSTS = ["*"]
    settings.PREVIEW_HOST = f"127.0.0.1:{port}" if "localhost" in address else f"localhost:{port}"
    return f"http://{settings.PREVIEW_HOST}"


def open_run(page: Page, live_server: Any, run: Run) -> None:
    """Until the hostile script runs; a page that loops never has loaded."""
    with page.expect_console_message(lambda message: message.text == "hostile"):
        page.goto(live_server.url + reverse("runs:run", args=[run.pk]), wait_until="commit")


def assert_it_reacts(page: Page) -> None:
    slider = page.locator("[name=mode][value=slider]")
    slider.check(force=True, timeout=10_000)
    expect(slider).to_be_checked(timeout=10_000)
    assert page.evaluate("document.querySelector('compare-stage').mode") == "slider"


@pytest.mark.parametrize("script", [LOOP, HOARD], ids=["loops", "sends and loops"])
def test_a_page_that_never_ends_does_not_freeze_the_studios(
    visited: Page, live_server: Any, previews: str, script: str
) -> None:
    open_run(visited, live_server, hostile_run(script))
    assert_it_reacts(visited)


def test_a_page_that_sends_without_end_is_stopped(
    visited: Page, live_server: Any, previews: str
) -> None:
    open_run(visited, live_server, hostile_run(FLOOD))
    expect(visited.locator(".stopped-frame")).to_contain_text("it sent too many messages")
    assert_it_reacts(visited)


def test_on_a_host_of_its_own_a_page_is_apart_in_any_browser(
    browser: Browser, live_server: Any, settings: Any
) -> None:
    port = live_server.url.rsplit(":", 1)[1]
    settings.ALLOWED_HOSTS = ["*"]
    settings.PREVIEW_HOST = (
        f"127.0.0.1:{port}" if "localhost" in live_server.url else f"localhost:{port}"
    )
    context = browser.new_context()
    context.add_cookies([session_cookie(live_server.url)])  # type: ignore[list-item]
    page = context.new_page()
    open_run(page, live_server, hostile_run(LOOP))
    assert_it_reacts(page)
    context.close()


def test_a_page_cannot_switch_on_select_and_a_person_can(
    visited: Page, live_server: Any, previews: str
) -> None:
    open_run(visited, live_server, hostile_run(FORGER))
    select = visited.locator("[data-select]")
    visited.wait_for_timeout(500)  # for what it sent to arrive, if it did
    expect(select).to_have_attribute("aria-pressed", "false")
    assert visited.url.endswith("/")  # no shortcut led elsewhere either
    frame = visited.frame_locator("#outcome iframe")
    frame.locator("h1").click()
    visited.keyboard.press("s")
    expect(select).to_have_attribute("aria-pressed", "true")


def test_no_script_of_a_generated_page_runs_in_the_studios_origin(
    visited: Page, live_server: Any
) -> None:
    run = hostile_run(
        "console.log('hostile')",
        **{"evil.js": "window.evil = true;", "evil.css": "h1 { color: red }"},
    )
    open_run(visited, live_server, run)
    visited.wait_for_load_state()
    evil = reverse("runs:page", args=[page_token(run), "evil.js"])
    assert (
        visited.request.get(live_server.url + evil).text() == "window.evil = true;"
    )  # it is there to be had
    tried = visited.evaluate(
        """async (address) => {
            const ended = (tag, name, more) => new Promise((done) => {
                const element = Object.assign(document.createElement(tag), more);
                element.onload = () => done(`${name} ran`);
                element.onerror = () => done(`${name} was refused`);
                document.head.append(element);
            });
            const found = [
                await ended("script", "script", { src: address }),
                await ended("script", "module", { src: address, type: "module" }),
                await ended("link", "style", { rel: "stylesheet", href: address.replace(".js", ".css") }),
            ];
            try { new Worker(address); } catch { }
            const inline = document.createElement("script");
            inline.textContent = "window.evil = true";
            document.head.append(inline);
            const box = document.createElement("div");
            box.innerHTML = "<img src=x: onerror='window.evil = true'>";
            document.body.append(box);
            await new Promise((done) => setTimeout(done, 200));
            return [...found, String(window.evil)];
        }""",
        evil,
    )
    assert tried == ["script was refused", "module was refused", "style was refused", "undefined"]
    assert visited.evaluate("Boolean(customElements.get('compare-stage'))")  # our own bundle runs
    assert (
        visited.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius") != "0px"
    )  # and style


def test_the_preview_host_serves_generated_pages_and_nothing_else(
    live_server: Any, previews: str
) -> None:
    import httpx

    run = hostile_run("")
    page = reverse("runs:page", args=[page_token(run), "index.html"])
    apart = previews != live_server.url
    assert httpx.get(previews + page).status_code == 200
    assert httpx.get(live_server.url + page).status_code == (404 if apart else 200)
    for path in ("/sign-in", "/", "/api/v1/openapi.json", "/health", "/library"):
        assert (httpx.get(previews + path).status_code == 404) is apart
