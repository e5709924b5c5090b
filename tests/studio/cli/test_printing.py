"""What a server or a model says is printed; a terminal obeys none of it."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from studio.cli.command import main

HOSTILE = "\x1b]0;title\x07\x1b[2J\u202eok"


class Hostile(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"detail": HOSTILE}).encode()
        self.send_response(404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


def test_a_refusal_holds_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        assert main(["get", "a-run", "--server", address, "--token", "likeness_x"]) == 1
    finally:
        server.shutdown()
        server.server_close()
    said = capsys.readouterr().err.removesuffix("\n")
    assert said.endswith("ok")
    assert said.isprintable()
