"""Likeness falls with every fault, and further the worse it is: 73 faults in three degrees, on
three kinds of page.

Each page is opened once; a fault is done to it where it stands, and it is put back as it was before
the next.
"""

from __future__ import annotations

import base64
import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from studio.pipeline.rendering.browser_page import read_dom_facts, take_screenshot
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.types import Render
from tests.studio.pipeline.faults import FAULTS
from tests.studio.pipeline.pages import bundle, hints_from_render, picture
from tests.studio.pipeline.spoilt_pages import HEIGHT, PAGES, WIDTH

if TYPE_CHECKING:
    from playwright.sync_api import Page

Renders = dict[str, list[Render]]
LEAST = 0.0002  # of likeness: what is told apart, and not by rounding
PERFECT = 0.999
TIME_LIMIT = 300.0  # seconds for all faults of a page; ten are usual
RESET = """(async () => { window.whole ??= document.documentElement.innerHTML;
  document.documentElement.innerHTML = window.whole;
  document.head.insertAdjacentHTML("beforeend", `<style>${%s}</style>`);
  const $ = (selector) => [...document.querySelectorAll(selector)];
  await Promise.all([...document.images].map((image) => image.decode()));
  %s;
  await Promise.all([...document.images].map((image) => image.decode()));
  await new Promise((done) => setTimeout(done, 0));
})()"""


def taken(page: Page) -> Render:
    facts = read_dom_facts(page)
    png = take_screenshot(page, width=WIDTH, height=facts.height)
    return Render(png, WIDTH, facts.height, facts.texts, facts.boxes, facts.overflow)


def spoilt(renderer: Renderer, html: str) -> tuple[dict[str, Render], Renders]:
    """Return each fault's mockup and its three degrees."""

    def look(page: Page) -> tuple[dict[str, Render], Renders]:
        page.evaluate(RESET % ('""', ""))
        clean = taken(page)
        shot = json.dumps(f"data:image/png;base64,{base64.b64encode(clean.png).decode()}")
        page.evaluate(f"window.shot = {shot}; window.tall = {clean.height}")
        renders: Renders = {}
        mockups = {}
        for fault in FAULTS:
            mockups[fault.name] = clean
            if fault.base or fault.base_script:
                page.evaluate(RESET % (json.dumps(fault.base), fault.base_script))
                mockups[fault.name] = taken(page)
            for degree in range(3):
                css, script = fault.at(degree)
                page.evaluate(RESET % (json.dumps(css), script))
                renders.setdefault(fault.name, []).append(taken(page))
        return mockups, renders

    site = make_bundle_site(bundle(html))
    return renderer.visit(site, look, width=WIDTH, height=HEIGHT, time_limit=TIME_LIMIT)


@pytest.mark.parametrize("name", PAGES)
def test_the_worse_the_fault_the_lower_the_likeness(renderer: Renderer, name: str) -> None:
    mockups, renders = spoilt(renderer, PAGES[name])
    wrong = {}
    for fault, degrees in renders.items():
        mockup, hints = picture(mockups[fault]), hints_from_render(mockups[fault])
        perfect = compare(mockup, hints, mockups[fault], heat=False).likeness
        ranks = [
            perfect,
            *(compare(mockup, hints, render, heat=False).likeness for render in degrees),
        ]
        if perfect < PERFECT or min(better - worse for better, worse in pairwise(ranks)) < LEAST:
            wrong[fault] = [round(value, 4) for value in ranks]
    assert not wrong
