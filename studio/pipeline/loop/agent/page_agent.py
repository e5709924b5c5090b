"""A model working on a run's page: files, and the tools that see, render and measure it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inference.types import ToolSpec
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.agent.conversation import AgentTool
from studio.pipeline.loop.agent.page_files import PageFiles, make_file_tools
from studio.pipeline.loop.attempts import AttemptResult
from studio.pipeline.loop.state import RunState
from studio.pipeline.perception.frame import find_page_hints
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.scoring.quality.fault_sentences import describe_faults
from studio.pipeline.stacks.sources import make_measured_page
from studio.pipeline.tools.calls import call_tool
from studio.pipeline.tools.catalog import find_tool, make_schema, parse_arguments
from studio.pipeline.tools.compare import ComparedPage, report_comparison
from studio.pipeline.tools.inputs import CompareInput
from studio.pipeline.tools.results import ToolError, ToolResult
from studio.pipeline.tools.workbench import MockupSource, PageSource, Workbench
from studio.pipeline.types import Comparison, Render

# What a run knows already, and what its model has no say in.
KNOWN = frozenset({"mockup", "page", "out", "stack", "ignore", "ratio", "height"})
Fit = Callable[[RunState, Bundle], Bundle]
MOCKUP_TOOLS = ("read_mockup",)
PAGE_TOOLS = ("render", "check_quality")


class RunBench(Workbench):
    """The run's own mockups by their width, and the page in its present state."""

    def __init__(self, state: RunState, files: PageFiles) -> None:
        super().__init__(_RunSources(state, files), state.renderer, find_page_hints)
        self.state = state

    def see_mockup(self, name: str, width: int | None = None) -> PerceivedMockup:
        return find_sight(self.state, width)


class _RunSources:
    """See `Sources`. Names are ignored: there is one page."""

    def __init__(self, state: RunState, files: PageFiles) -> None:
        self.state, self.files = state, files

    def open_mockup(self, name: str, width: int | None) -> MockupSource:
        return MockupSource(self.state.first_mockup.mockup, width)

    def open_page(self, name: str) -> PageSource:
        shown = make_measured_page(self.files.bundle, self.state.options.stack)
        return PageSource(make_bundle_site(shown), shown)

    def deliver(self, folder: str, files: Mapping[str, bytes]) -> str:
        raise ToolError("Files of a run are written with write_file.")


class PageAgent:
    """The tools of one run's model. Comparing adds the page as an attempt, under the run's rule."""

    def __init__(self, state: RunState, files: PageFiles, fit_bundle: Fit) -> None:
        self.state, self.files, self.fit_bundle = state, files, fit_bundle
        self.bench = RunBench(state, files)
        self.judged_revision = 0
        self.judged: AttemptResult | None = None

    def make_tools(self) -> list[AgentTool]:
        """Return the tools; those of a mockup are left out when there is none."""
        tools = make_file_tools(self.files)
        names: tuple[str, ...] = PAGE_TOOLS
        if self.state.has_mockup:
            names = (*MOCKUP_TOOLS, *PAGE_TOOLS)
        tools += [self._make_shared_tool(name) for name in names]
        tools.append(self._make_compare_tool())
        if self.state.has_mockup and self.state.options.fit and not self.state.version_to_change:
            spec = ToolSpec(
                "fit", find_tool("fit").description, {"type": "object", "properties": {}}
            )
            tools.append(AgentTool(spec, lambda arguments: self.fit()))
        return tools

    def judge(self) -> AttemptResult | None:
        """Add the page as an attempt if it changed since the last one; return the newest."""
        if self.files.revision != self.judged_revision:
            timings: dict[str, float] = {}
            bundle = Bundle(self.files.bundle.files, self.state.assets)
            self.state.judge_bundle("model", bundle, timings)
            self.judged = self.state.attempts[-1]
            self.judged_revision = self.files.revision
        return self.judged

    def compare(self, arguments: Mapping[str, Any]) -> ToolResult:
        """Judge the page and report it at one width."""
        given = parse_arguments(CompareInput, {"mockup": "-", "page": "-", **arguments})
        attempt = self.judge() or self.state.best
        if attempt is None:
            raise ToolError("There is no page yet: write index.html with write_file.")
        if attempt.error:
            raise ToolError(attempt.error)
        outcome = self._describe_outcome(attempt)
        measured = _find_view(self.state, attempt, given.width)
        if measured is None:
            return ToolResult(outcome)
        sight, render, comparison = measured
        closer = given.area.box if given.area else None
        report = report_comparison(
            ComparedPage(sight, render, comparison), pictures=given.pictures, closer=closer
        )
        return ToolResult(f"{outcome}\n{report.text}", report.data, report.pictures)

    def fit(self) -> ToolResult:
        """Correct the page's numbers; they are written to the files."""
        bundle = Bundle(self.files.bundle.files, self.state.assets)
        with self.state.watch.step("fitting"):
            fitted = self.fit_bundle(self.state, bundle)
        if fitted is bundle:
            return ToolResult("No change of a number makes the page look more like the mockup.")
        changed = [path for path, text in fitted.files.items() if bundle.files.get(path) != text]
        for path in changed:
            self.files.write(path, fitted.files[path])
        return ToolResult(
            f"Corrected numbers in {', '.join(changed)}; compare says what it gained."
        )

    def _describe_outcome(self, attempt: AttemptResult) -> str:
        scores = []
        if attempt.comparison:
            scores.append(f"likeness {attempt.likeness:.4f}")
        scores.append(f"code quality {attempt.quality:.3f}")
        best = self.state.best
        kept = "kept as the best so far"
        if not attempt.accepted and best is not None:
            kept = (
                f"not kept: the best has likeness {best.likeness:.4f}, quality {best.quality:.3f}"
            )
        faults = "".join(f"\n- {fault}" for fault in describe_faults(attempt.keep))
        return f"{', '.join(scores)} ({kept}).{faults}"

    def _make_shared_tool(self, name: str) -> AgentTool:
        tool = find_tool(name)
        schema = make_schema(tool, without=KNOWN)
        fields = [name for name in ("mockup", "page") if name in tool.input.model_fields]
        known: dict[str, Any] = dict.fromkeys(fields, "-")

        def call(arguments: Mapping[str, Any]) -> ToolResult:
            return call_tool(self.bench, name, {**arguments, **known})

        return AgentTool(ToolSpec(name, tool.description, schema), call)

    def _make_compare_tool(self) -> AgentTool:
        tool = find_tool("compare")
        schema = make_schema(tool, without=KNOWN)
        call: Callable[[Mapping[str, Any]], ToolResult] = self.compare
        return AgentTool(ToolSpec("compare", tool.description, schema), call)


def find_sight(state: RunState, width: int | None) -> PerceivedMockup:
    """Return the mockup of this width, or the first; raises ToolError."""
    sights = state.judge.sights
    if width is None and sights:
        return sights[0]
    for sight in sights:
        if sight.hints.width == width:
            return sight
    widths = ", ".join(str(sight.hints.width) for sight in sights) or "none"
    raise ToolError(f"There is no mockup {width} px wide; the widths are: {widths}.")


def _find_view(
    state: RunState, attempt: AttemptResult, width: int | None
) -> tuple[PerceivedMockup, Render, Comparison] | None:
    """Return what was measured at a width; None without a mockup. Raises ToolError."""
    if attempt.comparison is None or attempt.render is None:
        return None
    sight = find_sight(state, width)
    for view in attempt.views:
        if view.width == sight.hints.width:
            return sight, view.render, view.comparison
    return sight, attempt.render, attempt.comparison
