"""Pages that look right to a careless measure: each stays far below an honest draft of the same
mockup.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.loop.baselines import Make, make_flat_page, make_trivial_page, paste_mockup
from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.hints import Hints
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.scoring.quality.measure import measure_quality
from tests.studio.pipeline.pages import Bundle

SAMPLE = Path(__file__).resolve().parents[3] / "static" / "samples" / "harbour.png"


@pytest.fixture(scope="module")
def mockup() -> Image.Image:
    return Image.open(SAMPLE).convert("RGB")


@pytest.fixture(scope="module")
def hints(mockup: Image.Image) -> Hints:
    return find_hints(mockup)


@pytest.fixture(scope="module")
def draft(mockup: Image.Image, hints: Hints) -> Bundle:
    return make_draft(hints, crop_assets(mockup, hints)).bundle


def likeness(renderer: Renderer, mockup: Image.Image, hints: Hints, page: Bundle) -> float:
    return compare(
        mockup, hints, renderer.render(page, width=hints.width, height=hints.height)
    ).likeness


def test_an_honest_draft_is_close(
    renderer: Renderer, mockup: Image.Image, hints: Hints, draft: Bundle
) -> None:
    assert likeness(renderer, mockup, hints, draft) > 0.85  # before its numbers are fitted


@pytest.mark.parametrize("cheat", [paste_mockup, make_flat_page])
def test_without_text_and_structure_a_page_is_not_like_its_mockup(
    renderer: Renderer, mockup: Image.Image, hints: Hints, cheat: Make
) -> None:
    assert likeness(renderer, mockup, hints, cheat(mockup, hints)) < 0.5


def test_text_alone_in_its_place_is_neither_like_it_nor_keepable(
    renderer: Renderer, mockup: Image.Image, hints: Hints, draft: Bundle
) -> None:
    page = make_trivial_page(mockup, hints)
    assert likeness(renderer, mockup, hints, page) < likeness(renderer, mockup, hints, draft) - 0.1
    assert measure_quality(renderer, page).score < measure_quality(renderer, draft).score - 0.3
