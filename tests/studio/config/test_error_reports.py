"""Errors are reported by their kind and place, and nothing else leaves the studio."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from studio.config import error_reports
from studio.config.checks import check_setting_values
from studio.config.environment import read_environ
from tests.processes import ROOT

# In a process of its own, because Sentry changes the interpreter's hooks.
REPORTS = """
import logging, sys
import django
django.setup()
import sentry_sdk
from studio.config.logging import run_in_log
import uuid

def parse(page):
    password = "hunter2-in-a-variable"
    raise ValueError(f"cannot parse {page}")

with run_in_log(uuid.UUID(int=7)):
    try:
        parse("the words of a mockup")
    except ValueError:
        logging.getLogger("studio").exception("a run of %s failed", "Ada's team")
sentry_sdk.flush(10)
"""
# A request that fails before it is known which page it wants, and a logger that gets ready words.
OTHERS = """
import asyncio, logging, sys
import django
django.setup()
import sentry_sdk
from django.core.asgi import get_asgi_application
from django.core.handlers.base import BaseHandler

def resolve_request(self, request):
    raise ValueError("no such page")

BaseHandler.resolve_request = resolve_request

async def ask():
    messages = [{"type": "http.request", "body": b""}]

    async def receive():
        return messages.pop() if messages else await asyncio.Event().wait()

    async def send(message):
        pass

    scope = {"type": "http", "method": "GET", "path": "/shared/hunter2-in-the-address", "headers": [],
             "query_string": b"", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
             "server": ("localhost", 80), "client": ("127.0.0.1", 1)}
    await get_asgi_application()(scope, receive, send)
    logging.getLogger("asyncio").error("exception=ValueError('the words of a mockup')")

asyncio.run(ask())
sentry_sdk.flush(10)
"""
LOADED = """
import sys
import django
django.setup()
import studio.config.asgi, studio.runs.tasks
# Redis' client loads OpenTelemetry's metrics where they are installed; traces are ours.
ours = ("sentry_sdk", "opentelemetry.sdk.trace.export", "opentelemetry.exporter")
print([name for name in sys.modules if name.startswith(ours)])
"""


def run_studio(script: str, folder: Path, **settings: str) -> str:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "studio.config.settings",
        "DATA_DIR": str(folder),
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_is_loaded_where_nobody_asks(tmp_path: Path) -> None:
    assert run_studio(LOADED, tmp_path).strip() == "[]"


def test_a_report_tells_kind_and_place_and_no_contents(tmp_path: Path) -> None:
    (report,) = collect_reports(REPORTS, tmp_path)
    (error,) = report["exception"]["values"]
    assert error["type"] == "ValueError"
    assert "parse" in [frame["function"] for frame in error["stacktrace"]["frames"]]
    assert report["logentry"] == {"message": "a run of %s failed"}
    assert report["tags"] == {"run": "00000000-0000-0000-0000-000000000007"}
    told = json.dumps(report)
    for hidden in ("words of a mockup", "hunter2", "Ada's team", os.uname().nodename):
        assert hidden not in told


def test_neither_addresses_nor_the_ready_words_of_other_loggers_are_told(tmp_path: Path) -> None:
    reports = collect_reports(OTHERS, tmp_path)
    assert "asyncio" in [report.get("logger") for report in reports]
    told = json.dumps(reports)
    assert "resolve_request" in told
    assert "words of a mockup" not in told
    assert "hunter2" not in told


def collect_reports(script: str, folder: Path) -> list[Any]:
    """Return what a Sentry of ours got from a studio that ran the script."""
    pytest.importorskip("sentry_sdk", reason="pip install sentry-sdk")
    bodies: list[bytes] = []

    class Sentry(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_packed = self.headers.get("Content-Encoding") == "gzip"
            bodies.append(gzip.decompress(body) if is_packed else body)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Sentry) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        dsn = f"http://key@127.0.0.1:{server.server_port}/1"
        run_studio(script, folder, SENTRY_DSN=dsn)
        server.shutdown()
    lines = [line for body in bodies for line in body.splitlines()]
    return [
        json.loads(line)
        for line in lines
        if line.startswith(b"{") and b'"event_id"' in line and b'"level"' in line
    ]


def test_what_is_asked_for_and_not_installed_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(error_reports, "is_sentry_installed", lambda: False)
    monkeypatch.setattr("inference.client.tracing.is_tracing_installed", lambda: False)
    asked = replace(read_environ({}), sentry_dsn="https://k@s/1", traces_url="http://c:4318")
    errors = {one.id: one for one in check_setting_values(asked) if one.is_serious()}
    assert set(errors) == {"studio.E007", "studio.E008"}
    assert "pip install sentry-sdk" in str(errors["studio.E007"].hint)
    assert not [one for one in check_setting_values(read_environ({})) if one.is_serious()]
