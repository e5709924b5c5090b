"""A model's thinking and its pace, seen on a phone while they come: in a panel that closes, and
read out only once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.asking import start_run
from tests.e2e.axe import violations
from tests.e2e.looking import DONE, MOST_SHIFT, SHIFTS, show_side, visiting
from tests.e2e.models import PAGE, cut, slow_model
from tests.processes import Studio, studio

THOUGHT = "The mockup shows a dark band with a name, then a heading and a button. " * 20
# What the live region says, from now on.
LISTEN = """() => {
    window.said = [];
    const line = document.querySelector("[data-now]");
    new MutationObserver(() => window.said.push(line.textContent)).observe(line, { childList: true });
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with slow_model(6, THOUGHT, counts=True) as model:
        settings = {"MODEL_URL": model.url, "RUN_ROUNDS": "1", "RUN_TARGET": "1"}
        with studio(tmp_path_factory.mktemp("thinking") / "data", **settings) as running:
            yield running


@pytest.fixture
def page(browser: Browser, served: Studio) -> Iterator[Page]:
    with visiting(browser, served, viewport={"width": 390, "height": 844}) as page:
        yield page


def test_thoughts_come_into_a_panel_and_the_pace_beside_the_step(
    page: Page, served: Studio, mockup_png: bytes
) -> None:
    page.goto(start_run(served, mockup_png, thinking="on"))
    toolbar = "document.querySelector('.toolbar').getBoundingClientRect().height"
    empty = page.evaluate(toolbar)
    panel, status, step = (
        page.locator("#thinking"),
        page.locator("[data-now]"),
        page.locator(".steps .current"),
    )
    page.evaluate(LISTEN)
    page.locator(".bottom-bar").get_by_text("Conversation").click()
    expect(panel).to_be_visible(timeout=DONE)
    expect(status).to_have_text("The model is thinking …")
    expect(step).to_contain_text(re.compile(r"Thinking, \d+ tokens, \d+/s"))
    expect(panel.locator("pre")).to_contain_text("The mockup shows a dark band")
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    panel.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(panel.locator("pre")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(panel.locator("pre")).to_be_visible()

    expect(status).to_have_text("The model is writing …", timeout=DONE)
    expect(panel.locator("pre")).to_have_text(THOUGHT)  # it stays to be read
    expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
    expect(panel).to_be_hidden()
    # Nothing moved to make room for it.
    assert page.evaluate(SHIFTS) < MOST_SHIFT
    page.locator(".bottom-bar").get_by_text("Canvas").click()
    assert page.evaluate(toolbar) == empty  # its controls have the room they need from the start
    said = page.evaluate("window.said")
    assert said.count("The model is thinking …") == said.count("The model is writing …") - 1 == 1
    assert not any(re.search(r"\d", words) for words in said)


def test_whoever_comes_late_reads_it_from_the_beginning(
    page: Page, served: Studio, mockup_png: bytes
) -> None:
    run = start_run(served, mockup_png, thinking="on")
    page.goto(run)
    expect(page.locator("[data-now]")).to_have_text("The model is writing …", timeout=DONE)
    page.reload()
    page.locator(".bottom-bar").get_by_text("Conversation").click()
    expect(page.locator("#thinking pre")).to_have_text(THOUGHT)
    assert violations(page) == []
    expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
    # The attempt keeps what was thought before it.
    page.locator("#versions a", has_text="by the model").first.click()
    page.locator(".bottom-bar").get_by_text("Inspector").click()
    show_side(page, "scores")
    page.locator(".aside .trace summary").click()
    expect(page.locator(".aside .trace pre")).to_have_text(THOUGHT)
    made = len(cut(THOUGHT)) + len(cut(PAGE))
    expect(page.locator(".facts")).to_contain_text(f"10 input, {made} output")
