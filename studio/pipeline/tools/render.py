"""The tool `render`: what a page looks like at a width, and what goes wrong in it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import Image

from studio.pipeline.rendering.browser_page import read_dom_facts, take_screenshot
from studio.pipeline.rendering.page_files import Site
from studio.pipeline.tools.areas import cut_area, encode_png
from studio.pipeline.tools.fences import fence
from studio.pipeline.tools.inputs import RenderInput
from studio.pipeline.tools.results import ToolPicture, ToolResult
from studio.pipeline.tools.workbench import PageSource, Workbench
from studio.pipeline.types import Render

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_PROBLEMS = 10  # sentences; a page that floods its console repeats itself
LONGEST_PROBLEM = 200  # characters
TIME_LIMIT = 20.0  # seconds; a development server may compile a page first


@dataclass(frozen=True, slots=True)
class CheckedRender:
    """A render, and what went wrong: scripts that failed, files that were not there."""

    render: Render
    problems: tuple[str, ...]


def render_page(bench: Workbench, given: RenderInput) -> ToolResult:
    """Return size, overflow and errors of the page, and its picture."""
    page = bench.sources.open_page(given.page)
    bench.report(f"Rendering at {given.width} px")
    checked = render_checked(bench, page, width=given.width, height=given.height, scale=given.ratio)
    render = checked.render
    pictures: tuple[ToolPicture, ...] = ()
    if given.picture:
        png = render.png
        if given.area is not None:
            shown = Image.open(io.BytesIO(png)).convert("RGB")
            png = encode_png(cut_area(shown, given.area.box, render.width))
        pictures = (ToolPicture(f"the page at {given.width} px", png),)
    data = {
        "width": render.width,
        "height": render.height,
        "overflow": round(render.overflow, 1),
        "problems": list(checked.problems),
    }
    return ToolResult(describe_render(checked), data, pictures)


def describe_render(checked: CheckedRender) -> str:
    """Return the render's facts as a few lines."""
    render = checked.render
    lines = [
        f"The page is {render.width} × {render.height} px at a viewport {render.width} px wide."
    ]
    if render.overflow >= 1:
        lines.append(f"It is {render.overflow:.0f} px wider than the viewport.")
    else:
        lines.append("Nothing overflows the viewport.")
    if checked.problems:
        lines += ["Problems:", fence("\n".join(checked.problems))]
    return "\n".join(lines)


def render_checked(
    bench: Workbench, page: PageSource, *, width: int, height: int, scale: float = 1.0
) -> CheckedRender:
    """Render the page and list its problems; raises RenderError when there is no picture."""
    missing: list[str] = []
    inner = page.site
    site = _NotingSite(inner.entry, inner.read, inner.charset, inner, missing)

    def look(shown: Page) -> CheckedRender:
        facts = read_dom_facts(shown)
        png = take_screenshot(shown, width=width, height=facts.height, scale=scale)
        render = Render(png, width, facts.height, facts.texts, facts.boxes, facts.overflow)
        failed = [f"script error: {error}" for error in shown.page_errors()]
        return CheckedRender(render, _shorten([*failed, *missing]))

    return bench.renderer.visit(
        site, look, width=width, height=height, scale=scale, time_limit=TIME_LIMIT
    )


@dataclass(frozen=True)
class _NotingSite(Site):
    """A site that notes what it was asked for and does not have."""

    inner: Site | None = None
    missing: list[str] = field(default_factory=list)

    def answer(self, url: str) -> tuple[bytes, str] | None:
        assert self.inner is not None
        found = self.inner.answer(url)
        if found is None and not url.endswith("/favicon.ico"):
            self._note(f"not loaded: {url[:LONGEST_PROBLEM]}")
        return found

    def _note(self, problem: str) -> None:
        """Keep the first few: a page may ask for thousands of addresses of 2 MB."""
        if len(self.missing) < MOST_PROBLEMS and problem not in self.missing:
            self.missing.append(problem)


def _shorten(problems: Sequence[str]) -> tuple[str, ...]:
    distinct = list(dict.fromkeys(" ".join(problem.split()) for problem in problems))
    return tuple(problem[:LONGEST_PROBLEM] for problem in distinct[:MOST_PROBLEMS])
