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

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.color import distance
from studio.pipeline.rendering.browser_page import full_page, screenshot
from studio.pipeline.rendering.page_files import Site, bundle_site, folder_site, with_entry
from studio.pipeline.scoring.design2code.blocks import Block, find_blocks, merge_same_boxes
from studio.pipeline.scoring.design2code.pairing import Pairing, pair_blocks
from studio.pipeline.scoring.design2code.preprocess import preprocess
from studio.pipeline.scoring.design2code.probe import Probe, ProbeText, probe
from studio.pipeline.scoring.likeness.picture_maps import Pixels, pixels
from studio.pipeline.types import RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from studio.pipeline.rendering.render import Renderer

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


def design2code(renderer: Renderer, reference: Path | Bundle, generated: Path | Bundle) -> Design2Code:
    """Either page as the path of its HTML file or as a bundle. Raises RenderError where there is no such file."""
    site, html = _source(generated)
    html = preprocess(html)  # the prediction's alone, as in the reference implementation
    prediction = page_blocks(renderer, with_entry(site, html), html)
    truth = page_blocks(renderer, *_source(reference))
    return score(prediction, truth)


def page_blocks(renderer: Renderer, site: Site, html: str) -> list[Block]:
    """The page's text blocks: from two copies whose texts carry colours that tell which element each pixel is of."""
    return merge_same_boxes(find_blocks(*probed_page(renderer, site, html)))


def probed_page(renderer: Renderer, site: Site, html: str) -> tuple[Sequence[ProbeText], Pixels, Pixels, Pixels]:
    """The page's texts, and its picture beside those of both copies."""
    first, second = probe(html, offset=0), probe(html, offset=50)
    original, *copies = (
        _picture(renderer, page) for page in (site, *(with_entry(site, p.html) for p in (first, second)))
    )
    return first.texts, original, copies[0], copies[1]


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


def _source(source: Path | Bundle) -> tuple[Site, str]:
    if isinstance(source, Bundle):
        return bundle_site(source), source.files.get(ENTRY, "")
    page = source / ENTRY if source.is_dir() else source
    if not page.is_file():
        raise RenderError(f"There is no page at {page}.")
    # As UTF-8, whether the page says so or not: its copies are, and all three must show the same letters.
    html = page.read_text("utf-8", "replace")
    return with_entry(folder_site(page), html), html


def _picture(renderer: Renderer, site: Site) -> Pixels:
    """A page that cannot be rendered counts as white, and white has no blocks."""

    def look(page: Page) -> bytes:
        width, height = full_page(page)
        return screenshot(page, width=width, height=height)

    try:
        return pixels(renderer.visit(site, look, width=WIDTH, height=HEIGHT, time_limit=TIME_LIMIT, calm=False))
    except RenderError:
        import numpy as np

        return np.full((HEIGHT, WIDTH, 3), 255, np.uint8)


__all__ = ["Block", "Design2Code", "Probe", "design2code", "page_blocks", "probed_page", "score"]
