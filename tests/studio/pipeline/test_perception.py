"""What the hints have seen of a page is counted against what shows of it, no more and no less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.pipeline.perception.hints import Box
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.picture_maps import to_pixels
from studio.pipeline.scoring.recognition import compute_edit_distance, measure_recognition
from studio.pipeline.types import Render
from tests.studio.pipeline.pages import HEIGHT, WIDTH, bundle, hints_from_render

HIDDEN = "<p style='color:#fff'>White on white</p><div style='background:#fff;width:300px;height:40px'></div></main>"


@pytest.fixture(scope="module")
def render(renderer: Renderer) -> Render:
    html = bundle().files["index.html"].replace("</main>", HIDDEN)
    return renderer.render(bundle(html), width=WIDTH, height=HEIGHT)


def test_perfect_hints_have_seen_everything_that_shows(render: Render) -> None:
    found = measure_recognition(hints_from_render(render), render, to_pixels(render.png))
    assert (found.error, found.recall) == (0, 1)
    assert found.boxes == 5, "the bar, three cards, the button; not the white box on white"
    assert found.letters > 150


def test_misread_unread_and_invented_letters_are_told_apart(render: Render) -> None:
    hints = hints_from_render(render)
    first, second, *rest = hints.texts
    ghost = replace(second, text="Nothing of the kind", box=Box(300, 380, 90, 12))
    found = measure_recognition(
        replace(hints, texts=(replace(first, text="North 5treet Bakerv"), *rest, ghost)),
        render,
        to_pixels(render.png),
    )
    assert found.wrong == 2
    assert found.unread == len(second.text)
    assert found.invented == len("Nothingofthekind")


def test_boxes_that_are_missed_or_made_up_count(render: Render) -> None:
    hints = hints_from_render(render)
    shown = [rect for rect in hints.rects if rect.fill != "#ffffff"]
    made_up = replace(shown[0], box=Box(500, 300, 60, 60))
    found = measure_recognition(
        replace(hints, rects=(*shown[1:], made_up)), render, to_pixels(render.png)
    )
    assert found.recall == pytest.approx(4 / 5)
    assert found.precision == pytest.approx(4 / 5)


def test_edits_are_counted() -> None:
    assert compute_edit_distance("kitten", "sitting") == 3
    assert (compute_edit_distance("", "abc"), compute_edit_distance("abc", "")) == (3, 3)
