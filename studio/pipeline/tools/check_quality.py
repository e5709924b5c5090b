"""The tool `check_quality`: would a developer merge this code, and what speaks against it."""

from __future__ import annotations

from studio.pipeline.bounds import OutOfBounds, check_code
from studio.pipeline.scoring.quality.fault_sentences import describe_faults
from studio.pipeline.scoring.quality.measure import CodeQuality, collect_facts, score_facts
from studio.pipeline.tools.fences import fence
from studio.pipeline.tools.inputs import CheckQualityInput
from studio.pipeline.tools.results import ToolError, ToolResult
from studio.pipeline.tools.workbench import PageSource, Workbench

MOST_FAULTS = 5  # of the markup


def check_quality(bench: Workbench, given: CheckQualityInput) -> ToolResult:
    """Return the page's code quality with its parts and faults."""
    page = bench.sources.open_page(given.page)
    bench.report("Reading the code at four widths")
    quality = measure_source(bench, page)
    return ToolResult(describe_quality(quality), list_quality(quality))


def measure_source(bench: Workbench, page: PageSource) -> CodeQuality:
    """Measure the page's code as it is served; raises ToolError and RenderError."""
    html = read_entry(page)
    size = len(html)
    if page.bundle is not None:
        texts = page.bundle.files.items()
        size = sum(len(text) for name, text in texts if name.endswith((".html", ".css")))
    return score_facts(collect_facts(bench.renderer, page.site, html, size))


def read_entry(page: PageSource) -> str:
    """Return the page's HTML; raises ToolError when there is none or it is out of bounds."""
    found = page.site.answer(page.site.url)
    if found is None:
        raise ToolError(f"There is no page at {page.site.entry or '/'}.")
    html = found[0].decode("utf-8", "replace")
    try:
        check_code(page.bundle.files if page.bundle else {"index.html": html})
    except OutOfBounds as error:
        raise ToolError(str(error)) from None
    return html


def describe_quality(quality: CodeQuality) -> str:
    """Return the code quality in lines."""
    parts = ", ".join(f"{name} {value:.2f}" for name, value in quality.parts.items())
    lines = [f"code quality {quality.score:.3f} of 1", f"parts: {parts}"]
    lines += [f"- {fault}" for fault in describe_faults(quality)]
    if quality.facts.faults:
        lines += ["markup:", fence("\n".join(quality.facts.faults[:MOST_FAULTS]))]
    return "\n".join(lines)


def list_quality(quality: CodeQuality) -> dict[str, object]:
    """Return the code quality as JSON values."""
    parts = {name: round(value, 4) for name, value in quality.parts.items()}
    return {"quality": round(quality.score, 4), "parts": parts}
