"""Two people and a guest around one run, in real browsers: who is here, what is said, and what a
link shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.asking import browser_cookies, start_run
from tests.e2e.looking import click_in_page, point_of, show_side
from tests.processes import Studio, studio

SLOW = 90_000  # ms; other things run on this machine
PASSWORD = "a boat for a quiet day"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("together") / "data") as running:
        yield running


@contextmanager
def visiting(browser: Browser, served: Studio, *, owner: bool = False) -> Iterator[Page]:
    context = browser.new_context(base_url=served.address, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(SLOW)
    if owner:
        context.add_cookies(browser_cookies(served))  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def join(ada: Page, ben: Page) -> None:
    """Ben makes his account with Ada's invitation."""
    ada.goto("/teams/1/")  # her own, the studio's first
    ada.get_by_role("button", name="Invite").click()
    ben.goto(ada.inner_text("#link"))
    ben.fill("#email", "ben@example.org")
    ben.fill("#password", PASSWORD)
    ben.click("text=Create account and join")
    expect(ben.get_by_role("status").first).to_contain_text("You are in the team", timeout=SLOW)


def test_two_people_and_a_guest_around_one_run(
    browser: Browser, served: Studio, mockup_png: bytes
) -> None:
    with (
        visiting(browser, served, owner=True) as ada,
        visiting(browser, served) as ben,
        visiting(browser, served) as guest,
    ):
        join(ada, ben)
        run = start_run(served, mockup_png)
        ada.goto(run)
        ben.goto(run)
        expect(ada.locator(".people")).to_have_text("ben is viewing this run", timeout=SLOW)
        expect(ben.locator(".people")).to_have_text("owner is viewing this run", timeout=SLOW)

        # What Ben says is there on Ada's page without a reload, and what she was typing stays.
        for one in (ada, ben):
            show_side(one, "comments")
        ada.fill("#say", "I was just typing")
        ben.fill("#say", "The button could be larger")
        ben.get_by_role("button", name="Comment", exact=True).click()
        expect(ben.locator("#comments ol")).to_contain_text("The button could be larger")
        expect(ada.locator("#comments ol")).to_contain_text(
            "The button could be larger", timeout=SLOW
        )
        expect(ada.locator("#say")).to_have_value("I was just typing")
        ada.get_by_role("button", name="Resolve").click()
        expect(ben.locator("#comments .resolved")).to_have_count(1, timeout=SLOW)

        # A guest sees the result by a link and can go nowhere from it; closed, it shows nothing.
        expect(ada.locator(".state").first).to_have_text("finished", timeout=SLOW)
        ada.get_by_role("link", name="Share").click()
        ada.get_by_role("button", name="Create link").click()
        address = ada.get_by_label("Address of the link").input_value()
        guest.goto(address)
        expect(guest.get_by_role("img", name="The mockup")).to_be_visible()
        expect(guest.frame_locator("iframe").locator("body")).to_contain_text(
            "Boats for a quiet day", timeout=SLOW
        )
        guest.goto(run)
        assert "/sign-in" in guest.url
        ada.get_by_role("button", name="Close link").click()
        guest.goto(address)
        expect(guest.locator("h1")).to_have_text("This link is closed")

        # Made a viewer while he looks at a run that is over, Ben is shown a page that knows: he can
        # change nothing, and still pin a comment to what he means.
        expect(ben.get_by_role("link", name="Share")).to_have_count(1)
        ada.goto("/teams/1/")
        ada.get_by_label("Role of ben@example.org", exact=True).select_option("viewer")
        with ben.expect_event("load", timeout=SLOW):  # before it, no script hears a key
            ada.get_by_role("button", name="Change the role of ben@example.org").click()
        expect(ben.get_by_role("link", name="Share")).to_have_count(0, timeout=SLOW)
        expect(ben.locator("#comments ol")).to_contain_text("The button could be larger")
        ben.keyboard.press("s")
        ben.mouse.move(*point_of(ben, "h1"))
        expect(ben.locator("[data-hovered]")).to_contain_text("h1")
        click_in_page(ben, "h1")
        expect(ben.locator("[data-selected]")).to_be_visible()
        expect(ben.get_by_role("button", name="Apply", exact=True)).to_have_count(0)
        expect(ben.locator(".pinned")).to_contain_text("h1")

        # Ben leaves.
        ada.goto(run)
        expect(ada.locator(".people")).to_have_text("ben is viewing this run", timeout=SLOW)
        ben.goto("about:blank")
        expect(ada.locator(".people")).to_be_hidden(timeout=SLOW)


def test_a_deleted_run_is_brought_back(browser: Browser, served: Studio, mockup_png: bytes) -> None:
    with visiting(browser, served, owner=True) as ada:
        run = start_run(served, mockup_png, prompt="The one to delete")
        ada.goto(run)
        ada.locator(".keep summary").click()
        ada.get_by_role("button", name="Delete").click()
        expect(ada.get_by_role("status").first).to_contain_text("is deleted")
        ada.get_by_role("button", name="Undo").click()
        ada.wait_for_url(f"**{run}")
        ada.goto("/library")
        ada.fill("#q", "one to delete")
        ada.get_by_role("button", name="Search").click()
        expect(ada.locator(".runs li")).to_have_count(1)
