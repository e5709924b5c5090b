"""Baselines for the loop.

They are pages that deceive one measure or another, and the draft before its fit.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable

from PIL import Image

from inference.types import Usage
from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.loop.attempts import AttemptResult, Result
from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.hints import Hints
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.scoring.quality.measure import measure_quality

Make = Callable[[Image.Image, Hints], Bundle]


def make_trivial_page(mockup: Image.Image, hints: Hints) -> Bundle:
    """Return a page with every text line at its place, in its size and color, and nothing else.

    It has no boxes and no pictures.
    """
    lines = "\n".join(
        f'<p style="position:absolute;margin:0;white-space:nowrap;left:{line.box.x:.0f}px;top:{line.box.y:.0f}px;'
        f'font-size:{line.size:.0f}px;line-height:1;color:{line.color}">{html.escape(line.text)}</p>'
        for line in hints.texts
    )
    page = f"<!DOCTYPE html>\n<title>Page</title>\n<body style='height:{hints.height}px;margin:0'>\n{lines}\n</body>\n"
    return Bundle({ENTRY: page})


def make_unfitted_draft(mockup: Image.Image, hints: Hints) -> Bundle:
    return make_draft(hints, crop_assets(mockup, hints)).bundle


def paste_mockup(mockup: Image.Image, hints: Hints) -> Bundle:
    """Return a page that shows the whole mockup as one picture."""
    shot = io.BytesIO()
    mockup.resize((hints.width, hints.height)).save(shot, "PNG")
    picture = '<img src="all.png" alt="" style="display:block">'
    page = f'<!DOCTYPE html>\n<title>Page</title>\n<body style="margin:0">\n{picture}\n</body>\n'
    return Bundle({ENTRY: page}, {"all.png": shot.getvalue()})


def make_flat_page(mockup: Image.Image, hints: Hints) -> Bundle:
    """Return a page with the mockup's background at its height, and nothing else."""
    style = f"height:{hints.height}px;margin:0;background:{hints.background}"
    return Bundle({ENTRY: f'<!DOCTYPE html>\n<title>Page</title>\n<body style="{style}"></body>\n'})


BASELINES: dict[str, Make] = {
    "trivial": make_trivial_page,
    "pasted": paste_mockup,
    "flat": make_flat_page,
    "draft": make_unfitted_draft,
}


def judge_baseline(mockup: Image.Image, make: Make, renderer: Renderer) -> Result:
    """Return the baseline as a run of one attempt; raises RenderError."""
    hints = find_hints(mockup)
    bundle = make(mockup, hints)
    render = renderer.render(bundle, width=hints.width, height=min(hints.height, 800))
    attempt = AttemptResult(
        0,
        "draft",
        bundle,
        render,
        compare(mockup, hints, render),
        measure_quality(renderer, bundle),
        accepted=True,
    )
    return Result((attempt,), 0, "no model", hints, Usage(), {})
