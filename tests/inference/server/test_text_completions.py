"""Prompts as they are, without the chat template."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from tests.inference.server.conftest import Says, Server


def ask(server: Server, **more: Any) -> Any:
    wanted = {"model": "tiny", "prompt": "one two", "temperature": 0, "max_tokens": 6}
    return server.openai.completions.create(**{**wanted, **more})


def test_a_text_is_gone_on_with(says: Says) -> None:
    got = ask(says("Grüße!"), model="parrot", max_tokens=50)
    assert (got.object, got.choices[0].text) == ("text_completion", "Grüße!")
    assert got.choices[0].finish_reason == "stop"
    assert (
        ask(says("Grüße!"), model="parrot", max_tokens=50, echo=True).choices[0].text
        == "one twoGrüße!"
    )


def test_a_text_and_its_tokens_are_the_same_prompt(server: Server) -> None:
    ids = server.service.tokenizer.encode("one two")
    told = ask(server)
    assert ask(server, prompt=ids).choices[0].text == told.choices[0].text
    assert told.usage.prompt_tokens == len(ids)
    assert told.usage.completion_tokens <= 6
    special = ask(server, prompt="<|im_user|>", max_tokens=1)
    assert special.usage.prompt_tokens == 1


def test_several_prompts_are_answered_in_order_with_all_choices(server: Server) -> None:
    alone = [ask(server, prompt=prompt).choices[0].text for prompt in ("one two", "three four")]
    got = ask(server, prompt=["one two", "three four"], n=2)
    assert [choice.index for choice in got.choices] == [0, 1, 2, 3]
    assert [choice.text for choice in got.choices] == [alone[0], alone[0], alone[1], alone[1]]


def test_a_stream_adds_up_and_counts(server: Server) -> None:
    whole = ask(server)
    chunks = list(ask(server, stream=True, stream_options={"include_usage": True}))
    said = "".join(chunk.choices[0].text for chunk in chunks if chunk.choices)
    assert said == whole.choices[0].text
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens


def test_log_probabilities_are_told_by_token(server: Server) -> None:
    got = ask(server, logprobs=2).choices[0].logprobs
    assert len(got.tokens) == len(got.token_logprobs) == len(got.text_offset)
    assert all(value <= 0 for value in got.token_logprobs)
    assert all(1 <= len(top) <= 2 for top in got.top_logprobs)
    ids = (
        ask(server, logprobs=2, extra_body={"return_tokens_as_token_ids": True}).choices[0].logprobs
    )
    assert all(name.startswith("token_id:") for name in ids.tokens)
    assert ids.token_logprobs == got.token_logprobs


def test_tokens_of_the_clients_choice_end_a_text_and_the_models_own_need_not(says: Says) -> None:
    server = says("one two<|im_end|>!")
    stop = server.service.tokenizer.encode("!")[0]
    told = ask(server, model="parrot", max_tokens=50)
    assert (told.choices[0].text, told.choices[0].finish_reason) == ("one two", "stop")
    extra = {"ignore_eos": True, "stop_token_ids": [stop]}
    told = ask(server, model="parrot", max_tokens=50, extra_body=extra)
    assert (told.choices[0].text, told.choices[0].finish_reason) == ("one two", "stop")
    assert told.usage.completion_tokens > 4
    told = ask(server, model="parrot", max_tokens=12, extra_body={"ignore_eos": True})
    assert told.choices[0].finish_reason == "length"
    assert "!" in told.choices[0].text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"prompt": ""}, "prompt is ''; allowed are a text and a list of token ids from 0 to 1023"),
        ({"prompt": [1024]}, "prompt is .1024.; allowed are"),
        ({"prompt": ["a"] * 17}, "prompt is 17; allowed are up to 16 prompts"),
        ({"suffix": "end"}, "suffix is 'end'; allowed is only '' or nothing"),
        ({"echo": True, "logprobs": 1}, "echo cannot be honoured together with logprobs"),
        ({"logprobs": 50}, "logprobs is 50; allowed are whole numbers from 0 to 20"),
    ],
)
def test_a_wrong_field_of_a_text_completion(
    server: Server, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=sentence):
        ask(server, **change)
