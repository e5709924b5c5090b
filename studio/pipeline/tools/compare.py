"""The tool `compare`: how much a page looks like its mockup, and what differs, worst first."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from studio.pipeline.perception.hints import Box
from studio.pipeline.prompting.difference_crops import crop_differences, draw_side_by_side
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.tools.areas import cut_area, mask_mockup, mask_render
from studio.pipeline.tools.fences import fence
from studio.pipeline.tools.inputs import CompareInput
from studio.pipeline.tools.read_mockup import describe_box
from studio.pipeline.tools.render import render_checked
from studio.pipeline.tools.results import ToolPicture, ToolResult
from studio.pipeline.tools.workbench import PageSource, Workbench
from studio.pipeline.types import Comparison, Difference, Render

MOST_DIFFERENCES = 20  # the worst ones carry nearly all of the lost score


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """A page beside its mockup. In both, ignored areas are painted over."""

    sight: PerceivedMockup
    render: Render
    comparison: Comparison
    problems: tuple[str, ...] = ()


def compare_page(bench: Workbench, given: CompareInput) -> ToolResult:
    """Return likeness, parts and differences; pictures where they are asked for."""
    page = bench.sources.open_page(given.page)
    sight = bench.see_mockup(given.mockup, given.width)
    areas = [area.box for area in given.ignore]
    compared = measure_page(bench, sight, page, areas)
    closer = given.area.box if given.area else None
    return report_comparison(compared, pictures=given.pictures, closer=closer)


def measure_page(
    bench: Workbench, sight: PerceivedMockup, page: PageSource, ignore: Sequence[Box] = ()
) -> ComparedPage:
    """Render the page at the mockup's width and compare the two; raises RenderError."""
    width, height = sight.window
    bench.report(f"Rendering at {width} px")
    checked = render_checked(bench, page, width=width, height=height)
    bench.report("Comparing")
    masked = mask_mockup(sight, ignore)
    render = mask_render(checked.render, ignore, sight.hints.background)
    comparison = compare(masked.mockup, masked.hints, render)
    return ComparedPage(masked, render, comparison, checked.problems)


def report_comparison(
    compared: ComparedPage, *, pictures: bool = False, closer: Box | None = None
) -> ToolResult:
    """Return a comparison as text, data and pictures; `closer` is an area to show in full size."""
    shown: list[ToolPicture] = []
    if closer is not None:
        shown.append(ToolPicture("the area: mockup left, page right", draw_area(compared, closer)))
    if pictures:
        crops = crop_differences(compared.sight, compared.render, compared.comparison)
        shown += [ToolPicture("a worst place: mockup left, page right", crop) for crop in crops]
        shown.append(ToolPicture("heat-map: what differs is red", compared.comparison.heatmap))
    return ToolResult(describe_comparison(compared), list_scores(compared), tuple(shown))


def describe_comparison(compared: ComparedPage) -> str:
    """Return the comparison in lines for a model or a person."""
    comparison, hints, render = compared.comparison, compared.sight.hints, compared.render
    parts = ", ".join(f"{name} {value:.3f}" for name, value in comparison.parts.items())
    lines = [
        f"likeness {comparison.likeness:.4f} of 1 at {hints.width} px",
        f"parts: {parts}",
        f"the mockup is {hints.width} × {hints.height} px, the page {render.width} × {render.height} px",
    ]
    if render.overflow >= 1:
        lines.append(f"the page is {render.overflow:.0f} px wider than the viewport")
    differences = comparison.differences[:MOST_DIFFERENCES]
    if differences:
        numbered = [
            f"{number}. {write_difference(one)}" for number, one in enumerate(differences, 1)
        ]
        lines += ["worst differences first:", fence("\n".join(numbered))]
    else:
        lines.append("No significant differences.")
    if compared.problems:
        lines += ["problems:", fence("\n".join(compared.problems))]
    return "\n".join(lines)


def write_difference(difference: Difference) -> str:
    """Return one difference with its place, its element and its share of the lost score."""
    element = f", element {difference.element}" if difference.element else ""
    place = describe_box(difference.box)
    return f"{difference.words} ({place}{element}, {difference.lost:.0%} of the loss)"


def list_scores(compared: ComparedPage) -> dict[str, object]:
    """Return the comparison as JSON values."""
    comparison = compared.comparison
    return {
        "likeness": round(comparison.likeness, 4),
        "parts": {name: round(value, 4) for name, value in comparison.parts.items()},
        "width": compared.sight.hints.width,
        "overflow": round(compared.render.overflow, 1),
        "differences": [
            {
                "words": one.words,
                "kind": one.kind,
                "lost": round(one.lost, 4),
                "element": one.element,
                "box": [round(n, 1) for n in (one.box.x, one.box.y, one.box.width, one.box.height)],
            }
            for one in comparison.differences[:MOST_DIFFERENCES]
        ],
        "problems": list(compared.problems),
    }


def draw_area(compared: ComparedPage, area: Box) -> bytes:
    """Return an area as a PNG, the mockup on the left and the page on the right.

    Raises ToolError when it lies outside the mockup.
    """
    hints, render = compared.sight.hints, compared.render
    mockup = compared.sight.mockup.resize((hints.width, hints.height))
    cut_area(mockup, area, hints.width)
    page = Image.open(io.BytesIO(render.png)).convert("RGB").resize((render.width, render.height))
    return draw_side_by_side(mockup, page, area)
