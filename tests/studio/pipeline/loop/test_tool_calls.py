"""What a model calls is hostile: half characters, long results, many calls after the time is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from inference.types import ToolCall, ToolSpec
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.agent.conversation import (
    MOST_OUTCOME,
    NOT_CARRIED_OUT,
    AgentTool,
    Conversation,
    ToolUse,
    Turn,
    read_arguments,
)
from studio.pipeline.loop.agent.page_files import PageFiles, make_file_tools
from studio.pipeline.tools.results import ToolError, ToolPicture, ToolResult
from tests.studio.runs.tool_caller import ToolCaller, text_of

PAGE = "<p>One</p>\n<p>Two</p>"


def converse(*tools: AgentTool, **watch: Any) -> Conversation:
    return Conversation(ToolCaller("Done."), (), tools, **watch)  # type: ignore[arg-type]


def make_tool(result: ToolResult | ToolError, called: list[str]) -> AgentTool:
    def call(arguments: Mapping[str, Any]) -> ToolResult:
        called.append("called")
        if isinstance(result, ToolError):
            raise result
        return result

    return AgentTool(ToolSpec("look", "Look.", {}), call)


def test_no_call_is_carried_out_once_the_run_has_to_stop() -> None:
    """A turn may have 64 calls of 20 seconds."""
    called: list[str] = []
    conversation = converse(make_tool(ToolResult("Seen."), called), stop=lambda: len(called) >= 2)
    calls = tuple(ToolCall(str(number), "look", "{}") for number in range(64))
    conversation.carry_out(Turn("", calls))
    assert len(called) == 2
    results = [text_of(message) for message in conversation.messages]
    assert results == ["Seen.", "Seen.", *[NOT_CARRIED_OUT] * 62]  # each call has its answer


@pytest.mark.parametrize("result", [ToolResult("x" * 2_000_000), ToolError("x" * 2_000_000)])
def test_what_people_are_told_of_a_result_is_short(result: ToolResult | ToolError) -> None:
    """Every event stays in Redis for a day, and a file may be one line of 2 MB."""
    told: list[ToolUse] = []
    conversation = converse(make_tool(result, []), tell=told.append)
    conversation.carry_out(Turn("", (ToolCall("1", "look", "{}"),)))
    assert [len(use.outcome) for use in told] == [0, MOST_OUTCOME]


def test_pictures_beyond_the_most_are_not_kept() -> None:
    pictures = tuple(ToolPicture(f"picture {number}", b"png") for number in range(3))
    conversation = converse(make_tool(ToolResult("Seen.", pictures=pictures), []))
    conversation.carry_out(Turn("", tuple(ToolCall(str(n), "look", "{}") for n in range(9))))
    words = text_of(conversation.messages[-1])
    assert words.endswith("picture 0; picture 1; picture 2; picture 0.")


def test_half_characters_that_the_arguments_spell_are_joined_or_replaced() -> None:
    call = ToolCall(
        "1", "edit_file", r'{"replace": "\ud83d\ude00 \ud83d", "deep": [{"\ude00": 1}]}'
    )
    assert read_arguments(call) == {"replace": "😀 \ufffd", "deep": [{"\ufffd": 1}]}


@pytest.mark.parametrize("text", ["\ud83d", "a\0b"])
@pytest.mark.parametrize("name", ["write_file", "edit_file"])
def test_a_file_never_holds_what_cannot_be_stored(name: str, text: str) -> None:
    files = PageFiles(Bundle({"index.html": PAGE}))
    tools = {tool.spec.name: tool for tool in make_file_tools(files)}
    arguments = {
        "write_file": {"path": "index.html", "text": text},
        "edit_file": {"path": "index.html", "search": "<p>One</p>", "replace": text},
    }
    with pytest.raises(ToolError, match="U\\+0000 or half characters"):
        tools[name].call(arguments[name])
    assert files.bundle.files == {"index.html": PAGE}
