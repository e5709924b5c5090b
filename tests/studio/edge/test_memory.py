"""However much a stranger sends, the web process holds little of it, and goes on answering
everybody else.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from studio.load.processes import find, resident
from tests.processes import Studio
from tests.studio.edge.conftest import FORM_HEAD, Wire, connected

MOST = 150  # MB that the web process may grow by; before there were bounds it grew by 530 to 1,500
SECONDS = 5.0  # of each attack
PIECE = b"a" * 262_144


def endless(start: bytes, piece: bytes = PIECE) -> Callable[[Wire, float], None]:
    """Sends as fast as it can until it is cut off or the time is over; then again, on a new
    connection.
    """

    def attack(wire: Wire, until: float) -> None:
        wire.send(start.replace(b"HOST", wire.host.encode()))
        while time.monotonic() < until:
            wire.send(piece)

    return attack


ATTACKS = {
    "a body of 99 GB": endless(FORM_HEAD + b"Content-Length: 99000000000\r\n\r\n"),
    "an endless body": endless(
        FORM_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"40000\r\n" + PIECE + b"\r\n"
    ),
    "an endless request line": endless(b"GET /"),
    "an endless header": endless(b"GET / HTTP/1.1\r\nHost: HOST\r\nX: "),
    "endless headers": endless(b"GET / HTTP/1.1\r\nHost: HOST\r\n", b"X: y\r\n" * 20_000),
    "endless trailers": endless(
        FORM_HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", b"X: y\r\n" * 20_000
    ),
}


@contextlib.contextmanager
def watched(served: Studio) -> Iterator[list[float]]:
    """MB that the web process holds, looked at all the time; the first is before the attack."""
    [web] = find(served.data_dir, "web")
    sizes, stop = [resident(web)], threading.Event()

    def look() -> None:
        while not stop.wait(0.02):
            sizes.append(resident(web))

    thread = threading.Thread(target=look)
    thread.start()
    yield sizes
    stop.set()
    thread.join()


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_costs_little_memory_and_nobody_else_their_page(
    served: Studio, name: str
) -> None:
    until = time.monotonic() + SECONDS

    def attack() -> None:
        while time.monotonic() < until:
            with contextlib.suppress(OSError), connected(served) as wire:
                ATTACKS[name](wire, until)

    attackers = [threading.Thread(target=attack) for _ in range(4)]
    with watched(served) as sizes, httpx.Client(base_url=served.address, timeout=20) as visitor:
        for one in attackers:
            one.start()
        answers = []
        while time.monotonic() < until:
            answers.append(visitor.get("/sign-in").status_code)
        for one in attackers:
            one.join()
    print(
        f"{name}: {sizes[0]:.0f} MB before, {max(sizes):.0f} MB at most, {len(answers)} pages meanwhile"
    )
    assert max(sizes) - sizes[0] < MOST
    assert answers
    assert set(answers) == {200}


def test_fifteen_hundred_half_requests_are_gone_in_seconds(served: Studio) -> None:
    with contextlib.ExitStack() as stack, watched(served) as sizes:
        for _ in range(1_500):
            with contextlib.suppress(OSError):
                stack.enter_context(connected(served)).send(b"GET / HTTP/1.1\r\nX: y\r\n")
        until = time.monotonic() + 20
        while time.monotonic() < until and open_connections(served) > 100:
            time.sleep(0.1)
        assert open_connections(served) <= 100
    print(f"1,500 half requests: {sizes[0]:.0f} MB before, {max(sizes):.0f} MB at most")
    assert max(sizes) - sizes[0] < MOST


def open_connections(served: Studio) -> int:
    """That the web process still holds, to whoever."""
    port = f":{int(served.address.rsplit(':', 1)[1]):04X} "
    with open("/proc/net/tcp") as table:
        return sum(port in line[:24] and line.split()[3] == "01" for line in table)


def test_the_attacks_are_attacks() -> None:
    """They send what they say, to a server that takes it all."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sender = socket.create_connection(listener.getsockname())
        taker, _ = listener.accept()
        sender.sendall(FORM_HEAD)
        assert taker.recv(100).startswith(b"POST /sign-in HTTP/1.1\r\n")
        sender.close()
        taker.close()
