"""Makes a labelled draft regular, as an author would have written it, as far as it goes on looking
like the mockup.

Spaces go on a scale of 4 px and what repeats is written once. From as regular as can be to hardly
at all, each is fitted anew, for what rounding moved may be moved back by whole steps; the first
that costs little likeness, and after which no element is missing that was there before, is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen.draft import Draft
from studio.pipeline.fitting.draft.corrections import compute_corrections
from studio.pipeline.perception.hints import Hints
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.types import MISSED, Comparison, Render, RenderError

# Px a space may move (a scale of 4 px asks for no more than 2), px by which twins may be made
# alike.
TRIES = ((2.0, 2.0), (2.0, 1.0), (2.0, 0.0), (1.6, 0.0), (1.2, 0.0), (0.8, 0.0), (0.5, 0.0))
ROUNDS = 2  # of fitting, for one try
COST = 0.005  # likeness; half of what a person may call equally like, for code and fit come after
HOPELESS = 0.08  # likeness: what costs more before it is fitted is not fitted
STEP = 2.0  # px: an error that half a step of the scale could mend


def regularize_spaces(
    draft: Draft,
    hints: Hints,
    mockup: Image.Image,
    render_fn: Callable[[Bundle], Render],
    before: Comparison,
) -> Draft:
    """The draft, expanded as regularly as costs at most `COST` of the likeness `before`."""
    for reach, share in TRIES:
        tried = replace(draft, reach=reach, share=share)
        try:
            found = _fit_until_alike(tried, hints, mockup, render_fn, before)
        except RenderError:
            continue
        if found is not None:
            return found
    return replace(draft, bundle=draft.expanded())


def _fit_until_alike(
    draft: Draft,
    hints: Hints,
    mockup: Image.Image,
    render_fn: Callable[[Bundle], Render],
    before: Comparison,
) -> Draft | None:
    """The draft as soon as a round of corrections looks enough like `before`; None if none does."""
    least = before.likeness - COST
    for round_ in range(ROUNDS + 1):
        render = render_fn(draft.expanded(trace=True))
        found = compare(mockup, hints, render, heat=False)
        if found.likeness >= least and found.missing_cost <= before.missing_cost + MISSED:
            return replace(draft, bundle=draft.expanded())
        if round_ == ROUNDS or found.likeness < least - HOPELESS:
            return None
        draft = replace(
            draft, nudges=compute_corrections(draft.tree, render, draft.nudges, least=STEP)
        )
    return None
