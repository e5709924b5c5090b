"""WebSockets count among the connections, whoever opens them."""

from __future__ import annotations

import base64
import uuid
from contextlib import ExitStack

from tests.processes import Studio
from tests.studio.edge.conftest import SMALL, Wire, connected

MOST = int(SMALL["CONNECTIONS"])


def shake_hands(wire: Wire) -> None:
    """As a browser asks for a run's socket, from the studio's own page and signed out."""
    lines = (
        f"GET /ws/runs/{uuid.uuid4()} HTTP/1.1",
        f"Host: {wire.host}",
        f"Origin: http://{wire.host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(uuid.uuid4().bytes).decode()}",
    )
    wire.send("".join(f"{line}\r\n" for line in (*lines, "")).encode())


def test_sockets_of_strangers_do_not_exceed_the_connections(served: Studio) -> None:
    """None of them answers when it is told to close, so each keeps its connection for a while."""
    with ExitStack() as stack:
        answers = []
        for _ in range(MOST + 30):
            wire = stack.enter_context(connected(served))
            shake_hands(wire)
            answers.append(wire.socket.recv(12))
        assert answers[0] == b"HTTP/1.1 101"
        assert 0 < answers.count(b"HTTP/1.1 101") <= MOST
        assert answers[-1] == b"HTTP/1.1 503"
