"""What a request is refused for is told by fields of the error; its words are for people alone."""

from __future__ import annotations

from typing import Any

import pytest

from inference.chat.template import ChatError, render
from inference.engine.engine import RequestError


@pytest.mark.parametrize(
    ("messages", "tools", "field"),
    [
        ([{"role": 3}], [], "messages[0].role"),
        ([{"role": "user", "content": 3}], [], "messages[0].content"),
        ([{"role": "user", "content": [{"type": "x"}]}], [], "messages[0].content[0]"),
        ([{"role": "assistant", "tool_calls": [{}]}], [], "messages[0].tool_calls[0]"),
        ([], [{"function": {}}], "tools[0].function.name"),
    ],
)
def test_a_conversation_that_cannot_be_written_down_names_its_field(
    messages: Any, tools: Any, field: str
) -> None:
    with pytest.raises(ChatError) as raised:
        list(render(messages, tools=tools))
    assert raised.value.field == field
    assert str(raised.value).startswith(f"{field} ")


def test_a_limit_that_cannot_be_met_has_the_name_that_the_api_gives_it() -> None:
    error = RequestError("is 9; allowed are 1 to 5.", limit=True)
    assert str(error) == "max_tokens is 9; allowed are 1 to 5."
    assert (
        error.describe("max_completion_tokens") == "max_completion_tokens is 9; allowed are 1 to 5."
    )
    other = RequestError("The prompt has 0 tokens of max_tokens.")
    assert other.describe("max_completion_tokens") == str(other)
