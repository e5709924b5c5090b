"""A model server on this machine that gives the answers it is told to, each over so many seconds."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NAME = "scripted"
PIECE = 24  # characters sent at once
# Settings of a studio that asks the model once for each run, in one answer, however good the draft is.
ASK_ONCE = {
    "RUN_TARGET": "1",
    "RUN_TOOLS": "False",
    "RUN_SECTIONS": "0",
    "RUN_ROUNDS": "1",
}


class ScriptedModel(ThreadingHTTPServer):
    """Gives each request the next answer; the last one for ever."""

    daemon_threads = True

    def __init__(self, answers: Sequence[str], seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seconds = seconds
        self._answers = list(answers)
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def take_answer(self) -> str:
        with self._lock:
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedModel

    def do_GET(self) -> None:
        self._send_head("application/json")
        self.wfile.write(json.dumps({"data": [{"id": NAME}]}).encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.take_answer()
        pieces = [answer[start : start + PIECE] for start in range(0, len(answer), PIECE)]
        self._send_head("text/event-stream")
        with contextlib.suppress(OSError):  # who asked has left
            for piece in pieces:
                self._send_event({"delta": {"content": piece}})
                time.sleep(self.server.seconds / len(pieces))
            self._send_event({"delta": {}, "finish_reason": "stop"})
            self.wfile.write(b"data: [DONE]\n\n")

    def _send_head(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _send_event(self, choice: dict[str, Any]) -> None:
        event = {"choices": [{"index": 0, **choice}]}
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def serve_scripted_model(answers: Sequence[str], seconds: float) -> Iterator[ScriptedModel]:
    """Serve during the block, each answer over `seconds`."""
    server = ScriptedModel(answers, seconds)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
