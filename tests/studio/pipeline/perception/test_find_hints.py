from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.hint_overlay import draw_overlay
from studio.pipeline.perception.hints import Hints
from studio.pipeline.perception.perceive import find_hints
from tests.studio.pipeline.perception.paper import Paper


def wide_page() -> Paper:
    """1001 px wide: drawn at a ratio of 2 it is wide enough to be taken for doubled."""
    paper = Paper(1001, 500, "#f1f3f5")
    paper.box(0, 0, 1001, 61, "#343a40")
    paper.text(31, 39, "Dashboard", 20, color="#ffffff", bold=True)
    for column in range(3):
        paper.box(31 + 317 * column, 101, 297, 191, "#ffffff", 0, (1, "#adb5bd"))
        paper.text(51 + 317 * column, 151, f"Report {column + 1}", 18)
    paper.photo(31, 331, 197, 121)
    paper.text(251, 391, "The last of the pictures", 16)
    return paper


@pytest.fixture(scope="module")
def image() -> Image.Image:
    return wide_page().picture()


@pytest.fixture(scope="module")
def hints(image: Image.Image) -> Hints:
    return find_hints(image)


def test_hints_survive_json(hints: Hints) -> None:
    assert Hints.from_json(json.loads(json.dumps(hints.to_json()))) == hints


def test_the_same_mockup_gives_the_same_hints_and_crops(image: Image.Image, hints: Hints) -> None:
    again = find_hints(image)
    assert again == hints
    assert crop_assets(image, again) == crop_assets(image, hints)


def test_a_doubled_mockup_is_measured_in_css_pixels(hints: Hints) -> None:
    doubled = find_hints(wide_page().picture(2))
    assert (doubled.scale, doubled.width, doubled.height) == (2, 1001, 500)
    assert [t.text for t in doubled.texts] == [t.text for t in hints.texts]
    for one, two in zip(hints.texts, doubled.texts, strict=True):
        assert abs(one.size - two.size) <= 1
    assert len(doubled.rects) == len(hints.rects)


def test_crops_of_a_doubled_mockup_keep_its_resolution() -> None:
    large = wide_page().picture(2)
    found = find_hints(large)
    (photo,) = found.pictures
    assert photo.box.width == pytest.approx(197, abs=2)
    crop = Image.open(io.BytesIO(crop_assets(large, found)[photo.asset]))
    assert crop.width == round(2 * photo.box.width)


def test_a_wide_mockup_with_odd_edges_is_not_taken_for_doubled() -> None:
    paper = Paper(2003, 300)
    for row in range(5):
        paper.box(31, 20 + 51 * row, 601, 33, "#dbe4ff")
        paper.box(701, 21 + 50 * row, 601, 33, "#dbe4ff")
    assert find_hints(paper.picture()).scale == 1


def test_the_given_scale_is_believed(image: Image.Image) -> None:
    assert (
        find_hints(image.resize((image.width * 2, image.height * 2)), scale=2).width == image.width
    )


def test_an_impossible_scale_is_refused_in_one_sentence(image: Image.Image) -> None:
    with pytest.raises(ValueError, match=r"scale is -1; give a device pixel ratio above 0"):
        find_hints(image, scale=-1)


def test_sections_cover_the_page_and_cut_at_bands(hints: Hints) -> None:
    assert hints.sections[0].top == 0
    assert hints.sections[-1].bottom == hints.height
    assert all(a.bottom == b.top for a, b in zip(hints.sections, hints.sections[1:], strict=False))
    assert (hints.sections[0].bottom, hints.sections[0].background) == (61, "#343a40")


def test_a_tall_page_is_read_to_its_end() -> None:
    paper = Paper(400, 2600)
    words = ["Morning", "Noon", "Evening", "Midnight"]
    for i, word in enumerate(words):
        paper.text(40, 100 + 800 * i, word, 24)
    found = find_hints(paper.picture())
    assert [t.text for t in found.texts] == words
    assert [round(t.baseline) for t in found.texts] == pytest.approx([100, 900, 1700, 2500], abs=1)
    assert len(found.sections) >= 4


def test_the_overlay_marks_what_was_found(image: Image.Image, hints: Hints) -> None:
    before = image.copy()
    overlay = draw_overlay(image, hints)
    assert overlay.size == image.size
    assert (np.asarray(overlay) != np.asarray(image)).any(axis=2).sum() > 500
    assert image == before
