"""What each API's messages become for the chat template."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from pydantic import ValidationError

from inference.server.body import parse_json, write_json
from inference.server.chat_request import ChatRequest, read_completion
from inference.server.errors import Refused, from_validation
from inference.server.messages_request import MessagesRequest, read_message
from inference.server.responses_request import ResponsesRequest, read_response
from tests.inference.server.conftest import Says

DOCUMENT = {"type": "text", "media_type": "text/plain", "data": "All of it."}
TOOLS = [
    {"name": "near", "input_schema": {"type": "object"}},
    {"name": "far", "input_schema": {"type": "object"}, "defer_loading": True},
]


def chat(messages: list[Any], **more: Any) -> Any:
    body = ChatRequest.model_validate({"messages": messages, **more})
    return read_completion(body).chat


def anthropic(messages: list[Any], **more: Any) -> Any:
    body = MessagesRequest.model_validate({"messages": messages, "max_tokens": 9, **more})
    return read_message(body).chat


def response(items: Any, **more: Any) -> Any:
    return read_response(ResponsesRequest.model_validate({"input": items, **more}))


@pytest.mark.parametrize("role", ["system", "developer"])
def test_a_system_message_may_stand_anywhere_in_anthropics_messages(role: str) -> None:
    asked = [
        {"role": "user", "content": "hi"},
        {"role": role, "content": "Be brief."},
        {"role": role, "content": [{"type": "text", "text": "Be kind."}]},
        {"role": "user", "content": "well?"},
    ]
    told = anthropic(asked, system="Be good.").messages
    assert [one["role"] for one in told] == ["system", "user", "system", "system", "user"]
    assert told[3]["content"] == [{"type": "text", "text": "Be kind."}]


def test_a_documents_text_is_told_with_its_title() -> None:
    block = {"type": "document", "source": DOCUMENT, "title": "Plan", "context": "Old."}
    told = anthropic([{"role": "user", "content": [block]}]).messages
    assert told[0]["content"] == [{"type": "text", "text": "Plan\nOld.\nAll of it.\n"}]


def test_a_document_of_blocks_and_one_in_base64_are_texts_too() -> None:
    inner = {"type": "content", "content": [{"type": "text", "text": "One."}]}
    packed = {"type": "base64", "media_type": "text/csv", "data": base64.b64encode(b"a,b").decode()}
    blocks = [{"type": "document", "source": source} for source in (inner, packed)]
    told = anthropic([{"role": "user", "content": blocks}]).messages
    assert [part["text"] for part in told[0]["content"]] == ["One.\n", "a,b\n"]


def test_a_deferred_tool_is_declared_once_a_reference_names_it() -> None:
    asked: list[Any] = [{"role": "user", "content": "hi"}]
    names = [tool["function"]["name"] for tool in anthropic(asked, tools=TOOLS).tools]
    assert names == ["near"]
    found = {"type": "tool_reference", "tool_name": "far"}
    use = {"type": "tool_use", "id": "functions.find:0", "name": "find", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "functions.find:0", "content": [found]}
    asked += [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    chat = anthropic(asked, tools=TOOLS)
    assert [tool["function"]["name"] for tool in chat.tools] == ["near", "far"]
    assert "far is available" in chat.messages[-1]["content"][0]["text"]


def test_an_error_of_a_tool_is_told_as_one() -> None:
    result = {"type": "tool_result", "tool_use_id": "a", "content": "no file", "is_error": True}
    told = anthropic([{"role": "user", "content": [result]}]).messages
    assert told[0]["content"] == "Error: no file"


def test_the_wrong_block_of_a_tools_result_is_named_by_its_place() -> None:
    result = {"type": "tool_result", "tool_use_id": "a", "content": [{"type": "video"}]}
    with pytest.raises(ValidationError) as caught:
        anthropic([{"role": "user", "content": [result]}])
    assert from_validation(caught.value).field == "messages[0].content[0].content[0].type"


def test_refusals_thoughts_and_texts_of_both_names_are_parts() -> None:
    parts = [
        {"type": "thinking", "thinking": "Hm."},
        {"type": "refusal", "refusal": "No."},
        {"type": "output_text", "text": " Sorry."},
    ]
    user = {"role": "user", "content": [{"type": "input_text", "text": "Please."}]}
    told = chat([user, {"role": "assistant", "content": parts}, user]).messages
    assert told[0]["content"] == [{"type": "text", "text": "Please."}]
    assert told[1]["reasoning_content"] == "Hm."
    assert [part["text"] for part in told[1]["content"]] == ["No.", " Sorry."]


def test_a_functions_answer_in_the_old_form_is_a_tools() -> None:
    called = {"role": "assistant", "function_call": {"name": "weather", "arguments": "{}"}}
    told = chat([called, {"role": "function", "name": "weather", "content": "rain"}]).messages
    assert told[0]["tool_calls"][0]["id"] == told[1]["tool_call_id"] == "weather"
    assert told[1]["role"] == "tool"


def test_an_answer_goes_on_where_a_partial_message_ends(says: Says) -> None:
    server = says("day, Ada.")
    asked = [
        {"role": "user", "content": "Greet"},
        {"role": "assistant", "content": "Good ", "partial": True},
    ]
    got = server.openai.chat.completions.create(model="parrot", messages=asked, max_tokens=50)
    assert got.choices[0].message.content == "day, Ada."
    assert not hasattr(got.choices[0].message, "reasoning_content")
    prompt = server.service.prompt(chat(asked).messages, {}, continue_final=True)[0]
    assert server.service.tokenizer.decode(prompt).endswith("<think></think>Good ")


def test_anthropics_last_assistant_message_is_gone_on_with() -> None:
    asked = [{"role": "user", "content": "Greet"}, {"role": "assistant", "content": "Good "}]
    assert anthropic(asked).continue_final
    assert not anthropic(asked[:1]).continue_final


def test_items_of_one_turn_become_one_message() -> None:
    items = [
        {"role": "user", "content": "hi"},
        {
            "type": "reasoning",
            "summary": [],
            "content": [{"type": "reasoning_text", "text": "Hm."}],
        },
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "So."}],
        },
        {"type": "function_call", "call_id": "functions.a:0", "name": "a", "arguments": "{}"},
        {"type": "custom_tool_call", "call_id": "functions.b:1", "name": "b", "input": "x = 1"},
        {"type": "function_call_output", "call_id": "functions.a:0", "output": "one"},
        {"type": "custom_tool_call_output", "call_id": "functions.b:1", "output": "two"},
    ]
    told = response(items, instructions="Be brief.").chat.messages
    assert [one["role"] for one in told] == ["system", "user", "assistant", "tool", "tool"]
    assert told[2]["reasoning_content"] == "Hm."
    assert told[2]["content"] == "So."
    calls = [one["function"] for one in told[2]["tool_calls"]]
    assert calls == [
        {"name": "a", "arguments": "{}"},
        {"name": "b", "arguments": '{"input": "x = 1"}'},
    ]


def test_tools_that_codex_declares_in_an_item_are_declared() -> None:
    inner = {"type": "custom", "name": "exec", "description": "Run", "format": {"type": "text"}}
    agents = {"type": "function", "name": "spawn", "parameters": {"type": "object"}}
    spaces = [
        {"type": "namespace", "name": "functions", "tools": [inner]},
        {"type": "namespace", "name": "agents", "tools": [agents]},
    ]
    items = [
        {"type": "additional_tools", "role": "developer", "tools": spaces},
        {"role": "user", "content": "hi"},
        {"type": "configuration_update", "reasoning": {"effort": "none"}},
    ]
    ask = response(items, tools=[{"type": "web_search"}])
    assert [tool["function"]["name"] for tool in ask.chat.tools] == ["exec", "agents__spawn"]
    assert ask.names.custom == {"exec"}
    assert ask.names.spaces["agents__spawn"] == ("agents", "spawn")
    assert not ask.chat.thinking


def test_half_a_character_becomes_a_sign_that_every_encoding_has(says: Says) -> None:
    assert parse_json(rb'{"a": ["\ud83d", "\ud83d\ude00"]}') == {"a": ["\ufffd", "\U0001f600"]}
    assert write_json({"a": "\ud83d"}) == b'{"a":"?"}'
    server = says("Yes!")
    for content in ("\\ud83d", "\\ud83d\\ude00"):
        body = (
            b'{"model": "parrot", "messages": [{"role": "user", "content": "%s"}]}'
            % content.encode()
        )
        got = server.post("/v1/chat/completions", content=body)
        assert got.status_code == 200, got.text


def test_a_picture_in_an_assistants_message_is_refused() -> None:
    picture = {"type": "input_image", "image_url": "data:image/png;base64,aGk="}
    with pytest.raises(Refused, match="An assistant's message has a picture; allowed is text"):
        response([{"type": "message", "role": "assistant", "content": [picture]}])
