"""A schema for the answer is sent in each protocol's form; a server that refuses it is asked without."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference.client import connect
from inference.client.local import LocalClient
from inference.engine.service import open_service
from inference.types import Chunk, Message, ModelClient, ModelError, ModelRequest, TextPart
from tests.inference.client.scripted import ScriptedServer, delta, reply, stream
from tests.inference.client.test_protocols import MESSAGES, RESPONSES
from tests.inference.server.conftest import serving

PERSON = {
    "type": "object",
    "properties": {"name": {"enum": ["Ada", "Ben"]}, "age": {"type": "integer", "maximum": 99}},
    "required": ["name", "age"],
    "additionalProperties": False,
}
ASKED = ModelRequest((Message("user", (TextPart("Who?"),)),), temperature=0.0, schema=PERSON)
FINE = [delta(content="yes"), delta("stop")]
NAMED = {"type": "json_schema", "name": "answer", "schema": PERSON, "strict": True}
FORMS: dict[str, tuple[list[str], str, Any]] = {
    "vllm": (
        FINE,
        "response_format",
        {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": PERSON, "strict": True},
        },
    ),
    "openai": (RESPONSES, "text", {"format": NAMED}),
    "anthropic": (
        MESSAGES,
        "output_config",
        {"format": {"type": "json_schema", "schema": PERSON}},
    ),
}


def answer(client: ModelClient, request: ModelRequest = ASKED) -> str:
    return "".join(
        item.text
        for item in client.stream(request)
        if isinstance(item, Chunk) and item.kind == "answer"
    )


@pytest.mark.parametrize("dialect", FORMS)
def test_each_protocol_has_its_field(server: ScriptedServer, dialect: str) -> None:
    events, field, form = FORMS[dialect]
    server.says(stream(*events, done=False))
    client = connect(server.url, model="some-model", dialect=dialect)
    assert answer(client) == "yes"
    assert server.bodies[0][field] == form


@pytest.mark.parametrize("dialect", FORMS)
@pytest.mark.parametrize("is_named", [True, False])
def test_a_server_that_refuses_it_is_asked_without(
    server: ScriptedServer, dialect: str, is_named: bool
) -> None:
    events, field, _ = FORMS[dialect]
    refusal = reply(400, {"error": {"message": "no", "param": field if is_named else None}})
    # Without a name, the thinking switch is left out before; Anthropic's API has none to turn off.
    tries = 1 if is_named or dialect == "anthropic" else 2
    server.says(*[refusal] * tries, stream(*events, done=False), stream(*events, done=False))
    client = connect(server.url, model="some-model", dialect=dialect)
    assert answer(client) == "yes"
    assert answer(client) == "yes"
    told = [field in body for body in server.bodies]
    assert told == [True] * tries + [False, False]


def test_the_engine_in_this_process_follows_it_as_the_server_does(random_checkpoint: Path) -> None:
    local = connect(f"local:{random_checkpoint}")
    assert set(json.loads(answer(local))) == {"name", "age"}
    warm = [replace(ASKED, temperature=1.0, seed=seed) for seed in range(3)]
    with serving(open_service(random_checkpoint)) as server:
        http = connect(f"{server.url}/v1")
        for request in (ASKED, *warm):
            told = answer(local, request)
            assert told == answer(http, request)
            person = json.loads(told)
            assert person["name"] in ("Ada", "Ben")
            assert person["age"] <= 99
        http.close()


def test_the_engine_in_this_process_lets_a_model_think_before(random_checkpoint: Path) -> None:
    local = connect(f"local:{random_checkpoint}")
    assert isinstance(local, LocalClient)
    thinking, plain = (
        local._make_request(replace(ASKED, thinking=thinking)).mask for thinking in (True, False)
    )
    word = local._service.tokenizer.encode("Hm")[0]
    assert thinking is not None
    assert plain is not None
    assert thinking.allowed()[word]
    assert not plain.allowed()[word]


def test_a_schema_that_cannot_be_followed_is_one_sentence(random_checkpoint: Path) -> None:
    local = connect(f"local:{random_checkpoint}")
    with pytest.raises(ModelError, match="cannot be followed"):
        answer(local, replace(ASKED, schema={"type": "object", "unevaluatedProperties": False}))
