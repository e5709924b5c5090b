"""A draft is as regular as the picture allows."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PIL import Image

from studio.pipeline.codegen.draft import Draft, make_draft
from studio.pipeline.fitting.draft import fit
from studio.pipeline.fitting.draft.fit import SHORT_REACH, choose_reach, fit_draft
from studio.pipeline.types import Render
from tests.studio.pipeline.codegen.sketch import article

RENDER = Render(b"", 1280, 800, (), (), 0)


@pytest.mark.parametrize(("cost", "is_regular"), [(0.0, True), (0.009, True), (0.02, False)])
def test_spaces_leave_the_scale_only_where_it_costs_too_much(cost, is_regular):
    draft = make_draft(article().hints(), {})

    def measure(tried: Draft) -> tuple[Render, float]:
        return RENDER, 0.9 - (cost if tried.reach > SHORT_REACH else 0.0)

    chosen, _, score = choose_reach(draft, measure)
    assert (chosen.reach == draft.reach) is is_regular
    assert score == pytest.approx(0.9 - cost if is_regular else 0.9)


@pytest.mark.parametrize(("last", "is_regular"), [(0.905, True), (0.93, False)])
def test_after_the_fit_it_is_asked_once_more(last, is_regular, monkeypatch):
    """Both look equally like the mockup at first; rounding may then stand in the way of corrections."""
    likeness = iter([0.9, 0.9, last])
    monkeypatch.setattr(fit, "compare", lambda *_, **__: SimpleNamespace(likeness=next(likeness)))
    hints = article().hints()
    draft = make_draft(hints, {})
    fitted = fit_draft(draft, hints, Image.new("RGB", (1280, 800)), lambda bundle: RENDER)
    assert (fitted.reach == draft.reach) is is_regular
