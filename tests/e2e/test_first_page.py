"""The main job in a real browser: drop a mockup, watch it become code, take the result."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.asking import browser_cookies
from tests.e2e.looking import download_zip, show_tab
from tests.processes import Studio, studio

DONE = 90_000  # ms; a small mockup takes seconds, a busy machine more


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("first-page") / "data") as running:
        yield running


@pytest.fixture
def page(browser: Browser, served: Studio) -> Iterator[Page]:
    context = browser.new_context(base_url=served.address, viewport={"width": 1280, "height": 900})
    context.add_cookies(browser_cookies(served))  # type: ignore[arg-type]
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def start(page: Page, mockup: bytes, **fields: str) -> None:
    page.goto("/")
    page.set_input_files(
        "#mockup", {"name": "mockup.png", "mimeType": "image/png", "buffer": mockup}
    )
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="Generate").click()
    page.wait_for_url("**/runs/*/")


def test_a_mockup_becomes_code_with_its_likeness_and_a_zip(page: Page, mockup_png: bytes) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda message: wrong.append(message.text) if message.type == "error" else None
    )

    start(page, mockup_png, prompt="A page for hiring boats")
    expect(page.locator(".state")).to_have_text("finished", timeout=DONE)

    likeness = float(page.inner_text("#likeness").removesuffix(" %"))
    assert likeness > 50
    assert page.locator(".parts dt").count() >= 2
    # The run is named after the page's heading, and so is its tab.
    expect(page.get_by_label("Name of the run")).to_have_value(re.compile("Boats for a quiet day"))
    assert page.title().endswith("· Likeness")
    assert "Boats for a quiet day" in page.title()
    assert "No model wrote this page" in page.inner_text(".reason")
    expect(page.frame_locator("#outcome iframe").locator("body")).to_contain_text(
        "Boats for a quiet day"
    )
    assert "Boats for a quiet day" in page.inner_text("#file-1")

    with zipfile.ZipFile(io.BytesIO(download_zip(page))) as archive:
        assert {"index.html", "render.png", "heatmap.png", "report.json"} <= set(archive.namelist())
        report = json.loads(archive.read("report.json"))
    assert abs(report["likeness"] * 100 - likeness) < 0.11

    show_tab(page, "code")
    page.click("text=Copy")
    assert "<!doctype html>" in page.evaluate("navigator.clipboard.readText()").lower()
    show_tab(page, "compare")
    page.click("text=Heat-map")
    expect(page.locator("img[data-view=heatmap]")).to_be_visible()
    expect(page.locator("#outcome iframe")).to_be_hidden()
    assert wrong == []

    page.goto("/")
    expect(page.locator(".runs li").first).to_contain_text(f"{likeness:.1f} %")


def test_a_picture_can_be_dropped_anywhere_or_pasted(page: Page, mockup_png: bytes) -> None:
    page.goto("/")
    for number, (kind, carrier) in enumerate(
        (("drop", "dataTransfer"), ("paste", "clipboardData")), start=1
    ):
        page.evaluate(
            """([bytes, kind, carrier]) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([new Uint8Array(bytes)], `${kind}.png`, { type: "image/png" }));
                const event = new Event(kind, { bubbles: true, cancelable: true });
                event[carrier] = transfer;
                document.body.dispatchEvent(event);
            }""",
            [list(mockup_png), kind, carrier],
        )
        expect(page.locator(".chosen img").last).to_have_attribute("alt", f"{kind}.png")
        expect(page.locator(".chosen img")).to_have_count(number)
    page.get_by_role("button", name="Remove: drop.png").click()
    page.fill("#prompt", "started by keys")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/runs/*/")
    page.click("text=Stop")


def test_stop_ends_a_run_and_the_next_one_still_works(page: Page, mockup_png: bytes) -> None:
    start(page, mockup_png)
    page.click("text=Stop")
    expect(page.locator(".state")).to_have_text(re.compile("cancelled|finished"))
    start(page, mockup_png)
    expect(page.locator(".state")).to_have_text("finished", timeout=DONE)


def test_what_is_no_picture_is_refused_in_one_sentence(page: Page) -> None:
    page.goto("/")
    page.set_input_files(
        "#mockup", {"name": "page.png", "mimeType": "image/png", "buffer": b"<svg/>"}
    )
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The file is an SVG drawing; send a PNG, JPEG, WebP, GIF, AVIF or HEIC picture, or a PDF."
    )


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_the_window(
    browser: Browser, served: Studio, width: int, scheme: str
) -> None:
    context = browser.new_context(
        base_url=served.address,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        java_script_enabled=False,
    )
    context.add_cookies(browser_cookies(served))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/")
    addresses = ["/", "/account", "/projects/1/"] + [
        link.get_attribute("href") or "" for link in page.locator(".runs a").all()[:1]
    ]
    for address in addresses:
        page.goto(address)
        assert page.locator("html").evaluate("element => element.scrollWidth") <= width
    context.close()
