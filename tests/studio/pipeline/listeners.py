"""Real ears on this machine: TCP on both loopbacks and UDP, which note every contact and answer
nothing useful.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections import Counter
from collections.abc import Iterator

REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n"


class Ears:
    """`heard` counts contacts by protocol; `paths` holds the request lines that came with them."""

    def __init__(self) -> None:
        self.heard: Counter[str] = Counter()
        self.paths: set[str] = set()
        self.tcp = _bound(socket.AF_INET, socket.SOCK_STREAM, "127.0.0.1", 0)
        self.port = self.tcp.getsockname()[1]
        self.sockets = [self.tcp, _bound(socket.AF_INET, socket.SOCK_DGRAM, "127.0.0.1", self.port)]
        with contextlib.suppress(
            OSError
        ):  # a machine without IPv6 cannot be reached over it either
            self.sockets.append(_bound(socket.AF_INET6, socket.SOCK_STREAM, "::1", self.port))
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.stop.set()
        self.thread.join()
        for ear in self.sockets:
            ear.close()

    def _listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            for ear in self.sockets:
                selector.register(ear, selectors.EVENT_READ)
            while not self.stop.is_set():
                for key, _ in selector.select(0.05):
                    self._hear(key.fileobj)  # type: ignore[arg-type]

    def _hear(self, ear: socket.socket) -> None:
        if ear.type == socket.SOCK_DGRAM:
            ear.recvfrom(2048)
            self.heard["udp"] += 1
            return
        self.heard["tcp"] += 1
        connection, _ = ear.accept()
        # One that opens a connection and says nothing (preconnect) must not keep the others
        # waiting.
        threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(1)
            self.paths.add(connection.recv(2048).split(b" HTTP/")[0].decode("latin-1"))
            connection.sendall(REPLY)


@contextlib.contextmanager
def listening() -> Iterator[Ears]:
    ears = Ears()
    try:
        yield ears
    finally:
        ears.close()


def _bound(family: int, kind: int, host: str, port: int) -> socket.socket:
    ear = socket.socket(family, kind)
    ear.bind((host, port))
    if kind == socket.SOCK_STREAM:
        ear.listen(64)
    ear.setblocking(True)
    return ear
