"""A small web: servers on addresses of this machine, of which one counts as public."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from studio.outgoing import policy
from studio.outgoing.addresses import Address, Kind, kind_of

PUBLIC, PRIVATE = "127.0.0.2", "127.0.0.1"
Answer = tuple[int, dict[str, str], bytes]


def html(body: str, **headers: str) -> Answer:
    page = f"<!doctype html><meta charset=utf-8><body style='margin:0'>{body}"
    return 200, {"Content-Type": "text/html", **headers}, page.encode()


def redirect(to: str) -> Answer:
    return 302, {"Location": to}, b""


class Server:
    """Answers by path and notes what it was asked for; 404 for the rest."""

    def __init__(self, host: str, answers: dict[str, Answer], port: int = 0) -> None:
        self.answers = answers
        self.asked: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                status, headers, body = server.answers.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words: object) -> None: ...

        self.http = ThreadingHTTPServer((host, port), Handler)
        self.port = self.http.server_port
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()


@contextmanager
def serving(host: str, answers: dict[str, Answer], port: int = 0) -> Iterator[Server]:
    server = Server(host, answers, port)
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()


def make_public(patch: pytest.MonkeyPatch) -> None:
    """Let 127.0.0.2 count as a public address; all others are what they are."""

    def find_kind(address: Address) -> Kind | None:
        return None if str(address) == PUBLIC else kind_of(address)

    patch.setattr(policy, "kind_of", find_kind)


def resolver(names: Mapping[str, Sequence[str]]) -> Any:
    """Names and their addresses; of several the next one at each question, the last for ever."""
    left = {name: list(addresses) for name, addresses in names.items()}

    def resolve(host: str, port: int, seconds: float) -> list[Address]:
        if host not in left:
            try:
                return [ipaddress.ip_address(host)]
            except ValueError:
                return []
        addresses = left[host]
        address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        return [ipaddress.ip_address(address)]

    return resolve
