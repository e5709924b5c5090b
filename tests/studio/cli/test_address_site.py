"""A page behind an address is fetched from its own server, and from nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from studio.cli.address_site import open_address
from studio.cli.local_sources import is_loopback
from studio.pipeline.rendering.page_files import ORIGIN
from studio.pipeline.tools.results import ToolError
from tests.processes import free_port


class Server:
    """Answers by path; notes what it was asked for."""

    def __init__(self, elsewhere: str = "") -> None:
        self.asked: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                if self.path == "/away":
                    self.send_response(302)
                    self.send_header("Location", elsewhere)
                elif self.path == "/moved":
                    self.send_response(301)
                    self.send_header("Location", "/page?a=1")
                elif self.path.startswith("/page"):
                    self.send_response(200)
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                elif self.path == "/data":
                    self.send_response(200)
                else:
                    self.send_response(404)
                self.end_headers()
                self.wfile.write(self.path.encode())

            def log_message(self, *words: object) -> None: ...

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def other() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def server(other: Server) -> Iterator[Server]:
    server = Server(f"{other.url}/page")
    yield server
    server.close()


def test_the_page_and_what_it_loads_come_from_its_server(server: Server) -> None:
    site = open_address(f"{server.url}/page?tab=2")
    assert site.url == f"{ORIGIN}page?tab=2"
    assert site.answer(site.url) == (b"/page?tab=2", "text/html; charset=utf-8")
    assert site.answer(f"{ORIGIN}data") == (b"/data", "application/octet-stream")
    assert site.answer(f"{server.url}/data") == (b"/data", "application/octet-stream")


def test_an_address_in_capitals_is_the_same_server(server: Server) -> None:
    port = server.http.server_port
    site = open_address(f"HTTP://LOCALHOST:{port}/moved")
    assert site.answer(f"http://localhost:{port}/data") == (b"/data", "application/octet-stream")


def test_what_is_not_there_is_none(server: Server) -> None:
    assert open_address(f"{server.url}/page").answer(f"{ORIGIN}none.css") is None


def test_other_origins_are_not_asked(server: Server, other: Server) -> None:
    site = open_address(f"{server.url}/page")
    assert site.answer(f"{other.url}/page") is None
    assert site.answer(f"{server.url}0/page") is None
    assert other.asked == []


def test_a_redirect_on_the_same_server_is_followed(server: Server) -> None:
    site = open_address(f"{server.url}/moved")
    assert site.url == f"{ORIGIN}page?a=1"  # where its relative style sheets are
    assert site.answer(site.url) == (b"/page?a=1", "text/html; charset=utf-8")


def test_a_redirect_to_another_server_is_not(server: Server, other: Server) -> None:
    with pytest.raises(ToolError, match="does not answer with a page"):
        open_address(f"{server.url}/away")
    assert open_address(f"{server.url}/page").answer(f"{ORIGIN}away") is None
    assert other.asked == []


def test_an_address_that_nobody_serves_is_told() -> None:
    port = free_port()
    with pytest.raises(ToolError, match=rf"Nothing answers at http://127\.0\.0\.1:{port}/"):
        open_address(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://[::1", "is no address"),
        ("http://localhost:99999/", "is no address"),
        ("http://localhost:80a/", "is no address"),
        ("http:///page", "is no address"),
        ("http://local\thost/", "is no address"),
        ("http://localhost\\@example.org/", "is no address"),
        (f"http://{'a' * 300}/", "is no address"),
        ("http://localhost:6379/", "is not for web pages"),
        ("HTTP://localhost:22/", "is not for web pages"),
    ],
)
def test_what_is_no_address_of_a_page_is_refused_before_any_connection(
    address: str, reason: str
) -> None:
    with pytest.raises(ToolError, match=reason):
        open_address(address)


def test_what_a_page_asks_for_and_no_address_can_be_is_none(server: Server) -> None:
    site = open_address(f"{server.url}/page")
    assert site.answer(f"{ORIGIN}{'a' * 70_000}") is None


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost.example.org", False),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("", False),
    ],
)
def test_which_hosts_are_this_machine(host: str, ours: bool) -> None:
    assert is_loopback(host) == ours
