"""A model working on one section: its two files, measured alone against its part of the mockup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inference.types import Message, ModelClient, ToolSpec, Usage
from studio.pipeline.bounds import OutOfBounds
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.agent.conversation import AgentTool, Conversation
from studio.pipeline.loop.agent.page_files import PageFiles, make_file_tools
from studio.pipeline.loop.assembly import SectionPart, assemble_page, read_part
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.tools.catalog import find_tool, make_schema, parse_arguments
from studio.pipeline.tools.compare import ComparedPage, report_comparison
from studio.pipeline.tools.inputs import CompareInput
from studio.pipeline.tools.results import ToolError, ToolResult
from studio.pipeline.types import RenderError

HTML, CSS = "section.html", "section.css"
TURNS = 8  # of the model for one section
UNUSED = frozenset({"mockup", "page", "width", "ignore"})


class SectionAgent:
    """One section. `usage` is the sum over its turns; `answer` is what it said without a call."""

    def __init__(
        self, sight: PerceivedMockup, draft: Bundle, *, shared: str, renderer: Renderer
    ) -> None:
        part = read_part(draft)
        self.sight, self.shared, self.renderer = sight, shared, renderer
        self.files = PageFiles(Bundle({HTML: part.html, CSS: part.css}, draft.assets))
        self.usage = Usage()
        self.answer = ""

    @property
    def has_changed(self) -> bool:
        return self.files.revision > 0

    def work(
        self,
        client: ModelClient,
        opening: tuple[Message, ...],
        *,
        thinking: bool,
        tokens: int,
        stop: Callable[[], bool],
    ) -> None:
        """Take turns until the model stops calling or the section's tokens are used up.

        Raises ModelError.
        """
        conversation = Conversation(
            client, opening, self._make_tools(), thinking=thinking, stop=stop
        )
        try:
            for _ in range(TURNS):
                turn = conversation.ask(tokens - conversation.usage.computed_tokens)
                conversation.carry_out(turn)
                if not turn.calls and not turn.cut:
                    self.answer = turn.text
                    return
                if stop() or conversation.usage.computed_tokens >= tokens:
                    return
        finally:
            self.usage = conversation.usage

    def read_part(self) -> SectionPart:
        """Return the section as it is now; raises OutOfBounds."""
        return read_part(self.files.bundle)

    def compare(self, arguments: Mapping[str, Any]) -> ToolResult:
        """Render the section alone and compare it with its part of the mockup."""
        given = parse_arguments(CompareInput, {"mockup": "-", "page": "-", **arguments})
        width, height = self.sight.window
        try:
            page = assemble_page([self.read_part()], self.shared)
            shown = Bundle(page.files, self.files.bundle.assets)
            render = self.renderer.render(shown, width=width, height=height)
        except (RenderError, OutOfBounds) as error:
            raise ToolError(str(error)) from None
        comparison = compare(self.sight.mockup, self.sight.hints, render)
        closer = given.area.box if given.area else None
        compared = ComparedPage(self.sight, render, comparison)
        return report_comparison(compared, pictures=given.pictures, closer=closer)

    def _make_tools(self) -> list[AgentTool]:
        tool = find_tool("compare")
        spec = ToolSpec("compare", tool.description, make_schema(tool, without=UNUSED))
        return [*make_file_tools(self.files), AgentTool(spec, self.compare)]
