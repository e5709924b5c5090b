"""Calls that are asked for are forced by a grammar, whatever the model would rather say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.inference.server.conftest import Says, Server
from tests.inference.server.test_chat_completions import CALLS

pytest.importorskip("llguidance")
HI: Any = [{"role": "user", "content": "How is it?"}]
CITY = {
    "type": "object",
    "properties": {"city": {"enum": ["Graz", "Wien"]}, "days": {"enum": [1, 2]}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
INSTANT = {"chat_template_kwargs": {"thinking": False}}


def tool(name: str, **more: Any) -> Any:
    return {"type": "function", "function": {"name": name, "parameters": CITY, **more}}


def ask(server: Server, **more: Any) -> Any:
    wanted = {"model": "tiny", "messages": HI, "max_tokens": 900, "extra_body": INSTANT, "seed": 1}
    return server.openai.chat.completions.create(**{**wanted, **more}).choices[0]


def check(call: Any) -> None:
    arguments = json.loads(call.function.arguments)
    assert set(arguments) == {"city", "days"}
    assert arguments["city"] in ("Graz", "Wien")


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_required_call_is_made_and_follows_its_schema(server: Server, temperature: float) -> None:
    got = ask(
        server,
        tools=[tool("weather"), tool("climate")],
        tool_choice="required",
        parallel_tool_calls=False,
        temperature=temperature,
    )
    assert got.finish_reason == "tool_calls"
    (call,) = got.message.tool_calls
    assert call.function.name in ("weather", "climate")
    check(call)


def test_a_named_call_is_the_one_that_is_made(server: Server) -> None:
    choice = {"type": "function", "function": {"name": "climate"}}
    got = ask(server, tools=[tool("weather"), tool("climate")], tool_choice=choice)
    (call,) = got.message.tool_calls
    assert (call.function.name, call.id) == ("climate", "functions.climate:0")
    check(call)


@pytest.mark.parametrize("choice", [{"type": "any"}, {"type": "tool", "name": "weather"}])
def test_anthropics_choices_are_forced_as_well(server: Server, choice: dict[str, Any]) -> None:
    got = server.anthropic.messages.create(
        model="tiny",
        max_tokens=900,
        messages=HI,
        tools=[{"name": "weather", "input_schema": CITY}],
        tool_choice={**choice, "disable_parallel_tool_use": True},
    )
    assert got.stop_reason == "tool_use"
    (block,) = got.content
    assert block.name == "weather"
    assert block.input["city"] in ("Graz", "Wien")


def test_a_forced_response_calls_its_function(server: Server) -> None:
    got = server.openai.responses.create(
        model="tiny",
        input="How is it?",
        max_output_tokens=900,
        reasoning={"effort": "none"},
        tools=[{"type": "function", "name": "weather", "parameters": CITY}],
        tool_choice={"type": "function", "name": "weather"},
    )
    (item,) = got.output
    assert json.loads(item.arguments)["city"] in ("Graz", "Wien")


def test_a_thought_may_come_first_but_the_answer_cannot_end_in_it(says: Says) -> None:
    # The parrot would end within its thought; it has to go on until it ends the thought.
    server = says("Hm.<|im_end|></think>")
    got = ask(
        server,
        model="parrot",
        tools=[tool("weather")],
        tool_choice="required",
        parallel_tool_calls=False,
        extra_body={},
        temperature=0,
    )
    assert got.message.reasoning_content.startswith("Hm.")
    check(got.message.tool_calls[0])


def test_a_strict_tool_is_held_to_its_schema_when_it_is_called_freely(says: Says) -> None:
    # The parrot writes arguments that the schema does not have.
    got = ask(says(CALLS), model="parrot", tools=[tool("weather", strict=True)], temperature=0)
    assert got.message.content == "Let me look."
    check(got.message.tool_calls[0])
    free = ask(says("No call at all."), model="parrot", tools=[tool("weather", strict=True)])
    assert (free.message.content, free.message.tool_calls) == ("No call at all.", None)


def test_one_call_at_a_time_ends_the_answer_after_the_first(says: Says) -> None:
    server = says(CALLS)
    tools = [tool("weather"), tool("time")]
    assert len(ask(server, model="parrot", tools=tools).message.tool_calls) == 2
    got = ask(server, model="parrot", tools=tools, parallel_tool_calls=False)
    assert [call.function.name for call in got.message.tool_calls] == ["weather"]
    assert got.finish_reason == "tool_calls"


def test_no_tool_is_declared_when_none_may_be_called(server: Server) -> None:
    def tokens(**more: Any) -> int:
        wanted = {"model": "tiny", "messages": HI, "max_tokens": 1, **more}
        return server.openai.chat.completions.create(**wanted).usage.prompt_tokens

    assert tokens(tools=[tool("weather")], tool_choice="none") == tokens()
    assert tokens(tools=[tool("weather")]) > tokens()


def test_a_calls_id_is_never_that_of_an_earlier_one(says: Says) -> None:
    called = {
        "id": "functions.weather:0",
        "type": "function",
        "function": {"name": "weather", "arguments": "{}"},
    }
    asked = [
        *HI,
        {"role": "assistant", "tool_calls": [called]},
        {"role": "tool", "tool_call_id": "functions.weather:0", "content": "rain"},
    ]
    got = ask(says(CALLS), model="parrot", messages=asked, tools=[tool("weather"), tool("time")])
    assert [call.id for call in got.message.tool_calls] == [
        "functions.weather:1",
        "functions.time:1",
    ]
    assert [call.function.name for call in got.message.tool_calls] == ["weather", "time"]
