"""WebSockets and event streams: from the studio's own page only, so many of one person, so many in
all.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.e2e.asking import cookies, post, start_run, visitor
from tests.processes import Studio, wait_for
from tests.studio.runs.making import png


@pytest.fixture(scope="module")
def run(served: Studio) -> str:
    return start_run(served, png("teal", (300, 200)), rounds="0")


def address(served: Studio, run: str) -> str:
    return served.address.replace("http", "ws", 1) + run.replace("/runs/", "/ws/runs/").rstrip("/")


@contextlib.contextmanager
def socket(served: Studio, run: str, origin: str | None = None) -> Iterator[ClientConnection]:
    cookie = "; ".join(f"{name}={value}" for name, value in cookies(served).items())
    headers = {"Cookie": cookie, "Origin": served.address if origin is None else origin}
    with connect(f"{address(served, run)}/together", additional_headers=headers) as opened:
        yield opened


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1",
        "http://evil.example",
        "http://127.0.0.1.evil.example:{port}",
        "http://evil@127.0.0.1:{port}/",
        "null",
        "",
    ],
)
def test_another_page_cannot_listen(served: Studio, run: str, origin: str) -> None:
    found = origin.replace("{port}", served.address.rsplit(":", 1)[1])
    with pytest.raises(InvalidStatus), socket(served, run, found):
        pass


def test_the_studios_own_page_can(served: Studio, run: str) -> None:
    with socket(served, run) as opened:
        assert "people" in json.loads(opened.recv(timeout=20))


@pytest.mark.parametrize("path", ["/", "/mcp", "/ws/runs/x/", "/ws/%0Aruns"])
def test_where_there_is_no_socket_it_is_refused(served: Studio, path: str) -> None:
    """And nobody fills the log with tracebacks, signed in or not."""
    url = served.address.replace("http", "ws", 1) + path
    with pytest.raises(InvalidStatus) as refused:
        connect(url, additional_headers={"Origin": served.address})
    assert refused.value.response.status_code == 403


def test_a_person_has_only_so_many_open_and_gets_a_place_back(served: Studio, run: str) -> None:
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(socket(served, run)) for _ in range(4)]
        for one in opened:
            one.recv(timeout=20)
        with socket(served, run) as fifth, pytest.raises(ConnectionClosed) as closed:
            fifth.recv(timeout=20)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4429
        opened[0].close()

        def room() -> bool:
            with socket(served, run) as again, contextlib.suppress(ConnectionClosed):
                return "people" in json.loads(again.recv(timeout=20))
            return False

        assert wait_for(room, seconds=20, what="a place")


def test_event_streams_count_as_sockets_do(served: Studio, run: str) -> None:
    secret = api_token(served)
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(socket(served, run)).recv(timeout=20)
        answer = httpx.get(
            f"{served.address}/api/v1{run}events",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=20,
        )
    assert answer.text.startswith("event: refused\n")
    assert "PERSON_STREAMS" in answer.text


def read_on(opened: ClientConnection) -> None:
    while True:
        opened.recv(timeout=20)


def test_a_message_that_nobody_expects_is_not_kept(served: Studio, run: str) -> None:
    with socket(served, run) as opened:
        opened.recv(timeout=20)
        with contextlib.suppress(ConnectionClosed):
            opened.send("x" * 100_000)
        with pytest.raises(ConnectionClosed) as closed:
            read_on(opened)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


def api_token(served: Studio) -> str:
    with visitor(served) as ada:
        team = re.search(r'href="(/teams/\d+/)"', ada.get("/").text)
    assert team
    with visitor(served) as ada:
        shown = post(
            ada, f"{team[1]}tokens", {"name": "CI", "role": "viewer"}, follow_redirects=True
        )
        found = re.search(r"likeness_[\w-]{20,}", shown.text)
        assert found
        return found[0]
