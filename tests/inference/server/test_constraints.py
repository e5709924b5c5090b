"""Every field that says what an answer has to follow is honoured."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.inference.server.conftest import Says, Server

pytest.importorskip("llguidance")
HI: Any = [{"role": "user", "content": "a word, please"}]
SCHEMA: Any = {
    "type": "object",
    "properties": {"kind": {"enum": ["card", "list"]}},
    "required": ["kind"],
    "additionalProperties": False,
}


def ask(server: Server, **extra: Any) -> str:
    body = {"chat_template_kwargs": {"thinking": False}, **extra}
    got = server.openai.chat.completions.create(
        model="tiny", messages=HI, max_tokens=400, seed=3, extra_body=body
    )
    assert got.choices[0].finish_reason == "stop"
    return str(got.choices[0].message.content)


@pytest.mark.parametrize(
    "field",
    [
        {"guided_json": SCHEMA},
        {"guided_json": json.dumps(SCHEMA)},
        {"json_schema": json.dumps(SCHEMA)},
        {"structured_outputs": {"json": SCHEMA}},
        {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "a", "schema": SCHEMA},
            }
        },
    ],
)
def test_a_schema_is_followed(server: Server, field: dict[str, Any]) -> None:
    assert json.loads(ask(server, **field))["kind"] in ("card", "list")


@pytest.mark.parametrize(
    "field",
    [
        {"regex": "[a-c]{3}-[0-9]"},
        {"guided_regex": "[a-c]{3}-[0-9]"},
        {"structured_outputs": {"regex": "[a-c]{3}-[0-9]"}},
        {"guided_grammar": 'start: LETTERS "-" DIGIT\nLETTERS: /[a-c]{3}/\nDIGIT: /[0-9]/\n'},
        {"structured_outputs": {"grammar": "start: /[a-c]{3}-[0-9]/\n"}},
    ],
)
def test_a_pattern_is_followed(server: Server, field: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-c]{3}-[0-9]", ask(server, **field))


@pytest.mark.parametrize("field", ["guided_choice", "structured_outputs"])
def test_one_of_the_texts_is_chosen(server: Server, field: str) -> None:
    texts = ["a (b)", "c.d*", "Grüße!"]
    value = texts if field == "guided_choice" else {"choice": texts}
    assert ask(server, **{field: value}) in texts


@pytest.mark.parametrize("field", ["output_config", "output_format"])
def test_anthropics_format_is_followed(server: Server, field: str) -> None:
    form = {"type": "json_schema", "schema": SCHEMA}
    body = {field: {"format": form} if field == "output_config" else form}
    got = server.anthropic.messages.create(
        model="tiny", max_tokens=400, messages=HI, extra_body=body
    )
    assert json.loads(got.content[0].text)["kind"] in ("card", "list")


def test_a_budget_ends_the_thought(says: Says) -> None:
    server = says("and so on " * 200 + "</think>Done.")
    got = server.openai.chat.completions.create(
        model="parrot",
        messages=HI,
        max_tokens=900,
        extra_body={"thinking_token_budget": 12},
        temperature=0,
    )
    assert got.usage.completion_tokens_details.reasoning_tokens == 13  # and the one that ends it
    assert got.choices[0].message.reasoning_content.startswith("and so on")


def test_thoughts_are_left_out_where_they_are_not_wanted(says: Says) -> None:
    got = says("Hm.</think>Yes.").openai.chat.completions.create(
        model="parrot", messages=HI, max_tokens=99, extra_body={"include_reasoning": False}
    )
    assert got.choices[0].message.content == "Yes."
    assert not hasattr(got.choices[0].message, "reasoning_content")
