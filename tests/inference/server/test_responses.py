"""OpenAI's Responses API, as its SDK and Codex use it."""

from __future__ import annotations

from typing import Any

import httpx
import openai
import pytest
from openai.types.responses import Response

from inference.server.errors import Refused
from inference.server.response_items import open_thought, seal_thought
from inference.server.response_store import ResponseStore
from tests.inference.server.conftest import Says, Server
from tests.inference.server.test_chat_completions import CALLS

WEATHER: Any = {"type": "function", "name": "weather", "parameters": {"type": "object"}}
TOOLS = [WEATHER, {**WEATHER, "name": "time"}]
CUSTOM = (
    "<|tool_calls_section_begin|><|tool_call_begin|>functions.exec:0<|tool_call_argument_begin|>"
    '{"input": "print(\\"hi\\")"}<|tool_call_end|><|tool_calls_section_end|>'
)


def create(server: Server, **more: Any) -> Response:
    wanted = {"model": "parrot", "input": "hi", "max_output_tokens": 200, **more}
    return server.openai.responses.create(**wanted)


def test_a_response_has_its_thought_and_its_text_as_items(says: Says) -> None:
    got = create(says("Hm.</think>Grüße!"))
    assert got.status == "completed"
    assert [item.type for item in got.output] == ["reasoning", "message"]
    assert got.output[0].content[0].text == "Hm."
    assert got.output_text == "Grüße!"
    assert 0 < got.usage.output_tokens_details.reasoning_tokens < got.usage.output_tokens


def test_a_stream_adds_up_to_the_whole_response(says: Says) -> None:
    server = says(f"Hm.</think>{CALLS}")
    whole = create(server, tools=TOOLS)
    events = list(create(server, tools=TOOLS, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert [event.type for event in events[:2]] == ["response.created", "response.in_progress"]
    final = events[-1].response
    assert events[-1].type == "response.completed"
    assert [item.type for item in final.output] == [
        "reasoning",
        "message",
        "function_call",
        "function_call",
    ]
    assert final.output[2].arguments == '{"city": "Graz"}'
    assert final.output[2].call_id == "functions.weather:0"
    same = {"id", "content", "arguments", "name", "call_id", "type", "role", "status"} - {"id"}
    assert [item.model_dump(include=same) for item in final.output] == [
        item.model_dump(include=same) for item in whole.output
    ]
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == final.output_text == "Let me look."


def test_a_tool_that_takes_a_text_gets_the_text_alone(says: Says) -> None:
    tools = [{"type": "custom", "name": "exec"}]
    events = list(create(says(f"</think>{CUSTOM}"), tools=tools, stream=True))
    item = events[-1].response.output[-1]
    assert (item.type, item.name, item.input) == ("custom_tool_call", "exec", 'print("hi")')
    kinds = [event.type for event in events]
    assert kinds.count("response.custom_tool_call_input.delta") == 1


def test_an_answer_that_was_cut_off_is_incomplete(says: Says) -> None:
    got = create(says("and so on and so on"), max_output_tokens=3, reasoning={"effort": "none"})
    assert got.status == "incomplete"
    assert got.incomplete_details.reason == "max_output_tokens"


def test_a_thought_comes_back_sealed_where_that_is_asked_for(says: Says) -> None:
    got = create(says("Hm.</think>Yes."), include=["reasoning.encrypted_content"], store=False)
    assert open_thought(got.output[0].encrypted_content) == "Hm."
    assert open_thought(seal_thought("Grüße")) == "Grüße"
    assert open_thought("gAAAAB-of-another-server") == ""


def test_text_follows_a_schema(server: Server) -> None:
    schema = {"type": "object", "properties": {"a": {"enum": [1, 2]}}, "required": ["a"]}
    form = {"format": {"type": "json_schema", "name": "a", "schema": schema}}
    got = create(server, model="tiny", text=form, reasoning={"effort": "none"})
    assert got.output_text.replace(" ", "").replace("\n", "")[:5] == '{"a":'


def test_an_overflow_is_an_event_of_a_stream_and_an_error_else(server: Server) -> None:
    events = list(create(server, model="tiny", input="a b " * 8000, stream=True))
    assert [event.type for event in events][-1] == "response.failed"
    assert events[-1].response.error.code == "context_length_exceeded"
    with pytest.raises(openai.BadRequestError, match="maximum context length is 8192 tokens"):
        create(server, model="tiny", input="a b " * 8000)


def test_a_client_may_refer_to_what_was_answered(says: Says) -> None:
    server = says("Hm.</think>Yes.")
    first = create(server, input="hi")
    second = create(server, input="go on", previous_response_id=first.id)
    assert second.previous_response_id == first.id
    assert second.usage.input_tokens > first.usage.input_tokens
    referred: Any = [{"type": "item_reference", "id": item.id} for item in first.output]
    asked = [{"role": "user", "content": "hi"}, *referred, {"role": "user", "content": "go on"}]
    assert create(server, input=asked).usage.input_tokens == second.usage.input_tokens
    assert server.openai.responses.retrieve(first.id).output_text == "Yes."
    server.openai.responses.delete(first.id)
    with pytest.raises(openai.NotFoundError, match="send the whole input instead"):
        create(server, previous_response_id=first.id)


def test_a_response_that_is_not_to_be_stored_is_not(says: Says) -> None:
    server = says("</think>Yes.")
    got = create(server, store=False)
    with pytest.raises(openai.NotFoundError, match="which is not kept"):
        server.openai.responses.retrieve(got.id)


def test_the_oldest_responses_go_first_and_memory_is_bounded() -> None:
    store = ResponseStore(most_bytes=3000)
    for number in range(50):
        item = {"id": f"msg_{number}", "type": "message"}
        store.keep({"id": f"resp_{number}", "output": [item]}, ["x" * 500])
    assert store.find("resp_49").told["id"] == "resp_49"
    with pytest.raises(Refused, match="not kept"):
        store.find("resp_0")
    store.keep({"id": "huge", "output": []}, ["x" * 5000])
    with pytest.raises(Refused, match="not kept"):
        store.find("huge")
    assert store.kept_bytes <= 3000


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"input": 7}, "input", "input is 7; allowed are a string and a list of items."),
        ({"input": []}, "input", "input is []; allowed is a list of items with at least one."),
        ({"input": [{"type": "shell_call"}]}, "input[0].type", "is 'shell_call'; allowed are"),
        ({"input": [{"type": "item_reference", "id": "x"}]}, "input[0].id", "which is not kept"),
        ({"background": True}, "background", "background is True; allowed is only False"),
        ({"truncation": "auto"}, "truncation", "is 'auto'; allowed is only 'disabled' or nothing"),
        ({"conversation": "c"}, "conversation", "conversation cannot be honoured"),
        ({"include": ["file_search_call.results"]}, "include[0]", "allowed are 'reasoning.encr"),
        ({"tools": [{"type": "function"}]}, "tools[0].name", "is None; allowed is a string."),
        ({"tools": [7]}, "tools[0]", "tools[0] is 7; allowed is a JSON object."),
        (
            {"tools": [WEATHER], "tool_choice": {"type": "web_search"}},
            "tool_choice.type",
            "for this server runs no tools",
        ),
    ],
)
def test_a_wrong_field_of_a_response(
    server: Server, change: dict[str, Any], field: str, sentence: str
) -> None:
    got = httpx.post(f"{server.url}/v1/responses", json={"model": "tiny", "input": "hi", **change})
    error = got.json()["error"]
    assert got.status_code in (400, 404)
    assert error["param"] == field
    assert sentence in error["message"]
