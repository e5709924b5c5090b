"""What a machine runs by its role, with real processes where they matter."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from studio.config.settings import ENVIRON
from studio.config.topology import KINDS
from studio.processes import roles, serve
from studio.processes.roles import list_part_children, make_part
from studio.processes.serve import ServeError
from studio.processes.valkey import get_socket_path
from tests.processes import ROOT, Studio, studio, wait_for

ALL_KINDS = ",".join(KINDS)


def make(role: str, kinds: str = ALL_KINDS) -> roles.Part:
    return make_part(role=role, kinds=kinds, host="127.0.0.1", port=0)


def set_environ(monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    for module in (roles, serve):
        monkeypatch.setattr(module, "ENVIRON", replace(ENVIRON, **values))


def test_an_unknown_role_is_said() -> None:
    with pytest.raises(ServeError, match="no role gpu; use all, web, worker or model"):
        make("gpu")


def test_an_unknown_queue_is_said() -> None:
    with pytest.raises(ServeError, match="no queue 'run'; use runs, deliveries or exports"):
        make("worker", "run")


def test_a_worker_without_a_shared_queue_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environ(monkeypatch, redis_url="")
    with pytest.raises(ServeError, match="set REDIS_URL"):
        make("worker")


def test_a_worker_takes_the_queues_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environ(monkeypatch, redis_url="redis://queue:6379")
    children = list_part_children(make("worker", "exports, deliveries"), None)
    assert [child.name for child in children] == ["export worker", "delivery worker"]


def test_a_machine_of_exports_needs_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environ(monkeypatch, redis_url="redis://queue:6379")
    assert not make("worker", "exports").renders
    assert make("worker").renders


def test_the_model_has_to_be_a_checkpoint_of_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_environ(monkeypatch, model_url="http://gpu:8001/v1")
    with pytest.raises(ServeError, match="set MODEL_URL=local:FOLDER here"):
        list_part_children(make("model"), None)
    set_environ(monkeypatch, model_url="local:/nowhere")
    with pytest.raises(ServeError, match="MODEL_URL is local:/nowhere"):
        list_part_children(make("model"), None)


def test_the_model_servers_key_is_in_a_private_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_environ(monkeypatch, model_url="local:likeness-mini", model_api_key="hush")
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    (child,) = list_part_children(make("model"), None)
    assert child.name == "model server"
    key_file = tmp_path / "model-server-key"
    assert key_file.read_text() == "hush"
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_pages_and_workers_run_apart_and_share_a_redis(tmp_path: Path) -> None:
    """The web process's own Valkey stands for the Redis of both."""
    data = tmp_path / "data"
    with studio(data, arguments=("--role", "web")) as served:
        wait_for(lambda: get_socket_path(data).exists(), seconds=40, what="Valkey's socket")
        socket_path = get_socket_path(data)
        assert not served.find("celery")
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--role", "worker", "--queues", "deliveries"],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": str(data), "REDIS_URL": f"unix://{socket_path}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert worker.stdout is not None
            lines = iter(worker.stdout.readline, "")
            started = next(line for line in lines if line.startswith("Started"))
            assert started == "Started: delivery worker (press Ctrl-C to stop)\n"
            wait_for(
                lambda: b'"deliveries": "ok"' in read_health(served.address),
                seconds=50,
                what="the worker's presence",
            )
        finally:
            worker.send_signal(signal.SIGINT)
            assert worker.wait(timeout=30) == 0


def read_health(address: str) -> bytes:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=10) as response:
            page: bytes = response.read()
            return page
    except urllib.error.HTTPError as error:
        return error.read()


def read_log_with(served: Studio, words: str) -> str | None:
    """Return the log once it holds the words."""
    log = served.log.read_text()
    return log if words in log else None


def ask_status(port: int, path: str) -> int:
    """Return the status with which a web process answers a container's probe."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": "127.0.0.1"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_over_https_it_says_the_public_address_and_is_found_up(tmp_path: Path) -> None:
    """With HTTPS=True the web process redirects to https, but not the icon, which `serve` and the probes of
    containers ask for: these would follow the redirect to a port that speaks no TLS.
    """
    settings = {"HTTPS": "True", "ALLOWED_HOSTS": "studio.example.org,127.0.0.1"}
    with studio(tmp_path / "data", **settings) as served:
        assert served.address == "https://studio.example.org"
        log = wait_for(
            lambda: read_log_with(served, "Sign in"),
            seconds=40,
            what="the sign-in link",
        )
        port = re.search(r"listening on http://127\.0\.0\.1:(\d+)", log)
        assert port is not None
        answers = [ask_status(int(port[1]), path) for path in ("/static/icon.svg", "/sign-in")]
    assert answers == [200, 301]
    assert "listening on http://127.0.0.1:" in log
    assert "once: https://studio.example.org/welcome/" in log
