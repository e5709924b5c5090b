"""Likeness ranks pages as the person who graded them did, on pairs that its weights were not fitted
on.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from studio.pipeline.rendering.browser_page import read_dom_facts, take_screenshot
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.types import Comparison, Render
from tests.studio.pipeline.graded_pages import GRADED_PAGES, GradedPage
from tests.studio.pipeline.graded_pairs import GRADED_PAIRS, GradedPair
from tests.studio.pipeline.pages import bundle, hints_from_render, picture
from tests.studio.pipeline.test_degradation import RESET

if TYPE_CHECKING:
    from playwright.sync_api import Page

Graded = list[tuple[GradedPair, Comparison]]
LEAST_CORRELATION = 0.85
MISSING = 3.0  # a page without one of its main elements is graded no better


def draw(page: Page, of: GradedPage, css: str, script: str) -> Render:
    page.evaluate(RESET % (json.dumps(css), script))
    facts = read_dom_facts(page)
    png = take_screenshot(page, width=of.width, height=facts.height)
    return Render(png, of.width, facts.height, facts.texts, facts.boxes, facts.overflow)


def compare_page(renderer: Renderer, name: str) -> Graded:
    of, pairs = GRADED_PAGES[name], [pair for pair in GRADED_PAIRS if pair.page == name]

    def look(page: Page) -> tuple[Render, list[Render]]:
        return draw(page, of, "", ""), [draw(page, of, pair.css, pair.script) for pair in pairs]

    clean, renders = renderer.visit(
        make_bundle_site(bundle(of.html)), look, width=of.width, height=of.height, time_limit=120
    )
    mockup, hints = picture(clean), hints_from_render(clean)
    return [
        (pair, compare(mockup, hints, render, heat=False))
        for pair, render in zip(pairs, renders, strict=True)
    ]


@pytest.fixture(scope="module")
def graded(renderer: Renderer) -> Graded:
    return [pair for name in GRADED_PAGES for pair in compare_page(renderer, name)]


def rank_correlation(graded: Graded) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr([p.grade for p, _ in graded], [c.likeness for _, c in graded])[0])


def test_likeness_ranks_held_out_pairs_as_the_eye_did(graded: Graded) -> None:
    assert rank_correlation(graded[1::2]) >= LEAST_CORRELATION


def test_a_page_that_looks_the_same_is_alike(graded: Graded) -> None:
    assert {
        pair.name: c.likeness for pair, c in graded if pair.grade == 5 and c.likeness < 0.95
    } == {}


def test_a_page_without_a_main_element_is_below_nine_tenths(graded: Graded) -> None:
    lacking = [(f"{p.page}: {p.name}", c.likeness) for p, c in graded if p.grade <= MISSING]
    assert len(lacking) > 30
    assert [found for found in lacking if found[1] >= 0.9] == []


def test_what_is_not_quite_alike_has_a_difference_in_words(graded: Graded) -> None:
    silent = [f"{p.page}: {p.name}" for p, c in graded if c.likeness < 0.98 and not c.differences]
    assert silent == []


def test_a_lost_card_is_named_whatever_was_recognized(renderer: Renderer) -> None:
    """The hints know no box at all: the card is found in pixels."""
    name = "rating"
    of = GRADED_PAGES[name]

    def look(page: Page) -> tuple[Render, Render]:
        return draw(page, of, "", ""), draw(page, of, ".card{background:none!important}", "")

    clean, lost = renderer.visit(
        make_bundle_site(bundle(of.html)), look, width=of.width, height=of.height, time_limit=60
    )
    from dataclasses import replace

    hints = replace(hints_from_render(clean), rects=())
    found = compare(picture(clean), hints, lost)
    card = next(box.box for box in clean.boxes if round(box.box.width) == 412)
    assert found.likeness < 0.9
    assert found.differences[0].box.iou(card) > 0.7, found.differences[0].words
