"""The main flows in real Firefox: start, follow, compare, read and edit the code, change an element,
take a deletion back, share; on a phone, in the dark and in Chinese; two people in one run; a team's pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.asking import cookies
from tests.e2e.firefox import FirefoxPage, find_firefox, open_firefox
from tests.e2e.looking import finished_run
from tests.processes import Studio, studio

FIREFOX = find_firefox()
pytestmark = pytest.mark.skipif(
    FIREFOX is None, reason="Firefox is not installed (apt install firefox-esr)"
)
WINDOW = (1280, 900)
MOST_STEPS = 12  # presses of a key until an element of a small page is reached
OVER = "document.querySelector('.state.finished, .state.failed')?.textContent"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("firefox") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def firefox() -> Iterator[FirefoxPage]:
    assert FIREFOX
    with open_firefox(FIREFOX) as page:
        page.set_window(1280, 900)
        yield page


@pytest.fixture
def page(firefox: FirefoxPage, served: Studio) -> FirefoxPage:
    """The start page, signed in, as if no other test had been."""
    firefox.set_window(*WINDOW)
    firefox.go(served.address)
    firefox.forget_everything()
    host = urlsplit(served.address).hostname or ""
    for name, value in cookies(served).items():
        firefox.add_cookie(name, value, host)
    firefox.go(served.address)
    firefox.see("customElements.get('mockup-drop') !== undefined")
    firefox.errors.clear()
    return firefox


def click(page: FirefoxPage, selector: str) -> None:
    page.run(f"document.querySelector({json.dumps(selector)}).click()")


def start(page: FirefoxPage, mockup: bytes, folder: Path) -> None:
    file = folder / "mockup.png"
    file.write_bytes(mockup)
    page.choose_files("#mockup", [file])
    page.see("document.querySelectorAll('.chosen img').length === 1")
    page.press("Control+Enter")
    page.see("location.pathname.startsWith('/runs/') && document.readyState === 'complete'")


def test_a_mockup_becomes_code_that_can_be_compared_and_read(
    page: FirefoxPage, mockup_png: bytes, tmp_path: Path
) -> None:
    start(page, mockup_png, tmp_path)
    assert page.see(OVER) == "finished"
    likeness = page.see("parseFloat(document.querySelector('#likeness')?.textContent)")
    assert likeness > 50

    def is_shown(selector: str) -> bool:
        return bool(page.see(f"document.querySelector({json.dumps(selector)})?.checkVisibility()"))

    assert is_shown("#outcome .mockup img")
    for mode, shown in (("slider", ".over .divider"), ("heatmap", "img[data-view=heatmap]")):
        click(page, f"[name=mode][value={mode}]")
        assert is_shown(shown), mode
    click(page, "[name=tab][value=code]")
    editor = "document.querySelector('#code .editor').shadowRoot.querySelector('.cm-content')"
    assert "<!doctype html>" in page.see(f"{editor}.textContent").lower()
    size = page.run(
        "fetch(document.querySelector('[href$=\"/download\"]').href).then((a) => a.blob()).then((b) => b.size)"
    )
    assert size > 1000
    assert page.errors == []


def test_an_address_that_is_pasted_becomes_the_runs_mockup(page: FirefoxPage) -> None:
    page.run(
        "(() => { const clip = new DataTransfer(); clip.setData('text/plain', 'http://127.0.0.1:8999/shop');"
        "const event = new Event('paste', { bubbles: true, cancelable: true });"
        "event.clipboardData = clip; document.body.dispatchEvent(event) })()"
    )
    assert page.run("document.querySelector('#address').value") == "http://127.0.0.1:8999/shop"
    page.press("Control+Enter")
    page.see("location.pathname.startsWith('/runs/')")
    assert page.see(OVER) == "failed"
    reason = page.see("document.querySelector('.reason').textContent")
    assert "127.0.0.1 has a loopback address" in reason


def test_a_deleted_run_is_brought_back_by_its_key_and_a_toast_is_closed_by_escape(
    page: FirefoxPage, mockup_png: bytes, tmp_path: Path
) -> None:
    start(page, mockup_png, tmp_path)
    run = page.run("location.pathname")
    click(page, ".keep .danger")
    page.see("document.querySelector('toast-list .close') !== null")
    # Read out by a live region that was there before its words.
    assert "is deleted" in page.see("document.querySelector('toast-list > p')?.textContent")
    page.press("u")
    page.see(f"location.pathname === {json.dumps(run)}")
    click(page, ".keep .danger")
    page.see("document.querySelector('toast-list .close') !== null")
    page.run("document.querySelector('toast-list .undo button').focus()")
    page.press("Escape")
    assert page.see("!document.querySelector('toast-list .notice')")
    assert page.run("document.activeElement.id") == "main"


@pytest.fixture(scope="module")
def drawn(served: Studio, mockup_png: bytes) -> str:
    """A finished run that nothing is added to."""
    return finished_run(served, mockup_png)


def see_version(page: FirefoxPage, version: str) -> None:
    """The run that was just started is over, and its version is looked at."""
    shown = "document.querySelector('#versions [aria-current] strong')?.textContent"
    page.see(f"{OVER} === 'finished' && {shown} === {json.dumps(version)}")


def test_an_element_is_selected_by_keys_and_its_text_becomes_a_version(
    page: FirefoxPage, served: Studio, mockup_png: bytes
) -> None:
    page.go(served.address + finished_run(served, mockup_png))
    crumb = "document.querySelector('[data-crumbs] [aria-current]')?.textContent ?? ''"
    page.see("document.querySelector('compare-stage')?.frame !== undefined")
    page.press("s")
    page.see("document.querySelector('[data-select]').ariaPressed === 'true'")
    # Down to the first element whose text can be edited.
    is_text = f"({crumb}) !== '' && !document.querySelector('[data-only=text]').hidden"
    for _ in range(MOST_STEPS):
        before = page.run(crumb)
        page.press("ArrowDown")
        page.see(f"({crumb}) !== {json.dumps(before)}")
        if page.run(is_text):
            break
    assert page.run(is_text)
    field = "document.querySelector('[data-change=text]')"
    page.run(f"{field}.focus()")
    page.press("Control+a", *"Ships")
    assert page.run(f"{field}.value") == "Ships"
    click(page, "[data-undo]")
    assert page.run(f"{field}.value") != "Ships"
    click(page, "[data-redo]")
    click(page, "#selected [type=submit]")
    see_version(page, "v2")
    assert "text “Ships”" in page.run(
        "document.querySelector('.turn:last-child .prompt').textContent"
    )
    assert page.errors == []


def test_code_is_edited_and_saved_as_a_version_that_can_be_deleted_and_brought_back(
    page: FirefoxPage, served: Studio, mockup_png: bytes
) -> None:
    page.go(served.address + finished_run(served, mockup_png))
    click(page, "[name=tab][value=code]")
    editor = "document.querySelector('#code .editor').shadowRoot.querySelector('.cm-content')"
    page.see(f"{editor}.textContent")
    page.run(f"{editor}.focus()")
    page.press("Control+End", *"<!-- by hand -->")
    page.see("document.querySelector('[data-save]').hidden === false")
    click(page, "[data-save] [type=submit]")
    see_version(page, "v2")
    code = "[...document.querySelectorAll('#code code-view')].map((view) => view.text).join()"
    assert "<!-- by hand -->" in page.see(code)

    click(page, "form[action$='/delete'].version-delete button")
    see_version(page, "v1")
    assert "v2 is deleted" in page.see("document.querySelector('toast-list > p')?.textContent")
    page.press("u")
    see_version(page, "v2")
    assert page.errors == []


def test_a_phone_shows_one_panel_at_a_time_and_none_is_wider_than_it(
    page: FirefoxPage, served: Studio, drawn: str
) -> None:
    page.set_window(390, 844)
    try:
        page.go(served.address + drawn)
        panels = {
            "conversation": ".panel.conversation",
            "canvas": ".panel.canvas-panel",
            "inspector": ".panel.inspector",
        }
        for name in panels:
            click(page, f"[name=panel][value={name}]")
            shown = page.run(
                f"{json.dumps(list(panels.values()))}"
                ".filter((each) => document.querySelector(each).checkVisibility())"
            )
            assert shown == [panels[name]]
            assert page.run("document.documentElement.scrollWidth") <= 390
    finally:
        page.set_window(1280, 900)


def test_the_theme_and_the_language_are_kept_on_the_next_page(
    page: FirefoxPage, served: Studio, drawn: str
) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    page.go(served.address + drawn)
    click(page, "theme-switch button")
    light = page.run(ground)
    click(page, "theme-switch button")
    dark = page.run(ground)
    assert dark != light
    page.go(f"{served.address}/library")
    assert page.run("document.documentElement.dataset.theme") == "dark"
    page.run(
        "[...document.querySelectorAll('form button')].find((b) => b.value === 'zh-hans').click()"
    )
    page.see("document.documentElement.lang.startsWith('zh')")
    page.run("[...document.querySelectorAll('form button')].find((b) => b.value === 'en').click()")
    page.see("document.documentElement.lang === 'en'")
    page.see("document.querySelector('theme-switch button') !== null")
    click(page, "theme-switch button")
    assert page.errors == []


def test_the_library_finds_a_run_and_a_share_link_shows_it(
    page: FirefoxPage, served: Studio, drawn: str
) -> None:
    page.go(f"{served.address}/library?q=Boats")
    assert page.run("document.querySelectorAll('main .runs li').length") > 0
    page.go(f"{served.address}{drawn}share")
    click(page, "main form [type=submit]")
    link = page.see("document.querySelector('main input[readonly]')?.value")
    page.go(link)
    assert page.see("document.querySelector('compare-slider img.above')?.naturalWidth") > 0
    page.run("document.querySelector('[data-divide]').focus()")
    page.press("ArrowRight")
    assert page.run("Number(document.querySelector('[data-divide]').value)") > 50
    assert page.errors == []


def fill(page: FirefoxPage, selector: str, words: str) -> None:
    page.see(f"document.querySelector({json.dumps(selector)})?.checkVisibility()")
    page.run(f"document.querySelector({json.dumps(selector)}).focus()")
    page.press(*words)


def read(page: FirefoxPage, selector: str, words: str) -> None:
    """Wait until the element holds the words."""
    text = f"document.querySelector({json.dumps(selector)})?.textContent"
    page.see(f"({text})?.includes({json.dumps(words)})")


def test_two_people_see_each_other_in_one_run_and_what_each_says(
    page: FirefoxPage, served: Studio, drawn: str
) -> None:
    assert FIREFOX
    page.go(f"{served.address}/teams/1/")
    click(page, "form[action$='/invite'] [type=submit]")
    link = page.see("document.querySelector('#link')?.textContent")
    with open_firefox(FIREFOX) as ben:
        ben.set_window(*WINDOW)
        ben.go(link)
        fill(ben, "#email", "ben@example.org")
        fill(ben, "#password", "a boat for a quiet day")
        ben.press("Enter")
        ben.see("document.querySelector('toast-list') !== null")
        for person in (page, ben):
            person.go(served.address + drawn)
            click(person, "[name=side][value=comments]")
        read(page, ".people", "ben is viewing this run")
        read(ben, ".people", "owner is viewing this run")

        fill(page, "#say", "I was just typing")
        fill(ben, "#say", "The button could be larger")
        click(ben, ".say [type=submit]")
        read(page, "#comments ol", "The button could be larger")
        assert page.run("document.querySelector('#say').value") == "I was just typing"
        click(page, "#comments form[action$='/resolve'] button")
        ben.see("document.querySelectorAll('#comments .resolved').length === 1")
        assert ben.errors == []
    page.see("document.querySelector('.people').hidden")
    assert page.errors == []


def test_a_teams_pages_from_its_gallery_to_its_settings(
    page: FirefoxPage, served: Studio, mockup_png: bytes
) -> None:
    run = finished_run(served, mockup_png, prompt="The one to archive")
    archive = f"form[action='{run}archive'] button"
    page.go(f"{served.address}/library?q=one+to+archive")
    click(page, archive)
    page.see("!location.search.includes('archive') && document.readyState === 'complete'")
    page.go(f"{served.address}/library?q=one+to+archive")
    assert not page.run(f"document.querySelector({json.dumps(archive)})")
    page.go(f"{served.address}/library?shelf=archived&sort=name")
    assert page.run(f"document.querySelector({json.dumps(archive)}) !== null")

    page.go(f"{served.address}/projects/1/")
    name = "document.querySelector('.page-head [name=name]')"
    page.run(f"({name}.focus(), {name}.select())")
    page.press(*"Boats", "Enter")
    page.see("document.title.startsWith('Boats')")
    read(page, ".project-aside", "owner")

    page.go(f"{served.address}/teams/1/")
    tabs = page.run("[...document.querySelectorAll('.tabs a')].map((tab) => tab.href)")
    assert len(tabs) == 7
    for tab in tabs:
        page.go(tab)
        assert page.run("document.querySelector('.tabs [aria-current]').href") == tab
        assert page.run("document.querySelectorAll('main h2, main form, main .rows').length") > 0
    page.go(f"{served.address}/operator")
    assert page.run("document.querySelectorAll('.figures-line .bad').length") == 0
    read(page, "page-refresh", "Workers")
    assert page.errors == []
