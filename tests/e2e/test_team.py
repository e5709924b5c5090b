"""A team at work in real browsers: Ada invites Ben, changes what he may, hands over, and is handed
back nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.asking import browser_cookies
from tests.e2e.axe import violations
from tests.e2e.models import slow_model
from tests.processes import Studio, studio

PASSWORD = "a boat for a quiet day"
PHONE = {"width": 390, "height": 844}
SLOW = 60_000  # ms; other things run on this machine


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with (
        slow_model(120) as model,
        studio(
            tmp_path_factory.mktemp("team") / "data", MODEL_URL=model.url, RUN_TARGET="1"
        ) as running,
    ):
        yield running


@contextmanager
def visiting(
    browser: Browser, served: Studio, *, script: bool = True, owner: bool = False
) -> Iterator[Page]:
    context = browser.new_context(
        base_url=served.address, viewport=PHONE, java_script_enabled=script
    )
    context.set_default_timeout(SLOW)
    if owner:
        context.add_cookies(browser_cookies(served))  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_a_team_from_its_first_day_to_a_new_owner(browser: Browser, served: Studio) -> None:
    with visiting(browser, served, owner=True) as ada, visiting(browser, served) as ben:
        # Ada makes a team and invites by a link; Ben, who is new, makes his account with it.
        ada.goto("/teams/")
        ada.fill("#name", "Boats")
        ada.click("text=Create team")
        ada.wait_for_url("**/teams/*/")
        team = ada.url
        ada.get_by_role("button", name="Invite").click()
        link = ada.inner_text("#link")
        ben.goto(link)
        ben.fill("#email", "ben@example.org")
        ben.fill("#password", PASSWORD)
        ben.click("text=Create account and join")
        expect(ben.get_by_role("status").first).to_contain_text("You are in the team Boats.")

        # Ben edits: he starts a run in the team's first project, and may stop it.
        ben.goto("/")
        ben.get_by_role("button", name="Harbour").click()
        ben.wait_for_url("**/runs/*/")
        expect(ben.get_by_role("button", name="Stop")).to_be_visible(timeout=SLOW)

        # Made a viewer while his page is open, he sees the run go on and can stop nothing, at once.
        ada.goto(team)
        ada.get_by_label("Role of ben@example.org", exact=True).select_option("viewer")
        ada.get_by_role("button", name="Change the role of ben@example.org").click()
        expect(ben.get_by_role("button", name="Stop")).to_have_count(0, timeout=SLOW)
        expect(ben.locator("h1, .state").first).to_be_visible()

        # Handed over: Ben owns the team now, and Ada edits in it.
        ada.get_by_role("button", name="Transfer ownership to ben@example.org").click()
        expect(ada.locator(".team-head")).to_contain_text("Your role: editor")
        expect(ben.get_by_role("button", name="Stop")).to_be_visible(timeout=SLOW)

        # Ben removes Ada while she looks at the run: her page is gone at once.
        ada.goto(ben.url)
        expect(ada.get_by_role("button", name="Stop")).to_be_visible(timeout=SLOW)
        ben.goto(team)
        ben.get_by_role("button", name=re.compile("Remove owner@localhost")).click()
        expect(ada.locator("body")).to_contain_text(
            re.compile("Not Found|no such|There is no", re.IGNORECASE), timeout=SLOW
        )
        ben.get_by_role("link", name="Activity").click()
        expect(ben.locator("main")).to_contain_text("removed owner@localhost")
        expect(ben.locator("main")).to_contain_text("joined as editor")


def test_the_pages_work_without_script_and_keep_nobody_out(
    browser: Browser, served: Studio
) -> None:
    with visiting(browser, served, script=False, owner=True) as plain:
        plain.goto("/teams/")
        plain.fill("#name", "Ships")
        plain.click("text=Create team")
        team = plain.url
        plain.goto(f"{team}tokens")
        plain.fill("#name", "Nightly build")
        plain.click("text=Create token")
        expect(plain.locator("#secret")).to_have_text(re.compile(r"^likeness_"))
        plain.goto(f"{team}models")
        plain.fill("#tokens", "5000")
        plain.get_by_role("button", name="Save", exact=True).click()
        expect(plain.locator("main")).to_contain_text("of 5,000 tokens")
    with visiting(browser, served, owner=True) as page:
        for address in (
            "/teams/",
            team,
            f"{team}models",
            f"{team}tokens",
            f"{team}activity",
            "/account",
        ):
            page.goto(address)
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
