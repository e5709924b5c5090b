"""The numeric fit: render the draft, see where texts and boxes came to stand, correct the numbers
behind it.

Corrects spaces and widths on the layout tree's nodes, never the code; keeps only what makes the
page likelier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen import write_page
from studio.pipeline.codegen.draft import Draft
from studio.pipeline.fitting.draft.corrections import LEAST, MOST, compute_corrections
from studio.pipeline.perception.hints import Hints
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.types import Render, RenderError

ENOUGH = 0.002  # likeness; a round that gains less is the last
# Errors in px that are corrected, from … to: where all corrections together do harm, some of them
# may still help. A missing space of several hundred px is worth a try; mostly so large an error is
# a layout that went wrong.
TRIED = ((LEAST, 1000.0), (LEAST, MOST), (2.5, MOST))


def fit_draft(
    draft: Draft,
    hints: Hints,
    mockup: Image.Image,
    render_fn: Callable[[Bundle], Render],
    *,
    rounds: int = 4,
) -> Draft:
    """The draft with better numbers, or the same draft. Costs one render for each round and one to
    start with.
    """
    best = draft
    try:
        render = render_fn(_mark_nodes(draft))
        score = compare(mockup, hints, render, heat=False).likeness
        ranges = list(TRIED)
        for _ in range(rounds):
            least, most = ranges[0]
            tried = replace(
                best,
                nudges=compute_corrections(best.tree, render, best.nudges, least=least, most=most),
            )
            if tried.nudges == best.nudges:
                break
            tried_render = render_fn(_mark_nodes(tried))
            likeness = compare(mockup, hints, tried_render, heat=False).likeness
            if likeness > score:
                best, render, gain, score = tried, tried_render, likeness - score, likeness
                if gain < ENOUGH:
                    break
            elif len(ranges) == 1:
                break
            else:
                ranges.pop(0)
    except RenderError:
        pass  # the loop renders the draft again and says what is wrong with it
    return (
        best
        if best is draft
        else replace(best, bundle=write_page(best.tree, best.bundle.assets, nudges=best.nudges))
    )


def _mark_nodes(draft: Draft) -> Bundle:
    return write_page(draft.tree, draft.bundle.assets, nudges=draft.nudges, trace=True)
