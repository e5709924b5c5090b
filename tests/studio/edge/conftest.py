"""One real studio with small limits, and raw connections to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.processes import Studio, studio

SMALL = {
    "BODY_KILOBYTES": "100",
    "UPLOAD_MEGABYTES": "2",
    "UPLOAD_TOTAL_MEGABYTES": "3",
    "HEAD_KILOBYTES": "16",
    "HEAD_SECONDS": "1",
    "BODY_SECONDS": "1",
    "SEND_SECONDS": "1",
    "CONNECTIONS": "100",
    "STREAMS": "6",
    "PERSON_STREAMS": "4",
    "OIDC_URL": "http://127.0.0.1:1",
    "OIDC_CLIENT": "likeness:secret",
}

FORM_HEAD = (
    b"POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("edge") / "data", **SMALL) as running:
        yield running


class Wire:
    """One TCP connection, spoken to in bytes."""

    def __init__(self, served: Studio) -> None:
        parts = urlsplit(served.address)
        self.host = parts.netloc
        self.socket = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20)

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> tuple[int, str]:
        """(status, everything until the server closes); (0, '') when it closes without a word."""
        pieces = []
        try:
            while piece := self.socket.recv(65_536):
                pieces.append(piece)
        except ConnectionResetError:
            pass
        text = b"".join(pieces).decode(errors="replace")
        return (int(text.split()[1]), text) if text else (0, "")


@contextmanager
def connected(served: Studio) -> Iterator[Wire]:
    wire = Wire(served)
    try:
        yield wire
    finally:
        wire.socket.close()
