"""Regular spaces for a labelled draft, as far as it still looks like the mockup.

Spaces go on a scale of 4 px, and what repeats is written once. The tries go from most to least
regular. Each is fitted anew, because what rounding moved may be moved back by whole steps. The first
that costs little likeness is taken.
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
from studio.pipeline.types import Render, RenderError

# Px by which a space may change (a scale of 4 px needs at most 2), and px by which similar blocks may
# be made equal.
TRIES = ((2.0, 2.0), (2.0, 1.0), (2.0, 0.0), (1.6, 0.0), (1.2, 0.0), (0.8, 0.0), (0.5, 0.0))
ROUNDS = 2  # of fitting, for one try
COST = 0.015  # likeness
HOPELESS = 0.08  # likeness; a try that costs more before it is fitted is not fitted
STEP = 2.0  # px; an error that half a step of the scale could correct


def regularize_spaces(
    draft: Draft,
    hints: Hints,
    mockup: Image.Image,
    render_fn: Callable[[Bundle], Render],
    likeness: float,
) -> Draft:
    """Return the draft written as regularly as costs at most `COST` of `likeness`."""
    for reach, share in TRIES:
        candidate = replace(draft, reach=reach, share=share)
        try:
            fitted = _fit_until_alike(candidate, hints, mockup, render_fn, likeness - COST)
        except RenderError:
            continue
        if fitted is not None:
            return fitted
    return replace(draft, bundle=draft.expanded())


def _fit_until_alike(
    draft: Draft,
    hints: Hints,
    mockup: Image.Image,
    render_fn: Callable[[Bundle], Render],
    least: float,
) -> Draft | None:
    """Return the draft when a round of corrections reaches `least`; None if none does."""
    for round_ in range(ROUNDS + 1):
        render = render_fn(draft.expanded(trace=True))
        likeness = compare(mockup, hints, render).likeness
        if likeness >= least:
            return replace(draft, bundle=draft.expanded())
        if round_ == ROUNDS or likeness < least - HOPELESS:
            return None
        draft = replace(
            draft, nudges=compute_corrections(draft.tree, render, draft.nudges, least=STEP)
        )
    return None
