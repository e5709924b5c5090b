"""The numeric fit: render the draft, measure where texts and boxes are, correct the numbers.

It corrects spaces and widths of the layout tree's nodes, never the code, and keeps only what makes
the page more like the mockup.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen.draft import Draft
from studio.pipeline.fitting.draft.corrections import LEAST, MOST, compute_corrections
from studio.pipeline.fitting.draft.repairs import repair_regions
from studio.pipeline.perception.hints import Hints
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.types import Render, RenderError

ENOUGH = 0.002  # likeness; a round that gains less is the last
# Px by which spaces may change for the scale where the draft's own reach costs too much likeness.
SHORT_REACH = 0.75
PRICE = 0.01  # likeness that spaces on the scale may cost: what a person calls equally like
REPAIRS = 2  # rounds: a region around a broken one may be broken, too

Measure = Callable[[Draft], tuple[Render, float]]
Fitted = tuple[Draft, float]


# Errors in px that are corrected, from … to. Where all corrections together do harm, some of them may
# still help. A missing space of several hundred px is worth trying, but an error that large is mostly
# a wrong layout.
TRIED = ((LEAST, 1000.0), (LEAST, MOST), (2.5, MOST))


def fit_draft(
    draft: Draft,
    hints: Hints,
    mockup: Image.Image,
    render_fn: Callable[[Bundle], Render],
    *,
    rounds: int = 4,
) -> Draft:
    """Return the draft with better numbers, or the same draft.

    It costs one render per round and two more, as many again with the short reach, and one per round
    of repairs where a region broke.
    """

    def measure(tried: Draft) -> tuple[Render, float]:
        shown = render_fn(tried.expanded(trace=True))
        return shown, compare(mockup, hints, shown, heat=False).likeness

    best = draft
    try:
        best, render, score = choose_reach(draft, measure)
        for _ in range(REPAIRS):
            repaired = replace(best, tree=repair_regions(best.tree, render))
            if repaired.tree is best.tree:
                break
            repaired_render, likeness = measure(repaired)
            if likeness <= score + ENOUGH:
                break
            best, render, score = repaired, repaired_render, likeness
        best, score = _correct(best, render, score, measure, rounds)
        if best.reach > SHORT_REACH:  # rounding may stand in the way of corrections
            exact = replace(best, reach=SHORT_REACH)
            exact_render, likeness = measure(exact)
            exact, likeness = _correct(exact, exact_render, likeness, measure, rounds)
            if likeness > score + PRICE:
                best = exact
    except RenderError:
        pass  # the loop renders the draft again and reports what is wrong with it
    if best is draft:
        return draft
    return replace(best, bundle=best.expanded())


def _correct(draft: Draft, render: Render, score: float, measure: Measure, rounds: int) -> Fitted:
    """Return the draft with its errors corrected as far as likeness rises, and its likeness."""
    ranges = list(TRIED)
    for _ in range(rounds):
        least, most = ranges[0]
        candidate = replace(
            draft,
            nudges=compute_corrections(draft.tree, render, draft.nudges, least=least, most=most),
        )
        if candidate.nudges == draft.nudges:
            break
        candidate_render, likeness = measure(candidate)
        if likeness > score:
            gain = likeness - score
            draft, render, score = candidate, candidate_render, likeness
            if gain < ENOUGH:
                break
        elif len(ranges) == 1:
            break
        else:
            ranges.pop(0)
    return draft, score


def choose_reach(draft: Draft, measure: Measure) -> tuple[Draft, Render, float]:
    """Return the draft as regular as costs at most `PRICE`, with its render and likeness."""
    render, score = measure(draft)
    exact = replace(draft, reach=min(draft.reach, SHORT_REACH))
    if exact.reach == draft.reach:
        return draft, render, score
    exact_render, exact_score = measure(exact)
    if exact_score > score + PRICE:
        return exact, exact_render, exact_score
    return draft, render, score
