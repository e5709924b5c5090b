"""A draft is as regular as the picture allows."""

from __future__ import annotations

import pytest

from studio.pipeline.codegen.draft import Draft, make_draft
from studio.pipeline.fitting.draft.fit import SHORT_REACH, choose_reach
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
