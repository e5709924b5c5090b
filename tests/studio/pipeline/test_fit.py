"""The fit puts a draft's texts where the mockup has them, and never makes a page worse. Mockups are
rendered drafts.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen import write_page
from studio.pipeline.codegen.draft import Draft, make_draft
from studio.pipeline.codegen.element import Nudge
from studio.pipeline.fitting.draft.fit import fit_draft
from studio.pipeline.perception.hints import Hints
from studio.pipeline.rendering.render import Renderer, RenderError
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.types import Render
from tests.studio.pipeline.codegen.sketch import article, bill, cards, habitats, login, plans

Rendered = Callable[[Bundle], Render]
PAGES = {
    "article": article,
    "cards": cards,
    "login": login,
    "bill": bill,
    "plans": plans,
    "habitats": habitats,
}


@pytest.fixture
def rendered(renderer: Renderer) -> Rendered:
    return lambda bundle: renderer.render(bundle, width=1280)


def spoiled(draft: Draft, nudges: dict[int, Nudge]) -> Draft:
    return replace(draft, nudges=nudges, bundle=write_page(draft.tree, {}, nudges=nudges))


def shown(render: Render) -> Image.Image:
    return Image.open(io.BytesIO(render.png)).convert("RGB")


def tops(render: Render) -> dict[str, float]:
    return {text.text: text.box.y for text in render.texts}


def likeness(draft: Draft, hints: Hints, mockup: Image.Image, rendered: Rendered) -> float:
    return compare(mockup, hints, rendered(draft.bundle)).likeness


@pytest.mark.parametrize("name", PAGES)
def test_an_unfitted_draft_puts_texts_where_the_mockup_has_them(name: str, rendered: Rendered):
    hints = PAGES[name]().hints()
    found = rendered(make_draft(hints, {}).bundle)
    for line in hints.texts:
        same = [text for text in found.texts if line.text in text.text]
        dom = min(same, key=lambda t: abs(t.box.x - line.box.x) + abs(t.box.cy - line.box.cy))
        assert abs(dom.box.x - line.box.x) <= 3
        assert abs(dom.box.cy - (line.baseline - 0.3 * line.size)) <= 4


@pytest.mark.parametrize("width", [390, 768])
@pytest.mark.parametrize("name", PAGES)
def test_a_draft_does_not_overflow_narrow_screens(name: str, width: int, renderer: Renderer):
    draft = make_draft(PAGES[name]().hints(), {})
    assert renderer.render(draft.bundle, width=width).overflow == 0


def test_a_text_that_stands_too_low_is_lifted(rendered: Rendered):
    hints = article().hints()
    good = make_draft(hints, {})
    mockup = rendered(good.bundle)
    paragraph = next(n for n in good.tree.walk() if n.flow == "text" and n.label.tag == "p")
    bad = spoiled(good, {paragraph.id: Nudge(before=14)})
    fitted = fit_draft(bad, hints, shown(mockup), rendered)
    words = paragraph.lines[0].text
    assert tops(rendered(bad.bundle))[words] - tops(mockup)[words] == 14
    assert abs(tops(rendered(fitted.bundle))[words] - tops(mockup)[words]) <= 1


def test_one_wrong_space_is_corrected_where_it_arose(rendered: Rendered):
    hints = cards().hints()
    good = make_draft(hints, {})
    mockup = shown(rendered(good.bundle))
    row = next(n for n in good.tree.walk() if n.label.role == "cards")
    bad = spoiled(good, {row.id: Nudge(before=20)})
    fitted = fit_draft(bad, hints, mockup, rendered)
    changed = {
        i for i, n in fitted.nudges.items() if abs(n.before - bad.nudges.get(i, Nudge()).before) > 3
    }
    assert changed == {row.id}
    assert likeness(fitted, hints, mockup, rendered) > likeness(bad, hints, mockup, rendered)


@pytest.mark.parametrize("name", ["cards", "bill"])
def test_the_fit_never_makes_a_page_less_like_its_mockup(name: str, rendered: Rendered):
    hints = PAGES[name]().hints()
    draft = make_draft(hints, {})
    mockup = shown(rendered(draft.bundle))
    fitted = fit_draft(draft, hints, mockup, rendered, rounds=1)
    assert likeness(fitted, hints, mockup, rendered) >= likeness(draft, hints, mockup, rendered)


def test_a_fitted_page_carries_no_trace_of_the_measuring(rendered: Rendered):
    hints = article().hints()
    good = make_draft(hints, {})
    mockup = shown(rendered(good.bundle))
    paragraph = next(n for n in good.tree.walk() if n.flow == "text" and n.label.tag == "p")
    fitted = fit_draft(spoiled(good, {paragraph.id: Nudge(before=14)}), hints, mockup, rendered)
    assert " id=" not in fitted.bundle.files["index.html"]


def test_a_draft_that_cannot_be_rendered_comes_back_as_it_was():
    def hangs(bundle: Bundle) -> Render:
        raise RenderError("The page took longer than 10 s.")

    draft = make_draft(article().hints(), {})
    assert (
        fit_draft(draft, article().hints(), Image.new("RGB", (1280, 800), "white"), hangs) is draft
    )
