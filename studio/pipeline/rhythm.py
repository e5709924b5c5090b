"""Puts a draft's spaces on a scale of 4 px as far as it goes on looking like the mockup.

Tries from every space on the scale to only those that are nearly on it, and takes the first that costs little likeness.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from inference.task.bundle import Bundle
from inference.task.draft import Draft
from inference.task.expand import expand
from inference.task.types import Hints
from studio.pipeline.compare import compare
from studio.pipeline.types import Render, RenderError

REACHES = (2.0, 1.6, 1.2, 0.8, 0.5)  # px a space may move; a scale of 4 px asks for no more than 2
COST = 0.015  # likeness


def on_scale(
    draft: Draft, hints: Hints, mockup: Image.Image, render_fn: Callable[[Bundle], Render], likeness: float
) -> Draft:
    """The draft, expanded with the widest reach that costs at most `COST` of `likeness`; one render for each try."""
    assets = draft.bundle.assets
    for reach in REACHES:
        bundle = expand(draft.tree, assets, nudges=draft.nudges, reach=reach)
        try:
            found = compare(mockup, hints, render_fn(bundle)).likeness
        except RenderError:
            continue
        if found >= likeness - COST:
            return replace(draft, bundle=bundle, reach=reach)
    return replace(draft, bundle=expand(draft.tree, assets, nudges=draft.nudges))
