"""A run through PostgreSQL, Redis and RabbitMQ, where this machine has them."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.e2e.asking import page, start_run
from tests.processes import studio, wait_for

SERVICES = {"PostgreSQL": 5432, "Redis": 6379, "RabbitMQ": 5672}


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


absent = [name for name, port in SERVICES.items() if not answers(port)]
pytestmark = pytest.mark.skipif(bool(absent), reason=f"{', '.join(absent)} not running on 127.0.0.1's usual port")


@pytest.fixture
def database() -> Iterator[str]:
    """A fresh PostgreSQL database, dropped afterwards."""
    name = f"likeness_{uuid.uuid4().hex[:8]}"
    with psycopg.connect("postgres://postgres@127.0.0.1/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"postgres://postgres@127.0.0.1/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_run_goes_through_all_three(tmp_path: Path, database: str, mockup_png: bytes) -> None:
    settings = {
        "DATABASE_URL": database,
        "REDIS_URL": "redis://127.0.0.1:6379/9",
        "BROKER_URL": "amqp://guest:guest@127.0.0.1:5672//",
        "STORAGE_URL": f"file://{tmp_path}/files",
    }
    with studio(tmp_path / "data", **settings) as served:
        assert served.find("valkey-server") == []
        run = start_run(served, mockup_png)
        wait_for(lambda: 'class="steps"' in page(served, f"{run}activity"), seconds=30, what="the first steps")
        wait_for(lambda: ">finished<" in page(served, run), seconds=90, what="the run's end")
        assert httpx.get(f"{served.address}{run}download").status_code == 200
    assert not (tmp_path / "data" / "studio.sqlite3").exists()
    assert list((tmp_path / "files" / "runs").rglob("bundle.zip"))
