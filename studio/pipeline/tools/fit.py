"""The tool `fit`: a page's numbers and colors corrected so that it matches the mockup."""

from __future__ import annotations

from studio.pipeline.bounds import OutOfBounds, check_code
from studio.pipeline.bundle import Bundle
from studio.pipeline.fitting.css.fit_css import fit_code
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.stacks.sources import detect_stack, make_measured_page
from studio.pipeline.tools.compare import (
    ComparedPage,
    describe_comparison,
    list_scores,
    measure_page,
)
from studio.pipeline.tools.inputs import FitInput
from studio.pipeline.tools.results import ToolError, ToolResult
from studio.pipeline.tools.workbench import PageSource, Workbench


def fit_page(bench: Workbench, given: FitInput) -> ToolResult:
    """Return the files whose numbers changed, with the likeness before and after."""
    page = bench.sources.open_page(given.page)
    if page.bundle is None:
        raise ToolError("fit changes files, and this page is an address; give its folder or file.")
    try:
        check_code(page.bundle.files)
    except OutOfBounds as error:
        raise ToolError(str(error)) from None
    sight = bench.see_mockup(given.mockup, given.width)
    stack = detect_stack(page.bundle, given.stack)
    bench.report("Fitting numbers and colors")
    fitted = fit_code(page.bundle, (sight,), bench.renderer, stack=stack, stop=bench.stop)
    after = measure_page(bench, sight, _show(fitted, stack))
    if fitted is page.bundle:
        words = "No change of a number or color makes the page look more like the mockup."
        return ToolResult(f"{words}\n{describe_comparison(after)}", list_scores(after))
    return _report(
        page.bundle, fitted, measure_page(bench, sight, _show(page.bundle, stack)), after
    )


def _report(old: Bundle, new: Bundle, before: ComparedPage, after: ComparedPage) -> ToolResult:
    changed = {
        name: text.encode() for name, text in new.files.items() if old.files.get(name) != text
    }
    gain = (
        f"likeness {before.comparison.likeness:.4f} before, {after.comparison.likeness:.4f} after"
    )
    text = f"Changed numbers in {', '.join(sorted(changed))}: {gain}.\n{describe_comparison(after)}"
    data = {**list_scores(after), "before": round(before.comparison.likeness, 4)}
    return ToolResult(text, data, files=changed)


def _show(bundle: Bundle, stack: str) -> PageSource:
    return PageSource(make_bundle_site(make_measured_page(bundle, stack)), bundle)
