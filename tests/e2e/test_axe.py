"""No page keeps anybody out: axe-core finds nothing serious or critical in either theme; none is
wider than a phone. The pages that stand alone are looked at in both languages.

One studio in which something of everything has happened; team pages with forms at work are in
test_team, the ways of looking at a run in test_looking, a run under way in test_thinking.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.asking import browser_cookies
from tests.e2e.axe import violations
from tests.e2e.looking import DONE
from tests.processes import Studio, studio
from tests.studio.export.remotes import Bare

LANGUAGES = ("en", "zh-hans")
LANGUAGE_COOKIE = "likeness_language"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    settings = {"SIGN_UP": "open", "EXPORT_FILES": "True"}
    with studio(tmp_path_factory.mktemp("axe") / "data", **settings) as running:
        yield running


@pytest.fixture(scope="module")
def begun(browser: Browser, served: Studio) -> Iterator[tuple[Page, str]]:
    """The owner's page, who began with a sample, and the address of its run."""
    context = browser.new_context(base_url=served.address, viewport=PHONE)  # type: ignore[arg-type]
    context.add_cookies(browser_cookies(served))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Harbour").click()
    page.wait_for_url("**/runs/*/")
    expect(page.locator(".state").first).to_have_text("finished", timeout=DONE)
    yield page, page.url
    context.close()


@pytest.fixture(scope="module")
def page(begun: tuple[Page, str]) -> Page:
    return begun[0]


@pytest.fixture(scope="module")
def run(begun: tuple[Page, str]) -> str:
    return begun[1]


@pytest.fixture
def guest(browser: Browser, served: Studio) -> Iterator[Page]:
    page = browser.new_page(base_url=served.address, viewport=PHONE)  # type: ignore[arg-type]
    yield page
    page.close()


def faults(page: Page) -> list[str]:
    """Of the page as it stands: at a phone's width in both themes, and on a desk."""
    # an element can be seen, and is laid out, before the style sheet is there
    page.wait_for_load_state()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = violations(page) + ([f"is {wide} px wide on a phone"] if wide > PHONE["width"] else [])
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found + violations(page)


def faults_at(page: Page, *addresses: str) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = faults(page)
    return {address: what for address, what in found.items() if what}


@pytest.fixture(scope="module")
def from_words(page: Page) -> str:
    """The address of a finished run from words."""
    page.goto("/")
    page.fill("#prompt", "A page for a bakery with three products, opening hours and a newsletter")
    page.get_by_role("button", name="Generate").click()
    page.wait_for_url("**/runs/*/")
    expect(page.locator(".state").first).to_have_text("finished", timeout=DONE)
    return page.url


@contextmanager
def speaking(page: Page, language: str) -> Iterator[None]:
    """Pages are in the language during the block."""
    page.context.add_cookies(
        [{"name": LANGUAGE_COOKIE, "value": language, "url": urljoin(page.url, "/")}]
    )
    page.goto("/")
    assert page.get_attribute("html", "lang") == language
    yield
    page.context.clear_cookies(name=LANGUAGE_COOKIE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_persons_own_pages(page: Page, run: str, language: str) -> None:
    with speaking(page, language):
        found = faults_at(
            page,
            "/",
            "/account",
            "/account/two-factor",
            "/import",
            "/library",
            "/library?q=nothing+like+it",
            "/library?shelf=deleted",
            "/projects/1/",
            "/operator",
            "/no/such/page",
        )
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_run_and_its_versions(
    page: Page, run: str, from_words: str, language: str
) -> None:
    with speaking(page, language):
        found = faults_at(
            page,
            run,
            f"{run}attempts/0/",
            f"{run}attempts/0/page",
            f"{run}diff",
            from_words,
            f"{from_words}attempts/0/outline",
        )
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_team(page: Page, run: str, language: str) -> None:
    names = ("", "models", "design", "cost", "tokens", "activity", "repositories")
    with speaking(page, language):
        page.goto("/teams/")
        page.fill("#name", "Boats")
        page.locator("main form [type=submit]").last.click()
        page.wait_for_url("**/teams/*/")
        found = faults_at(page, *(f"{page.url}{name}" for name in names), "/teams/")
    assert found == {}


def test_menus_open_inside_a_phone(page: Page, run: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(run)
    for menu in map(page.locator, (".menu.keep", ".menu.export-menu", ".menu.own")):
        menu.locator("summary").click()
        box = menu.locator("> div").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert violations(page) == []
        menu.locator("summary").click()


def test_what_is_shown_once(page: Page) -> None:
    page.goto("/teams/1/")
    page.get_by_role("button", name="Invite").click()
    page.locator("#link").wait_for()
    assert faults(page) == []
    page.goto("/teams/1/tokens")
    page.fill("#name", "Nightly build")
    page.click("text=Create token")
    page.locator("#secret").wait_for()
    assert faults(page) == []


def test_an_export_from_its_form_to_its_result(page: Page, run: str, tmp_path: Path) -> None:
    """Also what stands there when something is refused."""
    assert faults_at(page, f"{run}export") == {}  # the team has no repository yet
    page.get_by_role("link", name="Add a repository").click()
    page.fill("#url", "file:///nowhere")
    page.click("text=Check and add")
    page.get_by_role("alert").wait_for(timeout=DONE)
    assert faults(page) == []
    page.fill("#url", Bare(tmp_path).url)
    page.click("text=Check and add")
    page.get_by_text("can be read and written").first.wait_for(timeout=DONE)
    assert faults(page) == []
    assert faults_at(page, f"{run}export") == {}
    page.click("text=Preview changes")
    page.get_by_role("button", name="Push").wait_for(timeout=DONE)
    assert faults(page) == []
    page.get_by_role("button", name="Push").click()
    page.evaluate("window.stayed = true")
    page.get_by_text("Pushed as commit").wait_for(timeout=DONE)
    assert page.evaluate("window.stayed")  # what changed was put in place
    assert faults(page) == []


def test_an_import_that_cannot_be_read(page: Page) -> None:
    page.goto("/import")
    page.set_input_files(
        "input[type=file]", {"name": "page.zip", "mimeType": "application/zip", "buffer": b"no zip"}
    )
    page.locator("main [type=submit]").click()
    page.get_by_role("alert").wait_for()
    assert faults(page) == []


def test_a_share_link_open_and_closed(page: Page, run: str, guest: Page) -> None:
    page.goto(f"{run}share")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_label("Address of the link").input_value()
    assert faults(page) == []
    guest.goto(link)
    guest.frame_locator("iframe").locator("h1").first.wait_for(timeout=DONE)
    assert faults(guest) == []
    page.get_by_role("button", name="Close link").click()
    page.get_by_text("closed").wait_for()
    assert faults(page) == []
    guest.reload()
    expect(guest.locator("h1")).to_have_text("This link is closed")
    assert faults(guest) == []


def test_signed_out(page: Page, guest: Page) -> None:
    page.goto("/teams/1/")
    page.get_by_role("button", name="Invite").click()
    assert (
        faults_at(
            guest,
            "/sign-in",
            "/sign-up",
            page.inner_text("#link"),
            "/join/used-up",
            "/welcome/used-up",
        )
        == {}
    )
    guest.get_by_role("button", name="Sign in").click()
    guest.get_by_role("alert").wait_for()
    assert faults(guest) == []
    guest.goto("/sign-in")
    guest.fill("#id_username, [name=username]", "nobody@example.org")
    guest.fill("[name=password]", "not the right one")
    guest.locator("main [type=submit]").first.click()
    guest.get_by_role("alert").wait_for()
    assert faults(guest) == []


def test_what_is_wrong_is_seen(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        "<main><h1>Boats</h1><p style='color: #bbb; background: #fff; width: 600px'>Faint words</p></main>"
    )
    found = faults(page)
    assert any("color-contrast" in one for one in found)
    assert "is 608 px wide on a phone" in found
    page.close()
