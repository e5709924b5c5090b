"""What a client hears while the engine is busy, and when it fails."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest

from inference.engine.sequence import Update
from inference.server.options import ServerOptions
from tests.inference.server.conftest import Says

PATHS = ["/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/completions"]
BODY: Any = {
    "/v1/chat/completions": {"messages": [{"role": "user", "content": "hi"}]},
    "/v1/messages": {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 99},
    "/v1/responses": {"input": "hi"},
    "/v1/completions": {"prompt": "hi"},
}
SOON = ServerOptions(ping_seconds=0.02)


@pytest.mark.parametrize("path", PATHS)
def test_a_streams_head_and_pings_come_before_the_prompt_is_read(
    says: Says, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = says("Yes!", SOON)
    engine = server.service.live.engine
    hold, step = threading.Event(), engine.step
    monkeypatch.setattr(engine, "step", lambda: hold.wait(30) and step())
    body = {"model": "parrot", "stream": True, **BODY[path]}
    with httpx.stream("POST", f"{server.url}{path}", json=body, timeout=30) as response:
        assert response.status_code == 200  # the engine has done nothing yet
        lines = response.iter_lines()
        pings = 0
        while pings < 3:
            pings += next(lines) == ": ping"
        hold.set()
        rest = "\n".join(lines)
    assert rest.count("data: ") > 1


@pytest.mark.parametrize("path", PATHS)
def test_a_whole_answer_that_takes_long_begins_with_spaces(
    says: Says, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = says("Yes!", SOON)
    engine = server.service.live.engine
    hold, step = threading.Event(), engine.step
    monkeypatch.setattr(engine, "step", lambda: hold.wait(30) and step())
    body = {"model": "parrot", **BODY[path]}
    with httpx.stream("POST", f"{server.url}{path}", json=body, timeout=30) as response:
        pieces = response.iter_bytes()
        assert next(pieces).strip() == b""
        hold.set()
        rest = b"".join(pieces)

    assert json.loads(rest)["id"]


@pytest.mark.parametrize("path", PATHS)
def test_a_stream_whose_engine_fails_ends_with_an_error(
    says: Says, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = says("Yes!")
    monkeypatch.setattr(server.service.live.engine.runner, "run", lambda pieces: 1 // 0)
    body = {"model": "parrot", "stream": True, **BODY[path]}
    got = httpx.post(f"{server.url}{path}", json=body, timeout=30)
    assert got.status_code == 200
    assert "The engine failed on this request; its log says why." in got.text


@pytest.mark.parametrize("path", PATHS)
def test_a_whole_answer_whose_engine_fails_is_a_500(
    says: Says, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = says("Yes!")
    monkeypatch.setattr(server.service.live.engine.runner, "run", lambda pieces: 1 // 0)
    got = httpx.post(f"{server.url}{path}", json={"model": "parrot", **BODY[path]}, timeout=30)
    assert got.status_code == 500
    assert got.json()["error"]["type"] == "api_error"


def test_tokens_are_counted_with_every_piece_where_that_is_asked_for(says: Says) -> None:
    options: Any = {"include_usage": True, "continuous_usage_stats": True}
    chunks = list(
        says("a b c d").openai.chat.completions.create(
            model="parrot",
            messages=[{"role": "user", "content": "hi"}],
            stream=True,
            stream_options=options,
        )
    )
    counted = [chunk.usage.completion_tokens for chunk in chunks]
    assert counted == sorted(counted)
    assert 0 < counted[0] < counted[-1]


def test_an_emoji_of_several_tokens_comes_whole(says: Says) -> None:
    text = "\U0001f600\U0001f468\u200d\U0001f469"
    chunks = says(f"</think>{text}").openai.chat.completions.create(
        model="parrot", messages=[{"role": "user", "content": "hi"}], stream=True
    )
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks]
    assert "".join(pieces) == text
    assert not any("\ufffd" in piece for piece in pieces)


def test_a_fault_in_telling_an_answer_is_told_as_one(
    says: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inference.server.chat_answer import CompletionWriter

    def fail(self: object, index: int, update: Update) -> None:
        raise KeyError("ours")

    monkeypatch.setattr(CompletionWriter, "read", fail)
    body = {"model": "parrot", "stream": True, **BODY[PATHS[0]]}
    got = httpx.post(f"{says('Yes!').url}{PATHS[0]}", json=body, timeout=30)
    assert "The server failed on this request" in got.text
    assert "ours" not in got.text
