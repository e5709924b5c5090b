"""Going on from a version in a real browser: an element selected, changed by hand or in words;
branches, restoring.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.drawing import landing_page
from tests.e2e.axe import violations
from tests.e2e.looking import DONE, FRAME, click_in_page, finished_run, point_of, visiting
from tests.e2e.models import slow_model
from tests.inference.client.scripted import ScriptedServer
from tests.processes import Studio, studio


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedServer]:
    with slow_model(seconds=0.5) as server:
        yield server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, model: ScriptedServer) -> Iterator[Studio]:
    settings = {"MODEL_URL": model.url, "RUN_TARGET": "1"}
    with studio(tmp_path_factory.mktemp("changing") / "data", **settings) as running:
        yield running


@pytest.fixture(scope="module")
def unchanged(served: Studio) -> str:
    """A draft's run that nothing is added to."""
    out = io.BytesIO()
    landing_page().save(out, "PNG")
    return finished_run(served, out.getvalue(), model="draft", prompt="Boats for hire")


@pytest.fixture
def run(served: Studio, mockup_png: bytes) -> str:
    """A family of its own for a test that makes versions."""
    return finished_run(served, mockup_png, model="draft", prompt="Boats for hire")


@pytest.fixture
def page(browser: Browser, served: Studio, run: str) -> Iterator[Page]:
    with visiting(browser, served) as page:
        page.goto(run)
        yield page


@pytest.fixture
def looker(browser: Browser, served: Studio, unchanged: str) -> Iterator[Page]:
    with visiting(browser, served) as page:
        page.goto(unchanged)
        yield page


def finished(page: Page, version: str) -> None:
    """The run that was just started is over, and its version is looked at."""
    expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
    expect(page.locator("#versions [aria-current] strong")).to_have_text(version)


def test_an_element_is_selected_and_changed_by_hand(page: Page) -> None:
    page.keyboard.press("s")
    page.mouse.move(*point_of(page, "h1"))
    expect(page.locator("[data-hovered]")).to_contain_text("h1")
    click_in_page(page, "h1")
    expect(page.locator("[data-crumbs] [aria-current]")).to_contain_text("h1")
    expect(page.locator("[data-picked]")).to_be_visible()
    assert violations(page) == []

    page.locator("[data-change=text]").fill("Ships <b>for</b> a loud day")
    page.locator("[data-change=color]").fill("#ff0000")
    page.locator("[data-change=padding-top]").fill("12")
    heading = page.frame_locator(FRAME).locator("h1")
    expect(heading).to_have_text("Ships <b>for</b> a loud day")  # tried in the page at once
    expect(heading).to_have_css("color", "rgb(255, 0, 0)")
    page.get_by_role("button", name="Apply", exact=True).click()
    page.wait_for_url(lambda url: "/attempts/" not in url)

    finished(page, "v2")
    expect(page.locator(".reason")).to_contain_text("Your edit")
    expect(page.locator("#versions .prompt").last).to_contain_text("By hand: text “Ships")
    heading = page.frame_locator(FRAME).locator("h1")
    expect(heading).to_have_text("Ships <b>for</b> a loud day")
    expect(heading).to_have_css("color", "rgb(255, 0, 0)")
    expect(heading).to_have_css("padding-top", "12px")
    assert float(page.inner_text("#likeness").removesuffix(" %")) < 99  # judged anew

    page.click("text=Code since v1")
    expect(page.locator("tr.new mark").first).to_be_visible()
    expect(page.locator("tr.old .text").first).to_contain_text("Boats for a quiet day")


def test_keys_alone_select_and_escape_leaves(looker: Page) -> None:
    looker.keyboard.press("s")
    expect(looker.locator("[data-select]")).to_have_attribute("aria-pressed", "true")
    looker.keyboard.press("ArrowDown")
    looker.keyboard.press("ArrowDown")
    expect(looker.locator("[data-crumbs] button")).to_have_count(3)
    looker.keyboard.press("ArrowUp")
    expect(looker.locator("[data-crumbs] button")).to_have_count(2)
    looker.locator("[data-crumbs] button").first.click()
    expect(looker.locator("[data-crumbs] [aria-current]")).to_have_text("body")
    looker.keyboard.press("Escape")
    expect(looker.locator("[data-selected]")).to_be_hidden()
    expect(looker.locator("[data-select]")).to_have_attribute("aria-pressed", "false")


def test_select_outlines_what_the_pointer_already_rests_on(looker: Page) -> None:
    looker.mouse.move(*point_of(looker, "h1"))
    looker.keyboard.press("s")
    expect(looker.locator("[data-hovered]")).to_contain_text("h1")


def test_a_wish_is_about_the_selected_element(page: Page, model: ScriptedServer) -> None:
    page.keyboard.press("s")
    click_in_page(page, "h1")
    expect(page.locator("[data-about]")).to_contain_text("About the <h1> “Boats for a quiet day”")
    page.fill("#wish", "Make it friendlier")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/attempts/" not in url)
    finished(page, "v2")
    told = json.dumps(model.bodies[-1]["messages"])
    assert "Make it friendlier" in told
    assert "the <h1>" in told
    expect(page.frame_locator(FRAME).locator("h1")).to_have_text("Written by the model")
    expect(page.locator(".turn").last).to_contain_text("Make it friendlier")
    expect(page.locator(".turn").last).to_contain_text("owner")


def test_going_on_from_an_old_version_branches_and_restoring_makes_a_new_one(
    page: Page, run: str
) -> None:
    page.fill("#wish", "Anything else")
    page.get_by_role("button", name="Generate").click()
    finished(page, "v2")
    page.goto(f"{run}attempts/0/")
    banner = page.locator(".banner")
    expect(banner).to_contain_text("You are viewing v1; v2 is the newest version.")
    expect(banner).to_contain_text("branch from v1")
    page.fill("#wish", "Another way")
    page.get_by_role("button", name="Generate").click()
    finished(page, "v3")
    expect(page.locator(".version").last).to_contain_text("from v1")
    page.goto(f"{run}attempts/0/")
    page.click("text=Restore v1")
    finished(page, "v4")
    expect(page.locator(".reason")).to_contain_text("An earlier version was restored.")
    expect(page.frame_locator(FRAME).locator("h1")).to_have_text("Boats for a quiet day")
    expect(page.locator(".version")).to_have_count(4)


def test_what_a_hostile_page_says_is_not_believed(looker: Page) -> None:
    looker.keyboard.press("s")
    frame = looker.frame_locator(FRAME).locator("html")
    # The worst case: it has made the script that speaks for it lie, or learnt what only that script
    # knows.
    proof = looker.locator("compare-stage").get_attribute("proof")
    frame.evaluate(
        """(html, proof) => {
            parent.postMessage({ likeness: "picked", path: ["unproved"] }, "*");
            const lie = {
                proof,
                likeness: "picked", box: ["x", 1e99, null], label: "<img src=x onerror=alert(1)>", tag: "b".repeat(1e5),
                path: [1, "<script>"], selector: {}, at: "1; drop", text: 7, nth: -4, of: "many",
                styles: { color: "url(x)" },
            };
            parent.postMessage(lie, "*");
            parent.postMessage({ likeness: "constructor", proof }, "*");
            parent.postMessage(null, "*");
        }""",
        proof,
    )
    expect(looker.locator("[data-twins]")).to_contain_text("the only element of this kind")
    assert looker.locator("[data-crumbs] script, [data-picked] img").count() == 0
    expect(looker.locator("[data-why]")).to_contain_text("Use instructions instead")
    forged = "proof => window.postMessage({ likeness: 'picked', path: ['forged'], proof }, '*')"
    looker.evaluate(forged, proof)  # not from the frame
    looker.wait_for_timeout(200)
    for lie in ("forged", "unproved"):
        assert lie not in looker.inner_text("[data-crumbs]")


def test_a_change_that_cannot_be_read_is_refused_in_one_sentence(looker: Page) -> None:
    looker.locator("[name=changes]").evaluate(
        "field => { field.value = 'not JSON'; field.form.submit(); }"
    )
    expect(looker.locator(".notice.error")).to_have_text("Nothing was changed.")
