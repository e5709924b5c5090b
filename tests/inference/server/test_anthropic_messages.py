from __future__ import annotations

import base64
from typing import Any

from tests.inference.server.conftest import Says, Server
from tests.inference.server.test_chat_completions import CALLS

HI: Any = [{"role": "user", "content": "hi there"}]
TOOLS: Any = [
    {"name": "weather", "description": "Tells the weather", "input_schema": {"type": "object"}}
]
THINKING: Any = {"type": "enabled", "budget_tokens": 1024}


def test_an_answer_comes_in_blocks(says: Says) -> None:
    client = says("Let me see.</think>Yes!").anthropic
    got = client.messages.create(model="parrot", messages=HI, max_tokens=2000, thinking=THINKING)
    assert [block.type for block in got.content] == ["thinking", "text"]
    assert got.content[0].thinking == "Let me see."
    assert got.content[1].text == "Yes!"
    assert got.stop_reason == "end_turn"
    assert got.usage.output_tokens > 3


def test_it_does_not_think_unless_asked_to(says: Says) -> None:
    got = says("Yes!").anthropic.messages.create(model="parrot", messages=HI, max_tokens=20)
    assert [(block.type, block.text) for block in got.content] == [("text", "Yes!")]


def test_a_stream_has_the_events_in_order_and_adds_up(says: Says) -> None:
    client = says(f"Hm.</think>{CALLS}").anthropic
    with client.messages.stream(
        model="parrot", messages=HI, max_tokens=2000, thinking=THINKING, tools=TOOLS
    ) as stream:
        kinds = [
            event.type for event in stream if event.type.startswith(("message_", "content_block"))
        ]
        final = stream.get_final_message()
    assert kinds[0] == "message_start"
    assert kinds[-1] == "message_stop"
    assert kinds.count("content_block_start") == kinds.count("content_block_stop") == 4
    assert [block.type for block in final.content] == ["thinking", "text", "tool_use", "tool_use"]
    assert final.content[0].thinking == "Hm."
    assert final.content[1].text == "Let me look."
    assert final.content[2].model_dump(include={"id", "name", "input"}) == {
        "id": "functions.weather:0",
        "name": "weather",
        "input": {"city": "Graz"},
    }
    assert final.content[3].input == {}
    assert final.stop_reason == "tool_use"
    whole = client.messages.create(
        model="parrot", messages=HI, max_tokens=2000, thinking=THINKING, tools=TOOLS
    )
    assert [block.model_dump() for block in whole.content] == [
        block.model_dump(include=set(type(other).model_fields))
        for block, other in zip(final.content, whole.content, strict=True)
    ]
    assert whole.usage.output_tokens == final.usage.output_tokens


def test_why_it_ended_is_told(says: Says) -> None:
    client = says("<b></b> and so on").anthropic
    cut = client.messages.create(model="parrot", messages=HI, max_tokens=3)
    assert cut.stop_reason == "max_tokens"
    stopped = client.messages.create(
        model="parrot", messages=HI, max_tokens=30, stop_sequences=["</b>"]
    )
    assert (stopped.stop_reason, stopped.stop_sequence, stopped.content[0].text) == (
        "stop_sequence",
        "</b>",
        "<b>",
    )


def test_arguments_cut_off_in_the_middle_are_told_as_they_are(says: Says) -> None:
    got = says(
        '<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>{"ci'
    )
    block = got.anthropic.messages.create(
        model="parrot", messages=HI, max_tokens=99, tools=TOOLS
    ).content[0]
    assert block.input == {"_unparsed": '{"ci'}


def test_a_conversation_with_tools_pictures_and_thoughts_becomes_kimis_prompt(
    server: Server, mockup_png: bytes
) -> None:
    picture = {
        "type": "base64",
        "media_type": "image/png",
        "data": base64.b64encode(mockup_png).decode(),
    }
    messages: Any = [
        {
            "role": "user",
            "content": [{"type": "image", "source": picture}, {"type": "text", "text": "Look"}],
        },
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "hm", "signature": ""},
                {
                    "type": "tool_use",
                    "id": "functions.weather:0",
                    "name": "weather",
                    "input": {"city": "Graz"},
                },
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "functions.weather:0", "content": "rain"}
            ],
        },
    ]
    more: Any = {"model": "tiny", "system": "Be brief.", "messages": messages, "tools": TOOLS}
    counted = server.anthropic.messages.count_tokens(**more)
    same: Any = [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "content": [
                {
                    "type": "image_url",
                    "image_url": {"url": f"data:image/png;base64,{picture['data']}"},
                },
                {"type": "text", "text": "Look"},
            ],
        },
        {
            "role": "assistant",
            "content": "",
            "reasoning_content": "hm",
            "tool_calls": [
                {
                    "id": "functions.weather:0",
                    "type": "function",
                    "function": {"name": "weather", "arguments": '{"city": "Graz"}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "functions.weather:0", "content": "rain"},
    ]
    tool = {"name": "weather", "description": "Tells the weather", "parameters": {"type": "object"}}
    asked = server.openai.chat.completions.create(
        model="tiny",
        messages=same,
        max_tokens=1,
        tools=[{"type": "function", "function": tool}],
        extra_body={"chat_template_kwargs": {"thinking": False}},
    )
    assert counted.input_tokens == asked.usage.prompt_tokens > 100
    got = server.anthropic.messages.create(**more, max_tokens=1)
    assert got.usage.input_tokens + got.usage.cache_read_input_tokens == counted.input_tokens
    assert (
        got.usage.cache_read_input_tokens == (counted.input_tokens - 1) // 16 * 16
    )  # the same prompt, token by token
