"""One real browser per test module, and studios in both topologies."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import kombu
import psycopg
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from studio.config.topology import queues
from studio.pipeline.rendering.browser import find_browser
from tests.processes import UNSAFE

expect.set_options(
    timeout=20_000
)  # ms; a machine that does other work needs more than the usual five seconds

BROKER = "amqp://guest:guest@127.0.0.1:5672//"
SERVICES = {"PostgreSQL": 5432, "Redis": 6379, "RabbitMQ": 5672}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_browser(os.environ.get("LIKENESS_BROWSER"))
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in the tests' thread; they use the database between its calls,
        # never during one.
        patch.setenv(UNSAFE, "true")
        yield playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)


@pytest.fixture(scope="module", params=["one machine", "scaled out"])
def topology(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The settings of a studio: nothing set, or PostgreSQL, Redis and RabbitMQ where this machine
    has them.
    """
    with make_topology(request.param, tmp_path_factory) as settings:
        yield settings


@pytest.fixture(params=["one machine", "scaled out"])
def own_topology(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The settings of a studio that no other test has used."""
    with make_topology(request.param, tmp_path_factory) as settings:
        yield settings


@contextmanager
def make_topology(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    if kind == "one machine":
        yield {}
        return
    absent = [name for name, port in SERVICES.items() if not _answers(port)]
    if absent:
        pytest.skip(f"{', '.join(absent)} not running on 127.0.0.1's usual port")
    name = f"likeness_{uuid.uuid4().hex[:8]}"
    with psycopg.connect("postgres://postgres@127.0.0.1/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        files: Path = tmp_path_factory.mktemp("files")
        yield {
            "DATABASE_URL": f"postgres://postgres@127.0.0.1/{name}",
            "REDIS_URL": "redis://127.0.0.1:6379/9",
            "BROKER_URL": BROKER,
            "QUEUE": name,
            "STORAGE_URL": f"file://{files}",
        }
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        with kombu.Connection(BROKER) as broker:
            for queue in queues(name):
                broker.default_channel.queue_delete(queue)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
