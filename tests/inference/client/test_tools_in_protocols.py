"""Tools in the three protocols: how they are asked for, and how calls come back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inference.client.adaptation import Adaptation
from inference.client.chat_reading import ChatReader
from inference.client.chat_request import build_chat_body
from inference.client.dialects import DIALECTS
from inference.client.messages_reading import MessagesReader
from inference.client.messages_request import build_messages_body
from inference.client.reading import StreamReader
from inference.client.responses_reading import ResponsesReader
from inference.client.responses_request import build_responses_body
from inference.types import Message, ModelRequest, TextPart, ToolCall, ToolSpec

SCHEMA = {"type": "object", "properties": {"width": {"type": "integer"}}}
CALL = ToolCall("call_1", "compare", '{"width": 390}')
REQUEST = ModelRequest(
    (
        Message("system", (TextPart("Work."),)),
        Message("user", (TextPart("A page"),)),
        Message("assistant", (), (CALL,)),
        Message("tool", (TextPart("likeness 0.9"),), answers="call_1"),
    ),
    tools=(ToolSpec("compare", "Measure.", SCHEMA),),
)


def test_chat_completions() -> None:
    body = build_chat_body(REQUEST, "m", DIALECTS["generic"], Adaptation(), 100)
    function = {"name": "compare", "description": "Measure.", "parameters": SCHEMA}
    assert body["tools"] == [{"type": "function", "function": function}]
    called, answered = body["messages"][2:]
    assert called["tool_calls"][0]["function"] == {
        "name": "compare",
        "arguments": '{"width": 390}',
    }
    assert answered == {"role": "tool", "tool_call_id": "call_1", "content": "likeness 0.9"}


def test_anthropics_messages() -> None:
    body = build_messages_body(REQUEST, "m", DIALECTS["anthropic"], Adaptation(), 4096)
    assert body["tools"] == [{"name": "compare", "description": "Measure.", "input_schema": SCHEMA}]
    called, answered = body["messages"][1:]
    assert called["content"] == [
        {"type": "tool_use", "id": "call_1", "name": "compare", "input": {"width": 390}}
    ]
    assert answered["role"] == "user"
    assert answered["content"] == [
        {"type": "tool_result", "tool_use_id": "call_1", "content": "likeness 0.9"}
    ]
    assert "thinking" not in body


def test_openais_responses() -> None:
    body = build_responses_body(REQUEST, "m", DIALECTS["openai"], Adaptation(), 100)
    assert body["tools"][0]["parameters"] == SCHEMA
    called, answered = body["input"][2:]
    assert called == {
        "type": "function_call",
        "call_id": "call_1",
        "name": "compare",
        "arguments": '{"width": 390}',
    }
    assert answered == {
        "type": "function_call_output",
        "call_id": "call_1",
        "output": "likeness 0.9",
    }


CHAT = [
    {
        "choices": [
            {
                "delta": {
                    "tool_calls": [
                        {
                            "index": 0,
                            "id": "call_1",
                            "function": {"name": "compare", "arguments": '{"width"'},
                        }
                    ]
                }
            }
        ]
    },
    {
        "choices": [
            {
                "delta": {"tool_calls": [{"index": 0, "function": {"arguments": ": 390}"}}]},
                "finish_reason": "tool_calls",
            }
        ]
    },
]
MESSAGES = [
    {
        "type": "content_block_start",
        "index": 0,
        "content_block": {"type": "text", "text": "Let me see."},
    },
    {
        "type": "content_block_start",
        "index": 1,
        "content_block": {"type": "tool_use", "id": "call_1", "name": "compare", "input": {}},
    },
    {
        "type": "content_block_delta",
        "index": 1,
        "delta": {"type": "input_json_delta", "partial_json": '{"width"'},
    },
    {
        "type": "content_block_delta",
        "index": 1,
        "delta": {"type": "input_json_delta", "partial_json": ": 390}"},
    },
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
    {"type": "message_stop"},
]
ITEM = {
    "type": "function_call",
    "call_id": "call_1",
    "name": "compare",
    "arguments": '{"width": 390}',
}
RESPONSES = [
    {"type": "response.function_call_arguments.delta", "delta": '{"width"'},
    {"type": "response.output_item.done", "output_index": 1, "item": ITEM},
    {"type": "response.completed", "response": {"output": [ITEM]}},
]


@pytest.mark.parametrize(
    ("reader", "events"),
    [(ChatReader(), CHAT), (MessagesReader(), MESSAGES), (ResponsesReader(), RESPONSES)],
    ids=["chat", "messages", "responses"],
)
def test_calls_are_read_from_a_stream(reader: StreamReader, events: list[dict[str, Any]]) -> None:
    for event in events:
        list(reader.read_line(f"data: {json.dumps(event)}"))
    assert reader.calls.finish() == (CALL,)


@pytest.mark.parametrize(
    ("reader", "body"),
    [
        (
            ChatReader(),
            {
                "choices": [
                    {
                        "message": {
                            "tool_calls": [
                                {
                                    "id": "call_1",
                                    "function": {"name": "compare", "arguments": '{"width": 390}'},
                                }
                            ]
                        }
                    }
                ]
            },
        ),
        (
            MessagesReader(),
            {
                "content": [
                    {"type": "tool_use", "id": "call_1", "name": "compare", "input": {"width": 390}}
                ]
            },
        ),
        (ResponsesReader(), {"output": [ITEM]}),
    ],
    ids=["chat", "messages", "responses"],
)
def test_calls_are_read_from_a_whole_answer(reader: StreamReader, body: dict[str, Any]) -> None:
    list(reader.read_body(json.dumps(body)))
    assert reader.calls.finish() == (CALL,)


def test_thoughts_before_a_call_are_not_the_answer() -> None:
    reader = ResponsesReader()
    thought = {"type": "response.reasoning_text.delta", "delta": "I compare first."}
    for event in (thought, *RESPONSES):
        list(reader.read_line(f"data: {json.dumps(event)}"))
    assert list(reader.finish()) == []
    assert not reader.has_answer


def test_a_reasoning_item_of_a_whole_answer_is_a_thought() -> None:
    items = [
        {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "hm"}]},
        {"type": "message", "content": [{"type": "output_text", "text": "yes"}]},
    ]
    chunks = list(ResponsesReader().read_body(json.dumps({"output": items})))
    assert [(chunk.kind, chunk.text) for chunk in chunks] == [("thinking", "hm"), ("answer", "yes")]
