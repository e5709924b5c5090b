"""A real server on a free port of this machine that says bytes as a test scripts it, and counts who
came.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class RawServer:
    """`requests`: the first bytes of each connection."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def raw_server(
    script: Script | bytes = OK, tls: ssl.SSLContext | None = None
) -> Iterator[RawServer]:
    """Each connection: its request's head is read, then the script runs, then it is closed."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = RawServer(listener.getsockname()[1])
    stopped = threading.Event()

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            wire = tls.wrap_socket(connection, server_side=True) if tls else connection
            with wire:
                server.requests.append(wire.recv(65_536))
                if callable(script):
                    script(wire)
                else:
                    wire.sendall(script)

    def accept() -> None:
        while not stopped.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        stopped.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def closed_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def trickle(piece: bytes, pause: float = 0.05, head: bytes = b"") -> Script:
    """The piece again and again with a pause between, until the other side leaves."""

    def script(wire: socket.socket) -> None:
        wire.sendall(head)
        gone = threading.Event()
        while True:
            wire.sendall(piece)
            gone.wait(pause)

    return script
