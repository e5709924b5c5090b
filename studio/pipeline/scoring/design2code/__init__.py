"""The standard measure of how well a page reproduces another (Si et al., Design2Code).

It is for tables only. Never select by it: absolutely positioned text without any style scores 96 of
100. Without CLIP, whose weights are in no package, it has four parts (call it "D2C-4"; the
literature's fifth is left out). It follows the reference implementation where that differs from the
paper. Numbers are comparable only between runs on one browser and one set of fonts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.color import compute_distance
from studio.pipeline.rendering.browser_page import measure_full_page, take_screenshot
from studio.pipeline.rendering.page_files import (
    Site,
    make_bundle_site,
    make_folder_site,
    replace_entry,
)
from studio.pipeline.scoring.design2code.blocks import TextBlock, find_blocks, merge_same_boxes
from studio.pipeline.scoring.design2code.pairing import Pairing, pair_blocks
from studio.pipeline.scoring.design2code.preprocess import preprocess_page
from studio.pipeline.scoring.design2code.probe import OFFSET, Probe, ProbeText, color_texts
from studio.pipeline.scoring.likeness.picture_maps import Pixels, to_pixels
from studio.pipeline.types import RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from studio.pipeline.rendering.render import Renderer

WIDTH, HEIGHT = 1280, 720
TIME_LIMIT = 20.0


@dataclass(frozen=True, slots=True)
class Design2Code:
    """The four parts, each in 0–1.

    `text`, `position` and `color` are means over matched blocks only: read them with `block`.
    """

    block: float
    text: float
    position: float
    color: float


NOTHING = Design2Code(0.0, 0.0, 0.0, 0.0)


def measure_design2code(
    renderer: Renderer, reference: Path | Bundle, generated: Path | Bundle
) -> Design2Code:
    """Compare two pages, each given as the path of its HTML file or as a bundle.

    Raises RenderError if there is no such file.
    """
    site, html = _open_source(generated)
    html = preprocess_page(html)  # of the prediction only, as in the reference implementation
    prediction = find_page_blocks(renderer, replace_entry(site, html), html)
    truth = find_page_blocks(renderer, *_open_source(reference))
    return score(prediction, truth)


def find_page_blocks(renderer: Renderer, site: Site, html: str) -> list[TextBlock]:
    """Return the page's text blocks.

    They are found in two copies whose text colors encode the element of each pixel.
    """
    return merge_same_boxes(find_blocks(*render_probed_page(renderer, site, html)))


def render_probed_page(
    renderer: Renderer, site: Site, html: str
) -> tuple[Sequence[ProbeText], Pixels, Pixels, Pixels]:
    """Return the page's texts, its picture, and the pictures of both copies."""
    first = color_texts(html, offset=0)
    second = color_texts(html, offset=OFFSET)
    original = _take_picture(renderer, site)
    first_picture = _take_picture(renderer, replace_entry(site, first.html))
    second_picture = _take_picture(renderer, replace_entry(site, second.html))
    return first.texts, original, first_picture, second_picture


def score(prediction: Sequence[TextBlock], reference: Sequence[TextBlock]) -> Design2Code:
    if not prediction or not reference:
        return NOTHING
    pairing = pair_blocks(prediction, reference)
    if not pairing.pairs:
        return NOTHING
    count = len(pairing.pairs)
    colors = compute_distance(
        [p.color for p, _, _ in pairing.pairs], [r.color for _, r, _ in pairing.pairs]
    )
    return Design2Code(
        block=_score_blocks(pairing),
        text=sum(similarity for _, _, similarity in pairing.pairs) / count,
        position=sum(1 - p.offset(r) for p, r, _ in pairing.pairs) / count,
        color=float((1 - colors / 100).clip(0).mean()),
    )


def _score_blocks(pairing: Pairing) -> float:
    matched = sum(p.area + r.area for p, r, _ in pairing.pairs)
    return matched / (matched + sum(block.area for block in pairing.unmatched))


def _open_source(source: Path | Bundle) -> tuple[Site, str]:
    if isinstance(source, Bundle):
        return make_bundle_site(source), source.files.get(ENTRY, "")
    page = source / ENTRY if source.is_dir() else source
    if not page.is_file():
        raise RenderError(f"There is no page at {page}.")
    # As UTF-8 even if the page declares another encoding, because its copies are UTF-8 and all three
    # must show the same letters.
    html = page.read_text("utf-8", "replace")
    return replace_entry(make_folder_site(page), html), html


def _take_picture(renderer: Renderer, site: Site) -> Pixels:
    """Return the page's picture; white for a page that cannot be rendered, which has no blocks."""

    def look(page: Page) -> bytes:
        width, height = measure_full_page(page)
        return take_screenshot(page, width=width, height=height)

    try:
        return to_pixels(
            renderer.visit(
                site, look, width=WIDTH, height=HEIGHT, time_limit=TIME_LIMIT, calm=False
            )
        )
    except RenderError:
        import numpy as np

        return np.full((HEIGHT, WIDTH, 3), 255, np.uint8)


__all__ = [
    "Design2Code",
    "Probe",
    "TextBlock",
    "find_page_blocks",
    "measure_design2code",
    "render_probed_page",
    "score",
]
