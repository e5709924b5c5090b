"""Who gets in at /mcp: a valid token, by POST, under the studio's name, and no other site's page."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator

from studio.config.asgi import application
from studio.teams.models import ApiToken
from tests.studio.api.calling import secret_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


async def ask(
    *, token: str = "", method: str = "POST", path: str = "/mcp", **headers: str
) -> tuple[int, dict[str, str], Any]:
    named = {"host": "127.0.0.1", "content-type": "application/json", **headers}
    named["accept"] = "application/json, text/event-stream"
    if token:
        named["authorization"] = f"Bearer {token}"
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "client": ("127.0.0.1", 9),
        "server": ("127.0.0.1", 80),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }
    asked = ApplicationCommunicator(application, scope)
    await asked.send_input({"type": "http.request", "body": json.dumps(LIST).encode()})
    start = await asked.receive_output(30)
    body = b""
    while True:
        piece = await asked.receive_output(30)
        body += piece.get("body", b"")
        if not piece.get("more_body"):
            break
    answered = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return start["status"], answered, body.decode()


@pytest.fixture
def secret() -> str:
    return secret_of()


async def test_a_token_gets_the_tools(secret: str) -> None:
    status, headers, body = await ask(token=secret)
    assert status == 200
    assert '"read_mockup"' in body
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"


@pytest.mark.parametrize("token", ["", "likeness_wrong"])
async def test_without_a_valid_token_nothing_is_told(token: str) -> None:
    status, headers, body = await ask(token=token)
    assert status == 401
    assert headers["www-authenticate"] == "Bearer"
    assert "create one on the team's page" in body


async def test_a_deleted_token_is_none(secret: str) -> None:
    await ApiToken.objects.all().adelete()
    assert (await ask(token=secret))[0] == 401


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_other_methods_are_refused(secret: str, method: str) -> None:
    status, headers, _ = await ask(token=secret, method=method)
    assert (status, headers["allow"]) == (405, "POST")


async def test_another_sites_page_is_refused(secret: str) -> None:
    assert (await ask(token=secret, origin="https://evil.example"))[0] == 403
    assert (await ask(token=secret, origin="null"))[0] == 403


async def test_our_own_page_is_let_in(secret: str) -> None:
    assert (await ask(token=secret, origin="http://127.0.0.1"))[0] == 200


async def test_another_name_is_refused(secret: str) -> None:
    assert (await ask(token=secret, host="rebound.example"))[0] == 400


async def test_the_name_of_previews_is_refused(secret: str, settings: Any) -> None:
    settings.PREVIEW_HOST = "previews.example"
    settings.ALLOWED_HOSTS = ["127.0.0.1", "previews.example"]
    assert (await ask(token=secret, host="previews.example"))[0] == 400


async def test_requests_are_counted(secret: str, settings: Any) -> None:
    settings.API_REQUESTS = 1
    assert (await ask(token=secret))[0] == 200
    status, headers, body = await ask(token=secret)
    assert status == 429
    assert int(headers["retry-after"]) > 0
    assert "API_REQUESTS" in body


async def test_open_requests_of_a_person_are_limited(secret: str, settings: Any) -> None:
    from studio.edge.slots import streams

    settings.PERSON_STREAMS = 1
    streams.cache_clear()
    token = await ApiToken.objects.aget()
    assert streams().take(token.user_id) == ""
    assert (await ask(token=secret))[0] == 429
    streams().give_back(token.user_id)
    assert (await ask(token=secret))[0] == 200


async def test_other_addresses_are_djangos(secret: str) -> None:
    status, _, _ = await ask(token=secret, path="/mcpx")
    assert status in (302, 404)


async def test_without_the_protocols_library_it_says_so(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.streamable_http_manager", None)
    status, _, body = await ask(token=secret)
    assert status == 501
    assert "is not installed; run ./setup.sh." in body
