"""A git server that answers with redirects, other addresses, bombs or slowly. Its words are never
shown.
"""

from __future__ import annotations

import contextlib
import gzip
import logging
import socket
import threading
from pathlib import Path

import pytest

from studio.export.git import GitError, Remote, RemoteRepository, check
from studio.export.ssh import SshError, scan_key
from studio.outgoing.budget import Budget
from studio.outgoing.errors import OutgoingError
from studio.outgoing.policy import Policy
from tests.studio.export.remotes import Bare, served
from tests.studio.outgoing.raw import RawServer, raw_server, trickle

LOCAL = Policy(private=True)
TOKEN = "s3cret-t0ken"


def remote(server: RawServer, **more: object) -> Remote:
    return Remote(f"{server.url}/owner/name", secret=TOKEN, policy=LOCAL, **more)  # type: ignore[arg-type]


def answer(
    body: bytes, *headers: str, kind: str = "application/x-git-upload-pack-advertisement"
) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def packet(data: bytes) -> bytes:
    return f"{len(data) + 4:04x}".encode() + data


def copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)


def test_a_redirect_to_another_server_is_not_followed() -> None:
    with raw_server() as inner:
        location = f"{inner.url}/owner/name/info/refs?service=git-upload-pack"
        moved = f"HTTP/1.1 301 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
        with raw_server(moved) as outer, pytest.raises(GitError, match="redirects to another one"):
            check(remote(outer))
    assert inner.requests == []


def test_a_redirect_within_the_server_is_followed(tmp_path: Path) -> None:
    """GitLab leads from owner/name to owner/name.git."""
    bare = Bare(tmp_path)
    with served(tmp_path, TOKEN) as host:
        port = int(host.rpartition(":")[2])

        def pass_on(wire: socket.socket) -> None:
            """Redirect what lacks `.git`, hand all else to the server behind."""
            head = front.requests[-1]
            path = head.split(b" ")[1].decode()
            if ".git" not in path:
                moved = path.replace("/site/", "/site.git/")
                lines = f"HTTP/1.1 301 Moved\r\nLocation: {moved}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                wire.sendall(lines.encode())
                return
            with socket.create_connection(("127.0.0.1", port)) as behind:
                behind.sendall(head.replace(b"Connection: keep-alive", b"Connection: close"))
                threading.Thread(target=copy, args=(wire, behind), daemon=True).start()
                copy(behind, wire)

        with raw_server(pass_on) as front:
            found = check(Remote(f"{front.url}/site", secret=TOKEN, policy=LOCAL))
    assert found[:2] == ("main", True)
    assert bare.branches() == ["main"]


def test_a_file_that_the_server_says_lies_elsewhere_is_not_fetched() -> None:
    """Protocol 2 lets a server name addresses of packs (packfile-uris)."""
    with raw_server() as inner:
        lines = (b"version 2\n", b"ls-refs\n", b"fetch=shallow packfile-uris\n")
        capabilities = b"".join(map(packet, lines)) + b"0000"
        head = b"a" * 40
        refs = (
            packet(head + b" HEAD symref-target:refs/heads/main\n")
            + packet(head + b" refs/heads/main\n")
            + b"0000"
        )
        uri = f"{inner.url}/x.pack sha1 {'b' * 40}\n".encode()
        fetched = (
            packet(b"packfile-uris\n") + packet(uri) + b"0001" + packet(b"packfile\n") + b"0000"
        )
        turns = [
            answer(capabilities),
            answer(refs, kind="application/x-git-upload-pack-result"),
            answer(fetched, kind="application/x-git-upload-pack-result"),
        ]
        with raw_server(lambda wire: wire.sendall(turns.pop(0))) as outer, pytest.raises(GitError):
            RemoteRepository(remote(outer), 1_000_000).fetch("main")
    assert inner.requests == []


def test_a_web_page_is_no_repository_and_not_read_as_one() -> None:
    with raw_server(answer(b"the inner wiki", kind="text/html")) as server:
        with pytest.raises(GitError) as refused:
            check(remote(server))
        assert len(server.requests) == 1
    assert "No git server answers there" in str(refused.value)
    assert "inner" not in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        b"the inner wiki",
        packet(b"ERR the inner wiki\n"),
        b"zzzz",
        packet(b"# service=inner\n"),
        b"ffff" + b"x" * 9,
    ],
)
def test_what_it_says_goes_to_the_log_without_the_login(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with raw_server(answer(body + TOKEN.encode())) as server, pytest.raises(GitError) as refused:
        check(remote(server))
    assert "inner" not in str(refused.value)
    assert "does not answer like a git server" in str(refused.value) or "was lost" in str(
        refused.value
    )
    assert caplog.records
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("status", [301, 403, 500])
def test_a_status_is_told_without_the_servers_words(status: int) -> None:
    refusal = f"HTTP/1.1 {status} The inner wiki\r\nContent-Length: 5\r\n\r\ninner".encode()
    with raw_server(refusal) as server, pytest.raises(GitError) as refused:
        check(remote(server))
    assert f"The server answered {status}." in str(refused.value)
    assert "inner" not in str(refused.value)


def test_a_compressed_bomb_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.export.git.REFS", 1_000_000)
    lines = packet(b"version 2\n") + packet(b"x" * 60_000) * 2_000
    bomb = answer(gzip.compress(lines), "Content-Encoding: gzip")
    assert len(bomb) < 1_000_000
    with (
        raw_server(bomb) as server,
        pytest.raises(GitError, match="sent more than the 1 MB allowed"),
    ):
        check(remote(server))


def test_a_server_that_trickles_is_left_at_the_deadline() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n\r\n"
    with (
        raw_server(trickle(packet(b"version 2\n"), head=head)) as server,
        pytest.raises(GitError, match=r"longer than the 0\.\d+ seconds allowed"),
    ):
        check(remote(server, seconds=0.5))


def test_an_ssh_server_that_is_none_is_told_in_our_words() -> None:
    with (
        raw_server(b"HTTP/1.1 200 the inner wiki\r\n\r\n") as server,
        pytest.raises(SshError) as refused,
    ):
        scan_key(LOCAL, "127.0.0.1", server.port, Budget("127.0.0.1", seconds=5))
    assert str(refused.value) == "No ssh server answered there."


def test_an_ssh_server_that_trickles_its_greeting_is_left_at_the_deadline() -> None:
    with raw_server(trickle(b"hello\r\n")) as server, pytest.raises((SshError, OutgoingError)):
        scan_key(LOCAL, "127.0.0.1", server.port, Budget("127.0.0.1", seconds=0.5))
