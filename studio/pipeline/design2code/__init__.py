"""The field's standard measure of how well a page reproduces another (Si et al., Design2Code), for tables only.

Never select by it: absolutely positioned text without any style scores 96 of 100. Without CLIP, whose weights are in
no package, it has four parts (the literature's fifth is left out: say "D2C-4"). It follows the reference
implementation where that differs from the paper; numbers agree between runs on one browser and one set of fonts only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inference.task.bundle import ENTRY, Bundle
from studio.pipeline.color import distance
from studio.pipeline.design2code.blocks import Block, find_blocks, merge_same_boxes
from studio.pipeline.design2code.pairing import Pairing, pair_blocks
from studio.pipeline.design2code.preprocess import preprocess
from studio.pipeline.design2code.probe import Probe, probe
from studio.pipeline.page import full_page, screenshot
from studio.pipeline.picture import Pixels, pixels
from studio.pipeline.site import Site, bundle_site, folder_site, with_entry
from studio.pipeline.types import RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from studio.pipeline.render import Renderer

WIDTH, HEIGHT = 1280, 720
TIME_LIMIT = 20.0


@dataclass(frozen=True, slots=True)
class Design2Code:
    """In 0–1. `text`, `position` and `color` are means over matched blocks only: read them beside `block`."""

    block: float
    text: float
    position: float
    color: float


NOTHING = Design2Code(0.0, 0.0, 0.0, 0.0)


def design2code(renderer: Renderer, reference: Path | Bundle, generated: Bundle) -> Design2Code:
    """`reference`: the real page, as the path of its HTML file or as a bundle. Raises RenderError for it alone."""
    prediction = page_blocks(renderer, *_prepared(generated))
    truth = page_blocks(renderer, *_source(reference))
    return score(prediction, truth)


def page_blocks(renderer: Renderer, site: Site, html: str) -> list[Block]:
    """The page's text blocks: from two copies whose texts carry colours that tell which element each pixel is of."""
    first, second = probe(html, offset=0), probe(html, offset=50)
    pictures = [_picture(renderer, site), *(_picture(renderer, with_entry(site, p.html)) for p in (first, second))]
    return merge_same_boxes(find_blocks(first.texts, *pictures))


def score(prediction: Sequence[Block], reference: Sequence[Block]) -> Design2Code:
    if not prediction or not reference:
        return NOTHING
    pairing = pair_blocks(prediction, reference)
    if not pairing.pairs:
        return NOTHING
    count = len(pairing.pairs)
    colors = distance([p.color for p, _, _ in pairing.pairs], [r.color for _, r, _ in pairing.pairs])
    return Design2Code(
        block=_block_score(pairing),
        text=sum(similarity for _, _, similarity in pairing.pairs) / count,
        position=sum(1 - p.offset(r) for p, r, _ in pairing.pairs) / count,
        color=float((1 - colors / 100).clip(0).mean()),
    )


def _block_score(pairing: Pairing) -> float:
    matched = sum(p.area + r.area for p, r, _ in pairing.pairs)
    return matched / (matched + sum(block.area for block in pairing.unmatched))


def _prepared(generated: Bundle) -> tuple[Site, str]:
    """Only the prediction is pre-processed, as in the reference implementation."""
    html = preprocess(generated.files.get(ENTRY, ""))
    return bundle_site(Bundle({**generated.files, ENTRY: html}, generated.assets)), html


def _source(reference: Path | Bundle) -> tuple[Site, str]:
    if isinstance(reference, Bundle):
        return bundle_site(reference), reference.files[ENTRY]
    page = reference / ENTRY if reference.is_dir() else reference
    if not page.is_file():
        raise RenderError(f"There is no page at {page}.")
    return folder_site(page), page.read_text("utf-8", "replace")


def _picture(renderer: Renderer, site: Site) -> Pixels:
    """A page that cannot be rendered counts as white, and white has no blocks."""

    def look(page: Page) -> bytes:
        width, height = full_page(page)
        return screenshot(page, width=width, height=height)

    try:
        return pixels(renderer.visit(site, look, width=WIDTH, height=HEIGHT, time_limit=TIME_LIMIT))
    except RenderError:
        import numpy as np

        return np.full((HEIGHT, WIDTH, 3), 255, np.uint8)


__all__ = ["Block", "Design2Code", "Probe", "design2code", "page_blocks", "score"]
