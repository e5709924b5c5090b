"""The environment's proxy makes the connections to MODEL_URL, and to no team's server."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from inference.types import Finished, Message, ModelError, ModelRequest, TextPart
from studio.outgoing import transport
from studio.runs.model_client import open_model_client
from studio.teams.models import Connection
from tests.people import adas_team
from tests.studio.outgoing.raw import closed_port, raw_server

ASKED = ModelRequest((Message("user", (TextPart("hi"),)),))
LIST = json.dumps({"data": [{"id": "kimi", "owned_by": "vllm"}]}).encode()
ANSWER = b'data: {"choices": [{"delta": {"content": "yes"}, "finish_reason": "stop"}]}\n\n'


def forward(wire: socket.socket) -> None:
    """Answer as the model server behind the proxy; the list first."""
    body = LIST if forward.calls == 0 else ANSWER  # type: ignore[attr-defined]
    forward.calls += 1  # type: ignore[attr-defined]
    wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@pytest.fixture(autouse=True)
def no_other_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    forward.calls = 0  # type: ignore[attr-defined]


def test_the_operators_model_is_asked_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(forward) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://user:word@127.0.0.1:{proxy.port}")
        with open_model_client("http://models.example/v1") as client:
            assert client is not None
            assert isinstance(list(client.stream(ASKED))[-1], Finished)
    first, second = proxy.requests
    assert first.startswith(b"GET http://models.example/v1/models HTTP/1.1\r\n")
    assert second.startswith(b"POST http://models.example/v1/chat/completions HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic " in first


@pytest.mark.parametrize("name", ["models.example", "*"])
def test_no_proxy_is_honored(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with raw_server(forward) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", name)
        with pytest.raises(ModelError) as raised, open_model_client("http://models.example/v1"):
            pass
    assert proxy.requests == []
    assert raised.value.kind == "unreachable"


def test_a_model_on_this_machine_is_asked_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    with raw_server(forward) as server, open_model_client(f"{server.url}/v1") as client:
        assert client is not None
        assert client.name == "kimi"


def test_a_proxy_that_is_away_is_named_as_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    words = "cannot be reached through the proxy; check HTTPS_PROXY"
    with (
        pytest.raises(ModelError, match=words),
        open_model_client("http://models.example/v1"),
    ):
        pass


def test_a_proxy_that_refuses_a_tunnel_is_named_as_the_cause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with raw_server(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with (
            pytest.raises(ModelError, match="cannot be reached through the proxy"),
            open_model_client("https://models.example/v1"),
        ):
            pass
    assert proxy.requests[0].startswith(b"CONNECT models.example:443")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HTTP_PROXY", "ftp://proxy.example", "is no usable proxy; use http://host:port"),
        ("SSL_CERT_FILE", "/nowhere/authorities.pem", "names no readable certificates"),
    ],
)
def test_what_cannot_be_used_of_the_environment_is_said(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    transport._usual_tls.cache_clear()
    monkeypatch.setenv(name, value)
    try:
        with pytest.raises(ModelError, match=words), open_model_client("http://models.example/v1"):
            pass
    finally:
        transport._usual_tls.cache_clear()


@pytest.mark.django_db
def test_a_teams_server_is_reached_without_the_proxy(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    settings.OUTGOING_PRIVATE = False
    kept = Connection.objects.create(
        team=adas_team(), name="M", url="http://10.0.0.1/v1", model="m"
    )
    with raw_server(forward) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with pytest.raises(ModelError, match="private address"), open_model_client("", kept):
            pass
    assert proxy.requests == []
