"""Is it code a person would keep? Plain facts about a page's structure, counted in the browser; no score yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inference.task.bundle import ENTRY, Bundle
from studio.pipeline.page import ask, script
from studio.pipeline.site import bundle_site
from studio.pipeline.types import RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from studio.pipeline.render import Renderer

WIDTHS = (390, 768)  # a phone and a tablet, upright
HEIGHT = 844


@dataclass(frozen=True, slots=True)
class KeepFacts:
    """`absolute_positioned`: elements taken out of the flow that hold text; `overflow`: width → px too wide.

    `elements`: how many of each meaningful kind: nav, list, table, form, heading, landmark, link, button, image.
    """

    inline_styles: int
    absolute_positioned: int
    overflow: Mapping[int, float]
    elements: Mapping[str, int]


def keepability_facts(renderer: Renderer, bundle: Bundle) -> KeepFacts:
    """Raises RenderError."""
    if ENTRY not in bundle.files:
        raise RenderError(f"The bundle has no {ENTRY}.")

    def look(page: Page) -> KeepFacts:
        found = ask(page, script("keep.js"))
        overflow = {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            overflow[width] = float(ask(page, _OVERFLOW))
        return KeepFacts(found["inlineStyles"], found["absolute"], overflow, found["elements"])

    return renderer.visit(bundle_site(bundle), look, width=1280, height=800, time_limit=15.0)


# `innerWidth` grows with the content on a page without a viewport tag, `clientWidth` of the root does not.
_OVERFLOW = """(() => {
  const root = document.documentElement;
  return Math.max(0, Math.max(root.scrollWidth, document.body?.scrollWidth ?? 0) - root.clientWidth);
})()"""
