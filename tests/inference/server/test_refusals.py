"""Each refusal names the field, what was got and what is allowed, and leaves nothing behind."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest

from tests.inference.server.conftest import Server, until

HI = [{"role": "user", "content": "hi"}]
JSON = {"content-type": "application/json"}
PNG = "data:image/png;base64,"


def told(content: Any) -> list[Any]:
    return [{"role": "user", "content": content}]


def picture(url: Any) -> list[Any]:
    return told([{"type": "image_url", "image_url": {"url": url}}])


def schema(parameters: Any) -> dict[str, Any]:
    return {
        "tools": [{"type": "function", "function": {"name": "paint", "parameters": parameters}}]
    }


@pytest.mark.parametrize(
    ("change", "status", "field", "sentence"),
    [
        ({"model": "gpt-4"}, 404, "model", "model is 'gpt-4'; allowed is 'tiny'."),
        (
            {"messages": []},
            400,
            "messages",
            "messages is []; allowed is a list of objects with at least one.",
        ),
        ({"messages": "hi"}, 400, "messages", "messages is 'hi'; allowed is a list"),
        ({"messages": [7]}, 400, "messages[0]", "messages[0] is 7; allowed is a JSON object."),
        (
            {"messages": [{"role": "bot"}]},
            400,
            "messages[0].role",
            "messages[0].role is 'bot'; allowed are 'system'",
        ),
        (
            {"messages": told(7)},
            400,
            "messages[0].content",
            "messages[0].content is 7; allowed are a string and",
        ),
        (
            {"messages": told([{"type": "audio"}])},
            400,
            "messages[0].content[0].type",
            "is 'audio'; allowed are 'text'",
        ),
        (
            {"messages": told([{"type": "text"}])},
            400,
            "messages[0].content[0].text",
            "is None; allowed is a string.",
        ),
        (
            {"messages": picture("https://x.test/a.png")},
            400,
            "messages[0].content[0].image_url.url",
            "is data:image/…",
        ),
        (
            {"messages": picture(PNG + "@@@")},
            400,
            "messages[0].content[0].image_url.url",
            "allowed is base64",
        ),
        (
            {"messages": picture(PNG + "aGVsbG8=")},
            400,
            "messages[0].content[0].image_url.url",
            "is no picture",
        ),
        (
            {"messages": [{**HI[0], "tool_calls": 3}]},
            400,
            "messages[0].tool_calls",
            "is 3; allowed is a list",
        ),
        (
            {"temperature": 3},
            400,
            "temperature",
            "temperature is 3; allowed are numbers from 0 to 2.",
        ),
        (
            {"temperature": "hot"},
            400,
            "temperature",
            "temperature is 'hot'; allowed are numbers from 0 to 2.",
        ),
        ({"top_p": -1}, 400, "top_p", "top_p is -1; allowed are numbers from 0 to 1."),
        ({"n": 0}, 400, "n", "n is 0; allowed are whole numbers from 1 to 16."),
        ({"n": True}, 400, "n", "n is True; allowed are whole numbers"),
        ({"max_tokens": 0}, 400, "max_tokens", "max_tokens is 0; allowed are whole numbers from 1"),
        (
            {"max_tokens": 9000},
            400,
            "max_tokens",
            "max_tokens is 9000; allowed are whole numbers from 1 to 8192: this model's",
        ),
        (
            {"max_completion_tokens": 9000},
            400,
            "max_completion_tokens",
            "max_completion_tokens is 9000; allowed are whole",
        ),
        (
            {"messages": told("a b " * 8000)},
            400,
            "messages",
            "This model's maximum context length is 8192 tokens. However, your messages",
        ),
        (
            {"stop": ["a", ""]},
            400,
            "stop",
            "stop is ['a', '']; allowed are a string and a list of up to 16",
        ),
        ({"stream": "yes"}, 400, "stream", "stream is 'yes'; allowed are true and false."),
        ({"seed": 1.5}, 400, "seed", "seed is 1.5; allowed are whole numbers"),
        (
            {"top_logprobs": 2},
            400,
            "top_logprobs",
            "top_logprobs is 2; allowed is it only with logprobs true.",
        ),
        (
            {"frequency_penalty": 3},
            400,
            "frequency_penalty",
            "is 3; allowed are numbers from -2 to 2.",
        ),
        (
            {"repetition_penalty": 0},
            400,
            "repetition_penalty",
            "is 0; allowed are numbers from 0.01 to 100.",
        ),
        ({"logit_bias": {"x": 1}}, 400, "logit_bias", "allowed is an object of token ids"),
        (
            {"logit_bias": {"1024": 1}},
            400,
            "logit_bias",
            "is 1024; allowed are token ids from 0 to 1023.",
        ),
        (
            {"stop_token_ids": [1024]},
            400,
            "stop_token_ids",
            "allowed are token ids from 0 to 1023.",
        ),
        ({"stop_token_ids": [-1]}, 400, "stop_token_ids", "allowed are token ids from 0 to 1023."),
        (
            {"stop_token_ids": [5000], "ignore_eos": True, "min_tokens": 2, "max_tokens": 4},
            400,
            "stop_token_ids",
            "is 5000; allowed are token ids",
        ),
        ({"top_k": -2}, 400, "top_k", "top_k is -2; allowed are whole numbers from -1"),
        (
            {"min_tokens": 9, "max_tokens": 5},
            400,
            "min_tokens",
            "min_tokens is 9; allowed is at most max_tokens.",
        ),
        ({"best_of": 2}, 400, "best_of", "best_of is 2; allowed is only 1 or nothing."),
        (
            {"use_beam_search": True},
            400,
            "use_beam_search",
            "is True; allowed is only False or nothing.",
        ),
        ({"prompt_logprobs": 1}, 400, "prompt_logprobs", "prompt_logprobs cannot be honoured"),
        ({"functions": [{}]}, 400, "functions", "functions cannot be honoured; use tools."),
        (
            {"tempratur": 1},
            400,
            "tempratur",
            "tempratur is not known to this server; leave it out, or serve",
        ),
        (
            {"thinking": {"typ": "on"}},
            400,
            "thinking.typ",
            "thinking.typ is not known to this server",
        ),
        (
            {"regex": "a", "guided_json": {}},
            400,
            "regex",
            "guided_json and regex were given; allowed is one of them.",
        ),
        ({"regex": "("}, 400, "regex", "regex cannot be followed: "),
        (
            {"ignore_eos": True, "regex": "a"},
            400,
            "ignore_eos",
            "cannot be honoured together with regex",
        ),
        (
            {"messages": [{"role": "assistant", "content": "x", "partial": True}, *HI]},
            400,
            "messages[0].partial",
            "allowed is it only on the last message",
        ),
        (
            {"tool_choice": "required"},
            400,
            "tool_choice",
            "tool_choice asks for a call of a tool, but there are no tools.",
        ),
        (
            {**schema({}), "tool_choice": {"type": "function", "function": {"name": "draw"}}},
            400,
            "tool_choice.function.name",
            "is 'draw'; allowed are the names of tools: 'paint'.",
        ),
        (
            {"tool_choice": "always"},
            400,
            "tool_choice",
            "tool_choice is 'always'; allowed are 'auto' and 'none' and 'required'.",
        ),
        (
            {"response_format": {"type": "xml"}},
            400,
            "response_format.type",
            "is 'xml'; allowed are 'text' and 'json_object'",
        ),
        (
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"schema": {"type": "objct"}},
                }
            },
            400,
            "response_format.json_schema.schema",
            "response_format.json_schema.schema cannot be followed: Invalid type: objct.",
        ),
        (
            {"tools": [{"type": "function"}]},
            400,
            "tools[0].function",
            "is None; allowed is a JSON object.",
        ),
        (
            {"tools": [{"type": "function", "function": {}}]},
            400,
            "tools[0].function.name",
            "is None; allowed is a",
        ),
        (
            schema({"properties": [1]}),
            400,
            "tools[0].function.parameters.properties",
            "is [1]; allowed is a JSON object.",
        ),
        (
            schema({"required": 5}),
            400,
            "tools[0].function.parameters.required",
            "is 5; allowed is a list.",
        ),
        (
            schema({"type": [{}]}),
            400,
            "tools[0].function.parameters.type",
            "is [{}]; allowed are a string and a list",
        ),
        (
            schema({"$defs": 3}),
            400,
            "tools[0].function.parameters.$defs",
            "is 3; allowed is a JSON object.",
        ),
        (
            schema({"properties": {"a": {"items": {"anyOf": [{"enum": 3}]}}}}),
            400,
            "tools[0].function.parameters.properties.a.items.anyOf[0].enum",
            "is 3; allowed is a list.",
        ),
        (
            {"messages": [*HI, {"role": "assistant", "reasoning_content": 5}]},
            400,
            "messages[1].reasoning_content",
            "is 5; allowed is a string.",
        ),
        (
            {"thinking": {"type": "on"}},
            400,
            "thinking.type",
            "is 'on'; allowed are 'enabled' and 'disabled'.",
        ),
        (
            {"chat_template_kwargs": {"thinking": 1}},
            400,
            "chat_template_kwargs.thinking",
            "is 1; allowed are true",
        ),
    ],
)
def test_a_wrong_field_of_a_chat_completion(
    server: Server, change: dict[str, Any], status: int, field: str, sentence: str
) -> None:
    body = {"model": "tiny", "messages": HI, **change}
    with pytest.raises(openai.APIStatusError) as caught:
        server.openai.post("/chat/completions", body=body, cast_to=httpx.Response)
    error = caught.value.response.json()["error"]
    assert (caught.value.status_code, error["param"]) == (status, field)
    assert sentence in error["message"]
    assert len(error["message"]) < 300
    assert server.service.live.engine.pool.free == 512


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"model": "claude"}, 404, "model is 'claude'; allowed is 'tiny'."),
        ({"max_tokens": None}, 400, "max_tokens is None; allowed are whole numbers from 1"),
        (
            {"messages": [{"role": "robot", "content": "x"}]},
            400,
            "messages[0].role is 'robot'; allowed are 'user'",
        ),
        (
            {"messages": told([{"type": "audio"}])},
            400,
            "messages[0].content[0].type is 'audio'; allowed are",
        ),
        (
            {
                "messages": told(
                    [
                        {
                            "type": "document",
                            "source": {"type": "base64", "media_type": "application/pdf"},
                        }
                    ]
                )
            },
            400,
            "messages[0].content[0].source.media_type is 'application/pdf'; PDF cannot be read here: send its text",
        ),
        (
            {
                "messages": told(
                    [{"type": "document", "source": {"type": "url", "url": "https://x.test/a.pdf"}}]
                )
            },
            400,
            "messages[0].content[0].source.type is 'url'; allowed are 'text' and 'content'",
        ),
        ({"mcp_servers": [{"url": "https://x.test"}]}, 400, "mcp_servers cannot be honoured"),
        (
            {"output_config": {"format": {"type": "xml"}}},
            400,
            "output_config.format.type is 'xml'; allowed is",
        ),
        (
            {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
            400,
            "tools[0].type is 'web_search_20250305', a tool that Anthropic runs",
        ),
        (
            {
                "messages": told(
                    [{"type": "image", "source": {"type": "url", "url": "https://x.test"}}]
                )
            },
            400,
            "messages[0].content[0].source.type is 'url'; allowed is 'base64'.",
        ),
        (
            {"thinking": {"type": "enabled"}},
            400,
            "thinking.budget_tokens is None; allowed are whole numbers from 1024",
        ),
        ({"system": 7}, 400, "system is 7; allowed is a string."),
        ({"temperature": 1.5}, 400, "temperature is 1.5; allowed are numbers from 0 to 1."),
        (
            {"tool_choice": {"type": "any"}},
            400,
            "tool_choice.type asks for a call of a tool, but there are no tools.",
        ),
        (
            {"tools": [{"name": "paint", "input_schema": {"properties": "all"}}]},
            400,
            "tools[0].input_schema.properties is 'all'; allowed is a JSON object.",
        ),
        (
            {"messages": told([])},
            400,
            "messages[0].content is []; allowed are a string and a list of blocks with at least",
        ),
        ({"stop_sequences": [1]}, 400, "stop_sequences is [1]; allowed are a string and a list"),
    ],
)
def test_a_wrong_field_of_a_message(
    server: Server, change: dict[str, Any], status: int, sentence: str
) -> None:
    body = {"model": "tiny", "messages": HI, "max_tokens": 9, **change}
    got = httpx.post(f"{server.url}/v1/messages", json=body)
    content = got.json()
    assert got.status_code == status
    assert content["type"] == "error"
    assert sentence in content["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "sentence"),
    [
        ("POST", "/v1/chat/completions", b"{", 400, "The body is no JSON"),
        ("POST", "/v1/chat/completions", b"[1]", 400, "the body is [1]; allowed is a JSON object."),
        (
            "POST",
            "/v1/chat/completions",
            b'{"a":' * 101 + b"1" + b"}" * 101,
            400,
            "nested deeper than 100 levels",
        ),
        ("POST", "/v1/messages", b"[" * 100_000, 400, "nested deeper than 100 levels"),
        (
            "POST",
            "/v1/embeddings",
            b"{}",
            404,
            "There is nothing at /v1/embeddings; allowed are /, /health",
        ),
        ("GET", "/v1/messages", b"", 405, "/v1/messages was asked by GET; allowed is POST."),
    ],
)
def test_what_is_no_request_at_all(
    server: Server, method: str, path: str, content: bytes, status: int, sentence: str
) -> None:
    got = httpx.request(method, f"{server.url}{path}", content=content, headers=JSON)
    assert got.status_code == status
    assert sentence in got.json()["error"]["message"]


def test_a_bias_that_is_no_number_is_refused(server: Server) -> None:
    content = b'{"model": "tiny", "messages": [{"role": "user", "content": "hi"}], "logit_bias": {"1": NaN}}'
    got = server.post("/v1/chat/completions", content=content)
    assert got.status_code == 400
    assert got.json()["error"]["param"] == "logit_bias"


def test_a_body_without_end_is_cut_off(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inference.server.body.LARGEST_BODY", 1000)
    got = httpx.post(f"{server.url}/v1/chat/completions", content=b" " * 2000, headers=JSON)
    assert got.status_code == 413
    assert "larger than 1000 bytes" in got.json()["error"]["message"]


def test_a_full_queue_answers_429_and_says_when_to_come_back(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = server.service.live
    hold, step = threading.Event(), live.engine.step
    monkeypatch.setattr(live.engine, "step", lambda: hold.wait(30) and step())

    def ask(choices: int) -> httpx.Response:
        body = {"model": "tiny", "messages": HI, "n": choices, "max_tokens": 5}
        return httpx.post(f"{server.url}/v1/chat/completions", json=body, timeout=60)

    with ThreadPoolExecutor() as pool:
        # 16 may run and 8 wait.
        first, second = pool.submit(ask, 16), pool.submit(ask, 8)
        until(lambda: live.unfinished == 24)
        refused = ask(1)
        hold.set()
        assert first.result().status_code == second.result().status_code == 200
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    sentence = refused.json()["error"]["message"]
    assert re.fullmatch(r"8 requests are waiting already; try again in \d+ s\.", sentence)
    assert ask(1).status_code == 200
