"""A page from words in a real browser: its outline is shown, and changed with the keyboard alone and
without script.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.asking import events, post, visitor
from tests.e2e.axe import violations
from tests.e2e.looking import DONE, FRAME, visiting
from tests.processes import Studio, studio

PROMPT = "A page for a bakery called Lia with three products, a story and contact"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("outline") / "data", MODEL_URL="none") as running:
        yield running


@pytest.fixture(scope="module")
def run(served: Studio) -> str:
    """The address of a finished run from words."""
    with visitor(served) as client:
        address = post(client, "/", {"prompt": PROMPT}).headers["Location"]
    with events(served, address) as coming:
        kinds = [event["kind"] for event in coming]
    assert "outline" in kinds
    return address


def list_kinds(page: Page) -> list[str]:
    return page.locator(".outline-sections h2").all_text_contents()


def test_the_outline_is_edited_by_keyboard_and_becomes_a_new_version(
    browser: Browser, served: Studio, run: str
) -> None:
    with visiting(browser, served) as page:
        page.goto(run)
        page.locator(".page-outline summary").click()
        expect(page.locator(".page-outline li").nth(1)).to_contain_text("Opening")
        page.get_by_role("link", name="Edit the outline").click()
        assert violations(page) == []
        before = list_kinds(page)
        story = before.index("Story")

        page.get_by_role("button", name="Move Story up").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Move Story up")).to_be_focused()
        assert list_kinds(page).index("Story") == story - 1
        page.get_by_label("Add a section").select_option("faq")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("details[open] summary")).to_contain_text("Questions and answers")
        assert violations(page) == []
        page.get_by_text("Texts and layout: Products").click()
        page.get_by_label("Title", exact=True).locator("visible=true").first.fill(
            "Baked <b>today</b>"
        )
        page.locator("[name=theme]").select_option("bold")
        page.get_by_role("button", name="Generate a new version").click()

        expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
        expect(page.locator("#versions [aria-current] strong")).to_have_text("v2")
        expect(page.locator("#versions .prompt").last).to_contain_text("Outline: added faq")
        frame = page.frame_locator(FRAME)
        expect(frame.locator("h2", has_text="Baked <b>today</b>")).to_be_visible()
        expect(frame.locator("#faq")).to_be_attached()


def test_it_works_on_a_phone_without_script_and_in_chinese(
    browser: Browser, served: Studio, run: str
) -> None:
    phone = {"width": 390, "height": 800}
    with visiting(browser, served, java_script_enabled=False, viewport=phone) as page:
        page.goto(f"{run}attempts/0/outline")
        before = list_kinds(page)
        place = before.index("Story")
        page.locator(f"[value=remove-{place}]").click()
        assert list_kinds(page) == [kind for kind in before if kind != "Story"]
        page.context.add_cookies(
            [{"name": "likeness_language", "value": "zh-hans", "url": served.address}]
        )
        page.goto(f"{run}attempts/0/outline")
        expect(page.locator("h1")).to_contain_text("大纲")
        expect(page.get_by_role("button", name="生成新版本")).to_be_visible()
    with visiting(browser, served, viewport=phone) as page:
        page.goto(f"{run}attempts/0/outline")
        assert page.evaluate("document.documentElement.scrollWidth") <= phone["width"]
