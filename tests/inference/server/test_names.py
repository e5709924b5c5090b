"""One model under several names."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from inference.server.options import ServerOptions
from tests.inference.server.conftest import Says

NAMES = ServerOptions(names=("kimi", "claude-*", "org/model"))
HI: Any = [{"role": "user", "content": "hi"}]


def test_the_names_without_wildcards_are_listed_and_told_of(says: Says) -> None:
    server = says("Yes!", NAMES)
    assert [model.id for model in server.openai.models.list()] == ["kimi", "org/model"]
    assert [model.id for model in server.anthropic.models.list()] == ["kimi", "org/model"]
    assert server.openai.models.retrieve("org/model").max_model_len == 16384
    assert server.openai.models.retrieve("claude-opus-9").id == "claude-opus-9"
    with pytest.raises(openai.NotFoundError, match="model is 'gpt-9'; allowed are 'kimi' and"):
        server.openai.models.retrieve("gpt-9")


@pytest.mark.parametrize("name", ["kimi", "claude-sonnet-9", "org/model"])
def test_each_is_answered_under_the_name_it_was_asked_by(says: Says, name: str) -> None:
    server = says("Yes!", NAMES)
    got = server.openai.chat.completions.create(model=name, messages=HI, max_tokens=9)
    assert got.model == name


def test_another_name_is_refused_with_the_way_to_give_it_one(says: Says) -> None:
    server = says("Yes!", NAMES)
    with pytest.raises(openai.NotFoundError, match="with --name") as caught:
        server.openai.chat.completions.create(model="gpt-9", messages=HI)
    assert caught.value.code == "model_not_found"


def test_unknown_fields_are_ignored_where_that_is_wished_for(says: Says) -> None:
    server = says("Yes!", ServerOptions(unknown="ignore"))
    got = server.openai.chat.completions.create(
        model="parrot",
        messages=HI,
        max_tokens=20,
        extra_body={"tempratur": 1, "thinking": {"x": 1}},
    )
    assert got.choices[0].message.reasoning_content == "Yes!"


def test_the_usual_name_that_is_listed_beside_wildcards_is_served() -> None:
    options = ServerOptions(names=("claude-*",))
    (listed,) = options.listed("tiny")
    assert options.resolve(listed, "tiny") == "tiny"
