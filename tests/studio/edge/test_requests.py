"""What a stranger sends costs the studio little: heads and bodies have a size and a time, and
Django sees no more.
"""

from __future__ import annotations

import contextlib
import time

import httpx
import pytest

from tests.e2e.asking import post, visitor
from tests.processes import Studio
from tests.studio.edge.conftest import Wire, connected

FORM = "application/x-www-form-urlencoded"
MANY = 1_000_000


def head(served: Studio, method: str, path: str, *headers: str) -> bytes:
    host = served.address.removeprefix("http://")
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode()


def test_a_huge_declared_body_is_refused_before_any_of_it_is_sent(served: Studio) -> None:
    with connected(served) as wire:
        wire.send(
            head(served, "POST", "/sign-in", "Content-Length: 99000000000", f"Content-Type: {FORM}")
        )
        status, text = wire.answer()
    assert status == 413
    assert "the limit is 0.1 MB (BODY_KILOBYTES)" in text


def test_a_body_without_a_declared_length_is_refused_when_it_has_become_too_large(
    served: Studio,
) -> None:
    with connected(served) as wire:
        wire.send(
            head(served, "POST", "/sign-in", "Transfer-Encoding: chunked", f"Content-Type: {FORM}")
        )
        chunk = b"4000\r\n" + b"a" * 0x4000 + b"\r\n"
        with contextlib.suppress(OSError):
            for _ in range(100):
                wire.send(chunk)
        status, text = wire.answer()
    assert status == 413
    assert "BODY_KILOBYTES" in text


def test_a_client_that_asks_first_is_told_so_at_once(served: Studio) -> None:
    with connected(served) as wire:
        wire.send(
            head(served, "POST", "/api/v1/runs", "Content-Length: 9000000", "Expect: 100-continue")
        )
        status, text = wire.answer()
    assert status == 413
    assert text.endswith('(BODY_KILOBYTES)."}')
    assert "100 Continue" not in text


def sent_by_ada(served: Studio, path: str, files: dict[str, bytes]) -> httpx.Response:
    with visitor(served) as ada:
        return post(ada, path, files=files)


def test_uploads_are_for_who_is_signed_in_and_have_their_own_limit(served: Studio) -> None:
    large = {"mockup": b"x" * 200_000}
    assert httpx.post(f"{served.address}/", files=large, timeout=20).status_code == 401
    assert sent_by_ada(served, "/", large).status_code == 422  # read, and no picture
    refused = sent_by_ada(served, "/", {"mockup": b"x" * 3_100_000})
    assert (refused.status_code, "UPLOAD_TOTAL_MEGABYTES" in refused.text) == (413, True)
    assert sent_by_ada(served, "/teams/", large).status_code == 413  # takes no files
    made_up = {"likeness_session": "0" * 32}
    assert (
        httpx.post(f"{served.address}/", files=large, cookies=made_up, timeout=20).status_code
        == 401
    )
    bearer = {"Authorization": "Bearer likeness_made-up"}
    sent = httpx.post(f"{served.address}/api/v1/uploads", files=large, headers=bearer, timeout=20)
    assert (sent.status_code, "detail" in sent.json()) == (401, True)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/" + "a" * 9_000, [], 414),
        ("/" + "a" * MANY, [], 414),
        ("/", [f"X-{i}: {'b' * 100}" for i in range(200)], 431),
        ("/", ["X: " + "b" * MANY], 431),
    ],
    ids=["long address", "endless address", "many headers", "endless header"],
)
def test_a_head_that_is_too_large_is_refused(
    served: Studio, path: str, headers: list[str], status: int
) -> None:
    with connected(served) as wire:
        with contextlib.suppress(OSError):
            wire.send(head(served, "GET", path, *headers))
        # Where the rest of an endless head is still under way, its connection is reset.
        assert wire.answer()[0] in (
            (status,) if len(path) + sum(map(len, headers)) < 100_000 else (status, 0)
        )


def send_without_end(wire: Wire) -> None:
    for _ in range(1_000):
        wire.send(b"b" * 100_000)


def test_endless_trailers_end_the_connection(served: Studio) -> None:
    with connected(served) as wire:
        wire.send(
            head(served, "POST", "/sign-in", "Transfer-Encoding: chunked", f"Content-Type: {FORM}")
        )
        wire.send(b"1\r\na\r\n0\r\nX: ")
        with pytest.raises(OSError):
            send_without_end(wire)


@pytest.mark.parametrize(
    "half", [b"", b"GET / HTTP/1.1\r\n", b"GET / HT", b"GET / HTTP/1.1\r\nX: y\r\n", b"\r\n"]
)
def test_half_a_head_is_given_up_after_its_time(served: Studio, half: bytes) -> None:
    began = time.monotonic()
    with connected(served) as wire:
        wire.send(half)
        status, text = wire.answer()
    assert time.monotonic() - began < 15
    assert status in (0, 408)
    if status:
        assert "not complete after 1 seconds" in text


def test_a_head_that_trickles_is_given_up_too(served: Studio) -> None:
    with connected(served) as wire:
        wire.socket.settimeout(0.2)
        began, answer = time.monotonic(), b""
        with contextlib.suppress(OSError):
            for letter in b"GET / HTTP/1.1\r\nX: " + b"y" * 200:
                wire.send(bytes([letter]))
                with contextlib.suppress(TimeoutError):
                    answer += wire.socket.recv(1000)
                if answer:
                    break
    assert time.monotonic() - began < 15
    assert b"408" in answer


def test_a_body_that_pauses_is_given_up(served: Studio) -> None:
    with connected(served) as wire:
        wire.send(
            head(served, "POST", "/sign-in", "Content-Length: 1000", f"Content-Type: {FORM}")
            + b"username="
        )
        status, text = wire.answer()
    assert status == 408
    assert "BODY_SECONDS" in text


def test_so_is_one_that_trickles(served: Studio) -> None:
    with connected(served) as wire:
        wire.send(head(served, "POST", "/sign-in", "Content-Length: 1000", f"Content-Type: {FORM}"))
        wire.socket.settimeout(0.3)
        answer = b""
        for _ in range(40):
            with contextlib.suppress(TimeoutError, OSError):
                wire.send(b"a")
                answer += wire.socket.recv(1000)
            if answer:
                break
    assert b" 408 " in answer


def test_many_half_requests_keep_nobody_out_for_long(served: Studio) -> None:
    """More than CONNECTIONS of them: others are told 503 until their time is over, and are then
    served again.
    """
    with contextlib.ExitStack() as stack:
        for _ in range(150):
            stack.enter_context(connected(served)).send(b"GET / HTTP/1.1\r\nX: y\r\n")
        seen = set()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and 200 not in seen:
            seen.add(httpx.get(f"{served.address}/static/icon.svg", timeout=20).status_code)
    assert 200 in seen
    assert seen <= {200, 503}


@pytest.mark.parametrize(
    "path", ["/oidc/studio/login/", "/oidc/studio/login/callback/", "/oidc/other/login/callback/"]
)
def test_addresses_of_single_sign_on_never_fail(served: Studio, path: str) -> None:
    with httpx.Client(base_url=served.address, timeout=30) as client:
        for query in ("", "?error=access_denied", "?code=x&state=y"):
            assert client.get(path + query).status_code in (302, 403, 404, 502)
        client.get("/sign-in")
        sent = client.post(
            path,
            data={"csrfmiddlewaretoken": client.cookies["likeness_csrf"]},
            headers={"Referer": served.address},
        )
        assert sent.status_code in (302, 403, 404, 405, 502)
