"""Runs begun as people begin them: with several pictures, with words alone, with keys alone, on a
phone.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.asking import invitation
from tests.e2e.looking import DONE, FRAME, MOST_SHIFT, SHIFTS, visiting
from tests.e2e.models import slow_model
from tests.processes import Studio, studio
from tests.studio.export.remotes import Bare
from tests.studio.runs.making import png

# The first test uses up the sign-in link that the others' browsers need no more.
pytestmark = pytest.mark.random_order(disabled=True)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with slow_model(seconds=2) as model:
        settings = {
            "MODEL_URL": model.url,
            "RUN_ROUNDS": "1",
            "RUN_TARGET": "1",
            "EXPORT_FILES": "True",
        }
        with studio(tmp_path_factory.mktemp("making") / "data", **settings) as running:
            yield running


def files(*pictures: tuple[str, bytes]) -> list[dict[str, object]]:
    return [{"name": name, "mimeType": "image/png", "buffer": data} for name, data in pictures]


def test_keys_alone_from_the_sign_in_to_the_zip_and_a_repository(
    browser: Browser, served: Studio, mockup_png: bytes, tmp_path: Path
) -> None:
    """The first test of this module: the link that `serve` printed is used up by it."""
    context = browser.new_context(base_url=served.address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(invitation(served))
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")  # where a password can be set, once
    served.cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    tab_to(page, ".brand")
    page.keyboard.press("Enter")
    page.wait_for_url(served.address + "/")

    tab_to(page, "#mockup")
    # The dialog that opens here is the system's, not ours.
    page.set_input_files("#mockup", files(("page.png", mockup_png)))  # type: ignore[arg-type]
    expect(page.locator("[data-status]")).to_contain_text("page.png")
    tab_to(page, "#prompt")
    page.keyboard.type("Boats for hire")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/runs/*/")
    expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
    assert page.evaluate(SHIFTS) < MOST_SHIFT  # while steps, versions, scores and code came in

    tab_to(page, ".export-menu summary")
    page.keyboard.press("Enter")
    tab_to(page, "a[download]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as archive:
        assert "index.html" in archive.namelist()
        bare = Bare(tmp_path)
    run = page.url.removeprefix(served.address)
    open_export(page)
    enter(page, "a.button[href$='/repositories']")
    tab_to(page, "#url")
    page.keyboard.type(bare.url)
    page.keyboard.press("Enter")
    expect(page.get_by_text(bare.url).first).to_be_visible()
    enter(page, ".brand")
    enter(page, f"a[href^='{run}']")
    open_export(page)
    tab_to(page, "#branch")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exports/*/")
    expect(page.get_by_role("button", name="Push")).to_be_visible(timeout=DONE)
    enter(page, "form[action$='/confirm'] button")
    expect(page.locator("h1 .state")).to_have_text("done", timeout=DONE)
    assert "index.html" in bare.files(page.locator("code").first.inner_text())
    context.close()


def open_export(page: Page) -> None:
    if page.locator(".export-menu").get_attribute("open") is None:
        tab_to(page, ".export-menu summary")
        page.keyboard.press("Enter")
    enter(page, "a[href$='/export']")


def enter(page: Page, selector: str) -> None:
    before = page.url
    tab_to(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before or "/exports/" in url)


def tab_to(page: Page, selector: str) -> None:
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement?.matches({selector!r})"):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_several_pictures_are_put_in_order_and_a_wrong_one_costs_nothing(
    browser: Browser, served: Studio
) -> None:
    with visiting(browser, served) as page:
        page.goto("/")
        page.fill("#prompt", "keep me")
        page.set_input_files(
            "#mockup",
            files(("wide.png", png("red", (1280, 800))), ("phone.png", png("blue", (390, 800)))),
        )  # type: ignore[arg-type]
        expect(
            page.locator("[name=together][value=on]")
        ).to_be_checked()  # such different widths are one page
        page.set_input_files(
            "#mockup", {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"notes"}
        )
        expect(page.locator("[data-status]")).to_contain_text(
            "notes.txt is not a supported picture"
        )
        assert names(page) == ["wide.png", "phone.png"]
        page.get_by_role("button", name="Move later: wide.png").focus()
        page.keyboard.press("ArrowRight")
        assert names(page) == ["phone.png", "wide.png"]
        expect(page.locator("[data-status]")).to_have_text("wide.png moved to position 2")
        page.get_by_role("button", name="Remove: wide.png").click()
        assert names(page) == ["phone.png"]
        expect(page.locator("[data-together]")).to_be_hidden()

        page.set_input_files("#mockup", files(("fake.png", b"<svg/>")))  # type: ignore[arg-type]
        page.get_by_role("button", name="Generate").click()
        expect(page.get_by_role("alert")).to_contain_text("fake.png: The file is an SVG drawing")
        assert names(page) == ["phone.png", "fake.png"]
        assert page.input_value("#prompt") == "keep me"

        page.context.set_offline(True)
        page.get_by_role("button", name="Generate").click()
        expect(page.get_by_role("alert")).to_contain_text("Your input is kept")
        assert names(page) == ["phone.png", "fake.png"]


def names(page: Page) -> list[str]:
    """What the form would send."""
    return list(
        page.evaluate("[...document.getElementById('mockup').files].map((file) => file.name)")
    )


def test_what_a_run_may_cost_is_said_before(browser: Browser, served: Studio) -> None:
    with visiting(browser, served) as page:
        page.goto("/")
        # Once a run has ended here the line also says how long the last ones took.
        expect(page.locator("[data-cost]")).to_have_text(
            re.compile(r"HTML \+ CSS(, about .+)? with 127\.0\.0\.1")
        )
        expect(page.locator("[data-cost]")).to_contain_text(
            "About 12,000 tokens on your own machine"
        )
        page.locator("[name=thinking][value=on]").check(force=True)
        expect(page.locator("[data-cost]")).to_contain_text("About 18,000 tokens")
        page.fill("#candidates", "2")
        expect(page.locator("[data-cost]")).to_contain_text("About 36,000 tokens")
        page.evaluate(
            "Object.assign(document.querySelector('#model option').dataset, { in: '1', out: '3' })"
        )
        page.fill("#candidates", "1")
        expect(page.locator("[data-cost]")).to_contain_text("About 18,000 tokens, at most $0.04.")
        page.select_option("#model", "draft")
        expect(page.locator("[data-cost]")).to_contain_text("at no cost")
        expect(page.locator("#rounds")).to_be_hidden()


def test_words_alone_become_a_page_on_a_phone(browser: Browser, served: Studio) -> None:
    with visiting(browser, served, viewport={"width": 390, "height": 844}) as page:
        page.goto("/")
        page.fill("#prompt", "A page for hiring boats")
        page.get_by_role("button", name="Generate").click()
        page.wait_for_url("**/runs/*/")
        expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
        expect(page.frame_locator(FRAME).locator("h1")).to_have_text("Written by the model")
        assert page.locator("#likeness").count() == 0  # nothing to be like
        assert float(page.inner_text("#quality").removesuffix(" %")) > 0
        assert page.locator("html").evaluate("element => element.scrollWidth") <= 390
        page.goto("/")
        picture = page.locator(".runs li").first.locator("img")  # of the page that was made
        expect(picture).to_have_attribute("src", re.compile(r"/thumbnail\.webp$"))
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
        assert page.locator("html").evaluate("element => element.scrollWidth") <= 390


def test_one_page_at_two_widths_is_seen_at_both(
    browser: Browser, served: Studio, mockup_png: bytes
) -> None:
    with visiting(browser, served) as page:
        page.goto("/")
        page.set_input_files(
            "#mockup", files(("wide.png", mockup_png), ("phone.png", png("white", (390, 500))))
        )  # type: ignore[arg-type]
        page.locator("[name=together][value=on]").check()
        page.select_option("#model", "draft")
        page.get_by_role("button", name="Generate").click()
        page.wait_for_url("**/runs/*/")
        expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
        page.get_by_label("Mockup", exact=True).select_option("390")
        expect(page.locator(".pane.mockup img")).to_have_attribute("width", "390")
        expect(page.locator("#outcome [data-caption]")).to_contain_text("%")
