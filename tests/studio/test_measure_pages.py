"""`manage.py measure_pages` in a real browser: a page built to shift, and one built not to."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from playwright.sync_api import BrowserContext, sync_playwright

from studio.load import page_budgets
from studio.load.measured_pages import NAMES
from studio.load.page_budgets import (
    BUDGETS,
    PageFigures,
    Shift,
    compute_shift,
    measure_page,
    summarize_shifts,
)
from studio.management.commands import measure_pages
from studio.pipeline.rendering.browser import find_browser
from tests.processes import UNSAFE

SCRIPT = b"// " + b"a" * 50_000
PARAGRAPH = "<p class='moved'>A line of text that is moved down.</p>"
# Each page changes by itself, as a run's page does when the server renders a part anew.
PAGES = {
    "/still": PARAGRAPH,
    "/shifting": f"{PARAGRAPH}<script>setTimeout(() => document.body.prepend(Object.assign("
    "document.createElement('div'), { style: 'height: 300px' })), 200)</script>",
    "/replacing": "<main><section class='pane result' style='height: 200px'></section></main>"
    "<script>setTimeout(() => document.querySelector('main').innerHTML = "
    '\'<section class="pane result" style="height: 200px; margin-top: 300px"></section>\', 300)'
    "</script><p>Text, so that there is a first paint.</p>",
    "/exchanging": "<main><section class='pane result' style='height: 200px'>One</section></main>"
    "<script>setTimeout(() => document.querySelector('main').innerHTML = "
    '\'<section class="pane result" style="height: 200px">Two</section>\', 300)</script>',
    "/empty": "",
    "/scripted": f"{PARAGRAPH}<script src='/script.js'></script>",
}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_script = self.path == "/script.js"
        body = gzip.compress(SCRIPT) if is_script else PAGES[self.path].encode()
        self.send_response(200)
        kind = "text/javascript" if is_script else "text/html; charset=utf-8"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=60")
        if is_script:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def context(site: str) -> Iterator[BrowserContext]:
    path = find_browser(os.environ.get("LIKENESS_BROWSER"))
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv(UNSAFE, "true")
        browser = playwright.chromium.launch(
            executable_path=path, chromium_sandbox=os.geteuid() != 0
        )
        yield browser.new_context(base_url=site, viewport={"width": 800, "height": 600})
        browser.close()


def measure(context: BrowserContext, name: str) -> PageFigures:
    return measure_page(context, name, 800, f"/{name}", times=1)


def test_a_page_that_stays_where_it_is_has_no_shift(context: BrowserContext) -> None:
    found = measure(context, "still")
    assert (found.shift, found.moved, found.script_bytes) == (0.0, (), 0)
    assert found.paint_ms is not None
    assert found.paint_ms > 0


def test_a_page_whose_text_is_pushed_down_exceeds_the_budget_and_names_what_moved(
    context: BrowserContext,
) -> None:
    found = measure(context, "shifting")
    assert found.shift > BUDGETS.shift
    assert found.moved == ("p.moved",)
    assert "shift" in found.list_exceeded()


def test_a_part_that_is_replaced_at_another_place_counts_as_a_shift(
    context: BrowserContext,
) -> None:
    found = measure(context, "replacing")
    assert ".pane.result (replaced)" in found.moved
    assert found.shift > BUDGETS.shift


def test_a_part_that_is_replaced_where_it_was_is_no_shift(context: BrowserContext) -> None:
    assert measure(context, "exchanging").shift == 0.0


def test_a_page_that_paints_nothing_ends_the_measurement(
    context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_budgets, "PAINT_SECONDS", 0.0)
    page = context.new_page()
    with pytest.raises(RuntimeError, match="/empty painted nothing within 0 s"):
        page_budgets.measure_first_paint(page, "/empty")
    page.close()


def test_script_is_counted_as_it_was_sent(context: BrowserContext) -> None:
    packed, found = len(gzip.compress(SCRIPT)), measure(context, "scripted").script_bytes
    assert found is not None
    assert packed <= found < packed + 1000  # and the headers of the answer


def test_shifts_are_summed_within_a_second_and_five_at_most() -> None:
    def at(*seconds: float) -> list[Shift]:
        return [Shift(1000 * second, 0.01, ()) for second in seconds]

    assert compute_shift([]) == 0.0
    assert compute_shift(at(1, 1.5, 2)) == pytest.approx(0.03)
    assert compute_shift(at(1, 1.5, 4)) == pytest.approx(0.02)
    assert compute_shift(at(*range(1, 10))) == pytest.approx(0.06)


def test_parts_of_the_largest_shifts_come_first_each_once() -> None:
    shifts = [Shift(0, 0.01, ("p",)), Shift(1, 0.03, ("nav",)), Shift(2, 0.02, ("p", "ul"))]
    assert summarize_shifts(shifts) == (0.06, ("nav", "p", "ul"))


GOOD = PageFigures("start", 1440, 200_000, 120.0, 0.001, ())
BAD = PageFigures("run", 390, 200_000, 120.0, 0.3, ("nav",))


def report(monkeypatch: pytest.MonkeyPatch, *figures: PageFigures, **options: Any) -> str:
    monkeypatch.setattr(measure_pages, "measure_all", lambda names, times: iter(figures))
    out = io.StringIO()
    call_command("measure_pages", stdout=out, **options)
    return out.getvalue()


def test_the_table_has_a_line_for_each_page(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = report(monkeypatch, GOOD, GOOD).splitlines()
    assert [line.split()[:5] for line in lines[1:3]] == [
        ["start", "1440", "200.0", "120", "0.0010"]
    ] * 2


def test_what_exceeds_a_budget_ends_the_command_with_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(CommandError, match=r"Over budget .*: run at 390 px \(shift\)\."):
        report(monkeypatch, GOOD, BAD)


def test_json_is_for_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = json.loads(report(monkeypatch, GOOD, json=True))["pages"]
    assert (found["name"], found["script_bytes"], found["exceeded"]) == ("start", 200_000, [])


def test_an_unknown_page_is_refused_with_those_there_are() -> None:
    with pytest.raises(CommandError, match=f"no page 'home'; use {', '.join(NAMES)}"):
        call_command("measure_pages", "home")
    with pytest.raises(CommandError, match="--times: use 1 or more"):
        call_command("measure_pages", times=0)
