"""Answers held to a JSON schema: random weights say nonsense, but nonsense of the right form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.inference.server.conftest import Says, Server

pytest.importorskip("llguidance")
HI: Any = [{"role": "user", "content": "a card, please"}]
SCHEMA: Any = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["card", "list", "nav"]},
        "columns": {"type": "integer", "minimum": 1, "maximum": 12},
        "sticky": {"type": "boolean"},
    },
    "required": ["kind", "columns", "sticky"],
    "additionalProperties": False,
}


def form(schema: Any) -> Any:
    return {"type": "json_schema", "json_schema": {"name": "node", "schema": schema}}


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_every_choice_follows_the_schema(server: Server, temperature: float) -> None:
    got = server.openai.chat.completions.create(
        model="tiny",
        messages=HI,
        n=3,
        seed=1,
        temperature=temperature,
        max_tokens=600,
        response_format=form(SCHEMA),
        extra_body={"chat_template_kwargs": {"thinking": False}},
    )
    for choice in got.choices:
        node = json.loads(choice.message.content)
        assert choice.finish_reason == "stop"
        assert set(node) == {"kind", "columns", "sticky"}
        assert node["kind"] in ("card", "list", "nav")
        assert 1 <= node["columns"] <= 12
        assert isinstance(node["sticky"], bool)


def test_the_schema_holds_from_the_end_of_the_thought(says: Says) -> None:
    # The parrot would go on with text; only JSON is allowed to come after its thought.
    server = says('no braces here</think>{"kind": "nav", "columns": 3, "sticky": true}')
    message: Any = server.openai.chat.completions.create(
        model="parrot", messages=HI, max_tokens=200, response_format=form(SCHEMA)
    )
    assert message.choices[0].message.reasoning_content == "no braces here"
    assert json.loads(message.choices[0].message.content) == {
        "kind": "nav",
        "columns": 3,
        "sticky": True,
    }


def test_any_object_will_do_when_no_schema_is_given(says: Says) -> None:
    got = says('{"a": [1, "b"]}').openai.chat.completions.create(
        model="parrot",
        messages=HI,
        max_tokens=200,
        response_format={"type": "json_object"},
        extra_body={"reasoning_effort": "none"},
    )
    assert json.loads(got.choices[0].message.content) == {"a": [1, "b"]}
