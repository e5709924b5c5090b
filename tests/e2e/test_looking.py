"""Mockup and page looked at in every way, with the mouse and with keys, at every width and in both
themes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.drawing import landing_page
from tests.e2e.axe import violations
from tests.e2e.looking import FRAME, finished_run, show_tab, visiting
from tests.e2e.models import slow_model
from tests.processes import Studio, studio


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with slow_model(seconds=0.5) as model:
        settings = {"MODEL_URL": model.url, "RUN_ROUNDS": "1", "RUN_TARGET": "1"}
        with studio(tmp_path_factory.mktemp("looking") / "data", **settings) as running:
            yield running


@pytest.fixture(scope="module")
def run(served: Studio) -> str:
    """A tall mockup, so that there is something to scroll; its second version differs in every way."""
    tall = landing_page().resize((800, 480)).crop((0, 0, 800, 1400))
    tall.paste("#ffffff", (0, 480, 800, 1400))
    tall.paste("#1e293b", (0, 1200, 800, 1400))
    out = io.BytesIO()
    tall.save(out, "PNG")
    return finished_run(served, out.getvalue(), prompt="Boats for hire")


@pytest.fixture
def page(browser: Browser, served: Studio, run: str) -> Iterator[Page]:
    with visiting(browser, served) as page:
        page.goto(run)
        yield page


def mode(page: Page) -> str:
    return str(page.evaluate("document.querySelector('[name=mode]:checked').value"))


def tab(page: Page) -> str:
    return str(page.evaluate("document.querySelector('[name=tab]:checked').value"))


def choose(page: Page, name: str) -> None:
    show_tab(page, "compare")
    page.locator(f"[name=mode][value={name}]").check(force=True)


def test_c_goes_through_all_six_ways(page: Page) -> None:
    seen = [mode(page)]
    for _ in range(5):
        page.keyboard.press("c")
        seen.append(mode(page))
    assert seen == ["side", "slider", "onion", "blink", "heatmap", "blocks"]
    page.keyboard.press("c")
    expect(page.locator(FRAME)).to_be_visible()
    expect(page.locator(".pane.mockup img")).to_be_visible()
    page.keyboard.press("c")
    page.reload()
    assert mode(page) == "slider"  # as it was left


def test_keys_show_preview_comparison_and_code(page: Page) -> None:
    assert tab(page) == "compare"
    page.keyboard.press("1")
    expect(page.locator(".pane.mockup")).to_be_hidden()
    expect(page.locator(FRAME)).to_be_visible()
    page.keyboard.press("3")
    expect(page.locator(FRAME)).to_be_hidden()
    expect(page.locator("#code code-view").first).to_be_visible()
    page.keyboard.press("c")  # back to the comparison, in the mode that was used last
    assert (tab(page), mode(page)) == ("compare", "side")
    page.keyboard.press("3")
    page.reload()
    assert tab(page) == "code"


def test_only_panels_scroll_and_their_widths_are_remembered(page: Page) -> None:
    for size in ((1440, 900), (1024, 768)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.reload()
        tall = "document.documentElement.scrollHeight - innerHeight"
        assert page.evaluate(tall) == 0
    width = "document.querySelector('.conversation').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.locator("[data-splitter=left]").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(width) == before + 16
    expect(page.locator("#inspector")).to_be_hidden()  # a window of 1024 px begins without it
    page.locator("[data-toggle-inspector]").click()
    expect(page.locator("#inspector")).to_be_visible()
    page.reload()
    assert page.evaluate(width) == before + 16
    expect(page.locator("#inspector")).to_be_visible()


def test_a_phone_shows_one_panel_at_a_time(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    panels = {"Conversation": ".conversation", "Canvas": ".canvas-panel", "Inspector": "#inspector"}
    for name, shown in panels.items():
        page.locator(".bottom-bar").get_by_text(name).click()
        for selector in panels.values():
            expect(page.locator(selector)).to_be_visible(visible=selector == shown)


def test_both_panes_scroll_together(page: Page) -> None:
    page.locator("[data-zoom]").select_option("100")
    page.locator(".pane.mockup .view").evaluate("view => view.scrollTo(0, 200)")
    result = page.locator("[data-result]")
    page.wait_for_timeout(200)
    assert result.evaluate("view => view.scrollTop") == 200
    result.evaluate("view => view.scrollTo(0, 60)")
    page.wait_for_timeout(200)
    assert page.locator(".pane.mockup .view").evaluate("view => view.scrollTop") == 60


def test_the_slider_follows_hand_and_keys(page: Page) -> None:
    choose(page, "slider")
    above = page.locator(".stack .above")
    box = page.locator(".stack").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 50)
    page.mouse.up()
    assert above.evaluate("e => getComputedStyle(e).clipPath") == "inset(0px 0px 0px 25%)"
    page.locator("[data-slider]").focus()
    page.keyboard.press("ArrowRight")
    assert above.evaluate("e => getComputedStyle(e).clipPath") == "inset(0px 0px 0px 26%)"


def test_onion_skin_blink_and_heat_map(page: Page) -> None:
    choose(page, "onion")
    page.locator("[data-onion]").focus()
    page.keyboard.press("Home")
    expect(page.locator(".stack .above")).to_have_css("opacity", "0")
    page.locator(".heading").click()
    page.keyboard.down("b")
    assert mode(page) == "blink"
    expect(page.locator(".stack .above")).to_be_hidden()
    page.keyboard.up("b")
    expect(page.locator(".stack .above")).to_be_visible()
    page.locator("[data-blink]").focus()
    page.keyboard.down("Space")
    expect(page.locator(".stack .above")).to_be_hidden()
    page.keyboard.up("Space")
    page.click("text=Heat-map")
    expect(page.locator("img[data-view=heatmap]")).to_be_visible()
    expect(page.locator(FRAME)).to_be_hidden()


def test_a_difference_is_gone_to_and_becomes_a_wish(page: Page, run: str) -> None:
    page.goto(f"{run}attempts/1/")  # the model's page lacks everything
    choose(page, "blocks")
    costs = page.locator(".differences li")
    assert costs.count() >= 3
    missing = page.locator(".differences .missing").first
    words = missing.locator(".words").inner_text()
    missing.locator("[data-goto]").click()
    expect(page.locator("rect.here").first).to_be_visible()
    expect(page.locator("#wish")).to_have_value("")
    missing.get_by_role("button", name="Fix this").click()
    expect(page.locator("#wish")).to_have_value(f"{words}. Make it as in the mockup.")
    assert page.locator(".pane.mockup rect.missing").count() >= 1
    assert page.locator(".pane.result rect.invented").count() >= 1


def test_the_page_at_other_widths(page: Page) -> None:
    canvas = page.locator(".stage .canvas")
    page.keyboard.press("d")
    expect(page.locator("[data-device]")).to_have_value("390")
    assert page.frame_locator(FRAME).locator("html").evaluate("() => innerWidth") == 390
    page.locator("[data-device]").select_option("1440")
    assert page.frame_locator(FRAME).locator("html").evaluate("() => innerWidth") == 1440
    show_tab(page, "preview")
    handle = page.locator("[data-handle]")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    expect(handle).to_have_attribute("aria-valuenow", "1430")
    assert page.frame_locator(FRAME).locator("html").evaluate("() => innerWidth") == 1430
    page.locator("[data-zoom]").select_option("100")
    assert round(canvas.evaluate("e => e.getBoundingClientRect().width")) == 1430
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open in a new tab").click()
    expect(opened.value.frame_locator("iframe").locator("h1, h2").first).to_be_visible()


def test_versions_variants_and_the_cheat_sheet_by_key(page: Page, run: str) -> None:
    expect(page.locator(".versions-summary")).to_have_text("v1 was kept; v2 was worse.")
    page.keyboard.press("]")
    page.wait_for_url("**/attempts/1/")
    page.keyboard.press("[")
    page.wait_for_url("**/attempts/0/")
    page.keyboard.press("Alt+2")
    page.wait_for_url("**/attempts/1/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("#keys [data-single]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("[")
    page.wait_for_timeout(300)
    assert page.url.endswith("/attempts/1/")


def test_the_theme_is_remembered(page: Page) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Theme: system").click()
    page.get_by_role("button", name="Theme: light").click()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark


def test_offline_is_said(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.locator("[data-offline]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()


@pytest.mark.parametrize("where", ["", "attempts/1/", "attempts/0/page", "diff?from=1&to=2"])
def test_nobody_is_kept_out_and_nothing_is_wider_than_a_phone(
    page: Page, run: str, where: str
) -> None:
    page.goto(run + where)
    modes = ["side", "slider", "blocks"] if where == "" else [""]
    for name in modes:
        if name:
            choose(page, name)
        assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    assert page.locator("html").evaluate("element => element.scrollWidth") <= 390
    assert violations(page) == []
