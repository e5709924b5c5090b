"""The tool `draft`: the page that rules make of a mockup, in a stack; costs no tokens."""

from __future__ import annotations

from studio.pipeline.bundle import Bundle, list_files
from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.fitting.css.fit_css import fit_code
from studio.pipeline.fitting.draft.fit import fit_draft
from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.kinds import Stack, StackError
from studio.pipeline.tools.compare import describe_comparison, list_scores, measure_page
from studio.pipeline.tools.inputs import DraftInput
from studio.pipeline.tools.results import ToolError, ToolResult
from studio.pipeline.tools.workbench import PageSource, Workbench
from studio.pipeline.types import Render


def draft_page(bench: Workbench, given: DraftInput) -> ToolResult:
    """Return the draft's files, and how much it looks like the mockup."""
    sight = bench.see_mockup(given.mockup, given.width)
    bundle = write_draft(bench, sight, fit=given.fit)
    compared = measure_page(bench, sight, PageSource(make_bundle_site(bundle), bundle))
    files = write_in_stack(bundle, given.stack)
    text = f"A draft in {given.stack}:\n{describe_comparison(compared)}"
    return ToolResult(text, list_scores(compared), files=files)


def write_draft(bench: Workbench, sight: PerceivedMockup, *, fit: bool) -> Bundle:
    """Return the draft as HTML and CSS; `fit` corrects its numbers by rendering it."""
    bench.report("Drafting the layout")
    draft = make_draft(sight.hints, crop_assets(sight.mockup, sight.hints))
    if not fit:
        return draft.bundle
    bench.report("Fitting sizes and gaps")
    width, height = sight.window

    def render(bundle: Bundle) -> Render:
        return bench.renderer.render(bundle, width=width, height=height)

    fitted = fit_draft(draft, sight.hints, sight.mockup, render)
    return fit_code(fitted.bundle, (sight,), bench.renderer, measured=True, stop=bench.stop)


def write_in_stack(bundle: Bundle, stack: Stack) -> dict[str, bytes]:
    """Return the files of the stack's project; a page of HTML and CSS needs nothing more.

    Raises ToolError.
    """
    try:
        return list_files(bundle if stack == "html-css" else conversions.project(bundle, stack))
    except StackError as error:
        raise ToolError(str(error)) from None
