"""Anthropic's messages and OpenAI's responses, beside chat completions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inference.client import connect
from inference.types import (
    Chunk,
    Finished,
    ImagePart,
    Message,
    ModelError,
    ModelRequest,
    TextPart,
    Usage,
)
from tests.inference.client.scripted import ScriptedServer, delta, reply, stream

ASKED = ModelRequest(
    (
        Message("system", (TextPart("Be brief."),)),
        Message("user", (ImagePart(b"png", "image/png"), TextPart("What is it?"))),
        Message("assistant", (TextPart("A page."),)),
        Message("user", (TextPart("Write it."),)),
    ),
    thinking=True,
    max_tokens=4_096,
)
KEY = "sk-planted-secret"


def event(**fields: Any) -> str:
    return f"event: {fields['type']}\ndata: {json.dumps(fields)}\n\n"


MESSAGES = [
    event(type="message_start", message={"usage": {"input_tokens": 20, "output_tokens": 1}}),
    event(type="content_block_start", content_block={"type": "thinking", "thinking": ""}),
    event(type="ping"),
    event(type="content_block_delta", delta={"type": "thinking_delta", "thinking": "hm"}),
    event(type="content_block_delta", delta={"type": "text_delta", "text": "yes"}),
    event(type="message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 9}),
    event(type="message_stop"),
]
USAGE = {"input_tokens": 20, "output_tokens": 9, "input_tokens_details": {"cached_tokens": 16}}
RESPONSES = [
    event(type="response.created", response={}),
    event(type="response.reasoning_summary_text.delta", delta="hm"),
    event(type="response.output_text.delta", delta="yes"),
    event(type="response.completed", response={"usage": USAGE, "error": None}),
]


def ask(
    server: ScriptedServer, dialect: str, request: ModelRequest = ASKED
) -> tuple[str, str, Finished]:
    """Return (thinking, answer, the end)."""
    client = connect(server.url, model="some-model", api_key=KEY, dialect=dialect)
    *chunks, end = client.stream(request)
    client.close()
    assert isinstance(end, Finished)
    texts = {
        kind: "".join(c.text for c in chunks if isinstance(c, Chunk) and c.kind == kind)
        for kind in ("thinking", "answer")
    }
    return texts["thinking"], texts["answer"], end


class TestMessages:
    def test_the_stream_is_read(self, server: ScriptedServer) -> None:
        server.says(stream(*MESSAGES, done=False))
        assert ask(server, "anthropic") == ("hm", "yes", Finished("stop", Usage(20, 9)))

    def test_the_request_has_its_form(self, server: ScriptedServer) -> None:
        server.says(stream(*MESSAGES, done=False))
        ask(server, "anthropic")
        (body,) = server.bodies
        assert server.paths == ["/v1/messages"]
        assert body["system"] == "Be brief."
        assert [turn["role"] for turn in body["messages"]] == ["user", "assistant", "user"]
        picture, text = body["messages"][0]["content"]
        assert picture["source"] == {"type": "base64", "media_type": "image/png", "data": "cG5n"}
        assert text["cache_control"] == {"type": "ephemeral"}
        assert body["thinking"] == {"type": "enabled", "budget_tokens": 2_048}
        assert (body["max_tokens"], "temperature" in body, "seed" in body) == (4_096, False, False)
        headers = server.headers[0]
        assert (headers["x-api-key"], headers["anthropic-version"]) == (KEY, "2023-06-01")
        assert "Authorization" not in headers

    def test_a_server_that_knows_no_thinking_is_asked_without(self, server: ScriptedServer) -> None:
        refusal = reply(400, {"type": "error", "error": {"type": "invalid_request_error"}})
        server.says(refusal, stream(*MESSAGES, done=False))
        assert ask(server, "anthropic")[1] == "yes"
        assert "thinking" not in server.bodies[1]

    @pytest.mark.parametrize(
        ("reason", "expected"), [("max_tokens", "length"), ("stop_sequence", "stop")]
    )
    def test_the_end_is_told(self, server: ScriptedServer, reason: str, expected: str) -> None:
        end = event(type="message_delta", delta={"stop_reason": reason}, usage={})
        server.says(stream(*MESSAGES[:5], end, MESSAGES[-1], done=False))
        assert ask(server, "anthropic")[2].reason == expected

    def test_a_refusal_is_told(self, server: ScriptedServer) -> None:
        end = event(type="message_delta", delta={"stop_reason": "refusal"}, usage={})
        server.says(stream(*MESSAGES[:3], end, MESSAGES[-1], done=False))
        with pytest.raises(ModelError) as raised:
            ask(server, "anthropic")
        assert (raised.value.kind, raised.value.usage.prompt_tokens) == ("declined", 20)

    def test_an_overloaded_server_is_asked_again(self, server: ScriptedServer) -> None:
        busy = event(type="error", error={"type": "overloaded_error", "message": "busy"})
        server.says(stream(busy, done=False), stream(*MESSAGES, done=False))
        assert ask(server, "anthropic")[1] == "yes"


class TestResponses:
    def test_the_stream_is_read(self, server: ScriptedServer) -> None:
        server.says(stream(*RESPONSES, done=False))
        assert ask(server, "openai") == ("hm", "yes", Finished("stop", Usage(20, 9, 16)))

    def test_the_request_has_its_form(self, server: ScriptedServer) -> None:
        server.says(stream(*RESPONSES, done=False))
        ask(server, "openai")
        (body,) = server.bodies
        assert server.paths == ["/v1/responses"]
        kinds = [(item["role"], item["content"][0]["type"]) for item in body["input"]]
        assert kinds == [
            ("system", "input_text"),
            ("user", "input_image"),
            ("assistant", "output_text"),
            ("user", "input_text"),
        ]
        assert body["reasoning"] == {"effort": "medium", "summary": "auto"}
        assert (body["max_output_tokens"], body["store"]) == (4_096, False)
        assert "temperature" not in body

    @pytest.mark.parametrize(
        ("parameter", "reasoning"),
        [("reasoning.summary", {"effort": "medium"}), ("reasoning.effort", None)],
    )
    def test_what_it_refuses_of_thinking_is_left_out(
        self, server: ScriptedServer, parameter: str, reasoning: Any
    ) -> None:
        refusal = reply(400, {"error": {"param": parameter, "code": "unsupported_parameter"}})
        server.says(refusal, stream(*RESPONSES, done=False))
        assert ask(server, "openai")[1] == "yes"
        assert server.bodies[1].get("reasoning") == reasoning

    @pytest.mark.parametrize(
        ("details", "kind"), [("max_output_tokens", "length"), ("content_filter", "declined")]
    )
    def test_an_incomplete_answer_says_why(
        self, server: ScriptedServer, details: str, kind: str
    ) -> None:
        response = {"usage": USAGE, "incomplete_details": {"reason": details}}
        server.says(
            stream(*RESPONSES[:3], event(type="response.incomplete", response=response), done=False)
        )
        if kind == "length":
            assert ask(server, "openai")[2].reason == "length"
        else:
            with pytest.raises(ModelError, match="declined to answer"):
                ask(server, "openai")

    def test_a_failed_answer_is_one_sentence(self, server: ScriptedServer) -> None:
        response = {"error": {"code": "context_length_exceeded", "message": "the inner words"}}
        server.says(stream(event(type="response.failed", response=response), done=False))
        with pytest.raises(ModelError, match="longer than its model's context") as raised:
            ask(server, "openai")
        assert "inner" not in str(raised.value)


class TestFinding:
    def test_a_server_without_chat_completions_is_asked_in_the_next_api(
        self, server: ScriptedServer
    ) -> None:
        server.models = {"data": [{"id": "m"}]}
        missing = reply(404, {"error": {}})
        server.says(missing, stream(*MESSAGES, done=False))
        client = connect(server.url)
        for _ in range(2):
            assert isinstance(list(client.stream(ASKED))[-1], Finished)
        # What was found is kept for the next request.
        assert server.paths == ["/v1/chat/completions", "/v1/messages", "/v1/messages"]

    def test_an_address_of_anthropics_api_is_known_by_its_folder(
        self, server: ScriptedServer
    ) -> None:
        server.says(stream(*MESSAGES, done=False))
        url = server.url.removesuffix("/v1") + "/anthropic"
        client = connect(url, api_key=KEY)
        list(client.stream(ASKED))
        assert server.paths == ["/anthropic/v1/messages"]
        # Other makers' servers take either form of the key.
        assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_what_one_request_learned_the_next_one_sends(server: ScriptedServer) -> None:
    fine = stream(delta(content="fine"), delta("stop"))
    refusal = reply(400, {"error": {"param": "max_tokens", "code": "unsupported_parameter"}})
    server.says(refusal, fine)
    client = connect(server.url)
    for _ in range(2):
        list(client.stream(ASKED))
    limits = ["max_completion_tokens" in body for body in server.bodies]
    assert limits == [False, True, True]
