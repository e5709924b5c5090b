"""The transport on real sockets: what was checked is what is connected to, and nothing lasts or
grows without end.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from studio.outgoing.addresses import Address
from studio.outgoing.errors import Denied, TooLarge, TooSlow
from studio.outgoing.policy import Policy
from studio.outgoing.transport import GuardedTransport, describe_failure
from tests.certificates import CERTIFICATE, KEY, make_certificate
from tests.studio.outgoing.raw import OK, RawServer, closed_port, raw_server, trickle

LOCAL = Policy(private=True)
NAME = "forge.example"


def answers(*turns: str) -> Callable[[str, int, float], list[Address]]:
    """A name server that says something else each time; the last one for good."""
    left = list(turns)

    def resolve(host: str, port: int, seconds: float) -> list[Address]:
        return [ipaddress.ip_address(left.pop(0) if len(left) > 1 else left[0])]

    return resolve


def get(transport: GuardedTransport, url: str) -> httpx.Response:
    with httpx.Client(transport=transport, trust_env=False) as client:
        return client.get(url)


def at(server: RawServer, scheme: str = "http") -> str:
    return f"{scheme}://{NAME}:{server.port}/path"


class TestResolvingOnce:
    def test_the_name_is_asked_for_once_and_the_checked_address_connected_to(self) -> None:
        """A name server that answers with a public address first and 127.0.0.1 afterwards gets no
        connection there.
        """
        asked: list[str] = []

        def rebinding(host: str, port: int, seconds: float) -> list[Address]:
            asked.append(host)
            return [ipaddress.ip_address("127.0.0.1" if len(asked) == 1 else "10.255.255.1")]

        with raw_server() as server:
            assert get(GuardedTransport(LOCAL, resolve=rebinding), at(server)).text == "ok"
        assert asked == [NAME]

    def test_a_name_that_turns_private_after_its_check_is_denied_at_the_connection(self) -> None:
        resolve = answers("93.184.215.14", "127.0.0.1")
        assert Policy().check_addresses(NAME, resolve(NAME, 80, 1))  # what a form's check saw
        with raw_server() as server, pytest.raises(Denied, match="has a loopback address"):
            get(GuardedTransport(Policy(), resolve=resolve), at(server))
        assert server.requests == []

    def test_the_host_header_stays_the_name(self) -> None:
        with raw_server() as server:
            get(GuardedTransport(LOCAL, resolve=answers("127.0.0.1")), at(server))
        assert f"Host: {NAME}:{server.port}\r\n".encode() in server.requests[0]

    def test_the_second_address_of_a_name_is_tried_when_the_first_does_not_answer(self) -> None:
        both = [ipaddress.ip_address(text) for text in ("127.0.0.2", "127.0.0.1")]
        with raw_server() as server:
            transport = GuardedTransport(LOCAL, resolve=lambda *asked: both)
            assert get(transport, at(server)).text == "ok"

    @pytest.mark.parametrize(
        "host", ["2130706433", "0x7f.1", "127.1", "localhost", "[::ffff:127.0.0.1]", "[::1]"]
    )
    def test_another_way_to_write_loopback_is_loopback(self, host: str) -> None:
        with raw_server() as server, pytest.raises(Denied):
            get(GuardedTransport(Policy()), f"http://{host}:{server.port}/")
        assert server.requests == []


class TestDenial:
    def test_it_says_the_same_of_open_and_closed_ports_and_nobody_is_asked(self) -> None:
        with raw_server() as server:
            said = []
            for port in (server.port, closed_port()):
                with pytest.raises(Denied) as denied:
                    get(GuardedTransport(Policy()), f"http://127.0.0.1:{port}/")
                said.append(str(denied.value))
        assert said[0] == said[1]
        assert server.requests == []

    def test_a_redirect_into_the_network_is_not_followed(self) -> None:
        with raw_server() as inner:
            answer = f"HTTP/1.1 302 Found\r\nLocation: {inner.url}/\r\nContent-Length: 0\r\n\r\n".encode()
            with raw_server(answer) as outer:
                assert get(GuardedTransport(LOCAL), outer.url).status_code == 302
        assert inner.requests == []


class TestTls:
    @pytest.fixture
    def contexts(self, tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext, list[str]]:
        """(server's, client's, names that clients asked for), with a certificate for NAME."""
        make_certificate(tmp_path, NAME)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(tmp_path / CERTIFICATE, tmp_path / KEY)
        names: list[str] = []
        server.sni_callback = lambda wire, name, context: names.append(name or "")
        client = ssl.create_default_context(cafile=str(tmp_path / CERTIFICATE))
        return server, client, names

    def test_the_certificate_is_checked_for_the_name_and_not_the_address(
        self, contexts: tuple[ssl.SSLContext, ssl.SSLContext, list[str]]
    ) -> None:
        server_side, client_side, names = contexts
        with raw_server(tls=server_side) as server:
            transport = GuardedTransport(LOCAL, resolve=answers("127.0.0.1"), tls=client_side)
            assert get(transport, at(server, "https")).text == "ok"
            assert names == [NAME]
            wrong = GuardedTransport(LOCAL, resolve=answers("127.0.0.1"), tls=client_side)
            with pytest.raises(httpx.ConnectError) as refused:
                get(wrong, f"https://other.example:{server.port}/")
        assert describe_failure(refused.value, "other.example").startswith(
            "The certificate of other.example is not"
        )


class TestLimits:
    @pytest.mark.parametrize(
        "script",
        [
            pytest.param(trickle(b"x", head=b"HTTP/1.1 200 OK\r\n\r\n"), id="body"),
            pytest.param(trickle(b"X-More: x\r\n", head=b"HTTP/1.1 200 OK\r\n"), id="headers"),
            pytest.param(trickle(b"H"), id="status line"),
            pytest.param(trickle(b"HTTP/1.1 102 Processing\r\n\r\n"), id="interim answers"),
        ],
    )
    def test_bytes_that_keep_coming_do_not_prolong_the_whole(
        self, script: Callable[[socket.socket], None]
    ) -> None:
        with (
            raw_server(script) as server,
            pytest.raises((TooSlow, TooLarge, httpx.RemoteProtocolError)) as ended,
        ):
            get(GuardedTransport(LOCAL, seconds=0.5, most=1_000_000), server.url)
        if script is not None and not isinstance(ended.value, httpx.RemoteProtocolError):
            assert str(ended.value) == "127.0.0.1 took longer than the 0.5 seconds allowed."

    def test_a_server_that_says_nothing_is_left_at_the_deadline(self) -> None:
        with raw_server(wait_silently) as server, pytest.raises(TooSlow):
            get(GuardedTransport(LOCAL, seconds=0.3), server.url)

    def test_a_server_that_takes_no_request_is_left_at_the_deadline(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as deaf:  # the kernel accepts, nobody reads
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
            with (
                httpx.Client(transport=GuardedTransport(LOCAL, seconds=0.3)) as client,
                pytest.raises(TooSlow),
            ):
                client.post(url, content=b"x" * 50_000_000)

    def test_more_bytes_than_allowed_end_the_exchange(self) -> None:
        def flood(wire: socket.socket) -> None:
            wire.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                wire.sendall(b"x" * 65_536)

        with (
            raw_server(flood) as server,
            pytest.raises(TooLarge, match="more than the 1 MB allowed"),
        ):
            get(GuardedTransport(LOCAL, most=1_000_000), server.url)

    def test_each_request_has_a_budget_and_a_connection_of_its_own(self) -> None:
        big = b"HTTP/1.1 200 OK\r\nContent-Length: 700000\r\n\r\n" + b"x" * 700_000
        with (
            raw_server(big) as server,
            httpx.Client(
                transport=GuardedTransport(LOCAL, most=1_000_000), trust_env=False
            ) as client,
        ):
            assert [len(client.get(server.url).content) for _ in range(3)] == [700_000] * 3
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://no-such-host.invalid/", "There is no host named no-such-host.invalid."),
        ("http://127.0.0.1:{closed}/", "127.0.0.1 cannot be reached."),
        ("http://127.0.0.1:{garbage}/", "was lost, or no web server answers there."),
    ],
)
def test_what_went_wrong_is_a_sentence_of_ours(url: str, sentence: str) -> None:
    with raw_server(b"SSH-2.0-inner-words\r\n") as server:
        address = url.format(closed=closed_port(), garbage=server.port)
        with pytest.raises(httpx.HTTPError) as failed:
            get(GuardedTransport(LOCAL), address)
    said = describe_failure(failed.value, "127.0.0.1")
    assert sentence in said
    assert "inner" not in said


def test_an_ordinary_answer_is_an_ordinary_answer() -> None:
    with raw_server(OK) as server:
        assert get(GuardedTransport(LOCAL, seconds=10, most=1000), server.url).text == "ok"


def wait_silently(wire: socket.socket) -> None:
    """Take what the client sends and answer nothing."""
    wire.recv(1)
