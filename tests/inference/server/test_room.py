"""How much fits: answers are cut to the room that is left, and what never fits is told in known
words.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from inference.client import connect
from inference.engine.scheduler import Limits
from inference.engine.service import open_service
from inference.server import room
from inference.types import Finished, Message, ModelRequest, TextPart
from tests.inference.server.conftest import Server, serving

HI: Any = [{"role": "user", "content": "hi there"}]
LONG: Any = [{"role": "user", "content": "a b " * 8000}]


def test_a_limit_beyond_the_room_that_is_left_is_cut_to_it(server: Server) -> None:
    service = server.service
    told = [{"role": "user", "content": "a b " * 4000}]
    got = server.openai.chat.completions.create(
        model="tiny",
        messages=told,
        max_tokens=8192,
        extra_body={"regex": "[a-z]{5}"},
        temperature=0,
    )
    assert got.usage.prompt_tokens > 8000
    assert got.usage.total_tokens <= service.live.engine.context == 8192


def test_a_limit_above_the_whole_context_is_refused_with_the_settings(server: Server) -> None:
    body = {"model": "tiny", "messages": HI, "max_tokens": 8193}
    chat = httpx.post(f"{server.url}/v1/chat/completions", json=body).json()["error"]
    assert chat["code"] == "context_length_exceeded"
    assert "--max-model-len and --cache-tokens" in chat["message"]
    message = httpx.post(f"{server.url}/v1/messages", json=body).json()["error"]["message"]
    assert "input length and `max_tokens` exceed context limit: " in message
    assert " + 8193 > 8192, decrease input length or `max_tokens`" in message


def test_a_prompt_that_is_too_long_is_told_in_each_clients_words(server: Server) -> None:
    body = {"model": "tiny", "messages": LONG, "max_tokens": 9}
    got = httpx.post(f"{server.url}/v1/chat/completions", json=body)
    error = got.json()["error"]
    assert (got.status_code, error["code"]) == (400, "context_length_exceeded")
    assert "maximum context length is 8192 tokens" in error["message"]
    assert "--max-model-len and --cache-tokens" in error["message"]
    got = httpx.post(f"{server.url}/v1/messages", json=body)
    error = got.json()["error"]
    assert (got.status_code, error["type"]) == (400, "invalid_request_error")
    assert re.match(r"prompt is too long: 16\d\d\d tokens > 8191 maximum", error["message"])


def test_the_cache_takes_what_memory_allows(
    random_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inference.checkpoint.load import load

    model = load(random_checkpoint)
    per_token = model.new_cache(1, 16).nbytes // 16
    monkeypatch.setattr(room, "free_cpu_bytes", lambda: 2 * 32_000 * per_token)
    fitted = room.fit_cache(model, Limits(), None, None)
    assert fitted.blocks * fitted.block_size == 32_000
    monkeypatch.setattr(room, "free_cpu_bytes", lambda: 2**50)
    assert room.fit_cache(model, Limits(), None, None).blocks * 16 == 4 * 262_144
    assert room.fit_cache(model, Limits(), None, 1000).blocks * 16 >= 4000
    assert room.fit_cache(model, Limits(), 500, None).blocks == 32


def test_a_containers_limit_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("400000\n")
    assert room.container_bytes(tmp_path) == 600_000
    (tmp_path / "memory.max").write_text("max\n")
    assert room.container_bytes(tmp_path) is None
    assert room.container_bytes(tmp_path / "none") is None


def test_a_conversation_is_no_longer_than_max_model_len(random_checkpoint: Path) -> None:
    service = open_service(random_checkpoint, "tiny", lambda model: Limits(blocks=512, context=64))
    with serving(service) as server:
        assert server.openai.models.list().data[0].max_model_len == 64
        got = server.openai.chat.completions.create(model="tiny", messages=HI)
        assert got.usage.total_tokens <= 64


def test_our_own_client_is_answered_with_its_defaults(random_checkpoint: Path) -> None:
    # It asks for 16,384 tokens, which is all that this server has room for.
    service = open_service(random_checkpoint, "tiny", Limits(blocks=1024))
    with serving(service) as server:
        client = connect(f"{server.url}/v1")
        request = ModelRequest((Message("user", (TextPart("hi"),)),), seed=5)
        items = client.stream(request)
        assert not isinstance(next(items), Finished)
        client.close()
