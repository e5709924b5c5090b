"""Who may ask: keys, hosts, kinds of bodies, origins."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from inference.server.options import ServerOptions
from tests.inference.server.conftest import Says, Server

BODY = {"model": "parrot", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 5}


def ask(server: Server, **headers: str) -> httpx.Response:
    return httpx.post(f"{server.url}/v1/chat/completions", json=BODY, headers=headers)


def test_without_a_key_nothing_is_answered_but_health(says: Says) -> None:
    server = says("Yes!", ServerOptions(keys=("secret", "other")))
    refused = ask(server)
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "invalid_api_key"
    assert "missing or wrong" in refused.json()["error"]["message"]
    for path in ("/v1/models", "/metrics", "/v1/models/parrot", "/v1/responses/x"):
        assert httpx.get(f"{server.url}{path}").status_code == 401
    assert httpx.get(f"{server.url}/health").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer other"},
        {"authorization": "bearer secret"},
        {"x-api-key": "secret"},
    ],
)
def test_a_key_may_come_as_either_api_sends_it(says: Says, headers: dict[str, str]) -> None:
    server = says("Yes!", ServerOptions(keys=("secret", "other")))
    assert ask(server, **headers).status_code == 200


@pytest.mark.parametrize("key", ["secre", "secrets", "", "Basic secret"])
def test_a_wrong_key_is_refused_in_anthropics_form_too(says: Says, key: str) -> None:
    server = says("Yes!", ServerOptions(keys=("secret",)))
    got = httpx.post(f"{server.url}/v1/messages", json=BODY, headers={"x-api-key": key})
    assert got.status_code == 401
    assert got.json()["error"]["type"] == "authentication_error"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.io", "", "a b"]
)
def test_another_sites_name_is_refused(says: Says, host: str) -> None:
    got = ask(says("Yes!"), host=host)
    assert got.status_code == 403
    assert "--allowed-host" in got.json()["error"]["message"]


@pytest.mark.parametrize(
    "host", ["localhost:8001", "127.0.0.1", "[::1]:80", "a.localhost", "engine:8001"]
)
def test_addresses_localhost_and_the_names_given_are_answered(says: Says, host: str) -> None:
    assert ask(says("Yes!", ServerOptions(hosts=("Engine",))), host=host).status_code == 200


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None],
)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages", "/v1/responses"])
def test_what_any_web_page_may_send_is_refused(says: Says, kind: str | None, path: str) -> None:
    server = says("Yes!")
    headers = {"content-type": kind} if kind else {}
    got = httpx.post(f"{server.url}{path}", content=b'{"model": "parrot"}', headers=headers)
    assert got.status_code == 415
    assert "allowed is 'application/json'" in got.json()["error"]["message"]
    assert server.service.live.counts.requests == 0


def test_a_page_of_another_origin_may_ask_only_when_it_is_allowed(says: Says) -> None:
    origin = {"origin": "https://chat.example"}
    preflight = {**origin, "access-control-request-method": "POST"}
    closed = says("Yes!")
    assert "access-control-allow-origin" not in ask(closed, **origin).headers
    got = httpx.options(f"{closed.url}/v1/messages", headers=preflight)
    assert "access-control-allow-origin" not in got.headers
    options = ServerOptions(origins=("https://chat.example",), keys=("secret",))
    opened = says("Yes!", options)
    got = httpx.options(f"{opened.url}/v1/messages", headers=preflight)
    assert got.status_code == 200
    assert got.headers["access-control-allow-origin"] == "https://chat.example"
    assert "DELETE" in got.headers["access-control-allow-methods"]
    answer = ask(opened, **origin, authorization="Bearer secret")
    assert answer.headers["access-control-allow-origin"] == "https://chat.example"
    other = ask(opened, origin="https://other.example", authorization="Bearer secret")
    assert "access-control-allow-origin" not in other.headers


def test_head_and_options_are_answered(says: Says) -> None:
    server = says("Yes!")
    for path in ("/", "/health", "/v1/models"):
        got = httpx.head(f"{server.url}{path}")
        assert (got.status_code, got.content) == (200, b"")
    for method in ("HEAD", "OPTIONS"):
        got = httpx.request(method, f"{server.url}/v1/messages")
        assert got.status_code == 204
        assert "POST" in got.headers["allow"]


def test_a_websocket_is_told_to_come_over_http(says: Says) -> None:
    server = says("Yes!")
    upgrade = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert httpx.get(f"{server.url}/v1/responses", headers=upgrade).status_code == 426


def test_keys_come_from_a_file_too(tmp_path: Path) -> None:
    import argparse

    from inference.server import add_arguments, read_options

    (tmp_path / "keys").write_text("one\n\n  two  \n")
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    words = ["model", "--api-key", "zero", "--api-key-file", str(tmp_path / "keys")]
    options = read_options(parser.parse_args([*words, "--host", "engine.lan"]))
    assert options.keys == ("zero", "one", "two")
    assert options.hosts == ("engine.lan",)
    open_to_all = read_options(parser.parse_args(["model", "--allowed-host", "*"]))
    assert open_to_all.hosts is None
