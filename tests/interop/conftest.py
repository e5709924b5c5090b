"""The scripted model's server as a process, and the clients that `make interop` installed."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = os.environ.get("INTEROP_CLIENTS", "")
# What clients ask for when nobody names a model to them.
NAMES = ("scripted", "claude-*", "gpt-*", "kimi*")
RESULTS = "results.json"

Record = Callable[..., None]


@pytest.fixture(scope="session")
def clients() -> Path:
    """The folder that the clients are installed in."""
    if not CLIENTS:
        pytest.skip("The clients are not installed: run `make interop`.")
    return Path(CLIENTS)


@pytest.fixture(scope="session")
def url(clients: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the scripted model."""
    folder = tmp_path_factory.mktemp("scripted") / "checkpoint"
    names = [argument for name in NAMES for argument in ("--name", name)]
    command = [sys.executable, "-m", "tests.interop.scripted_server", str(folder), "--port", "0"]
    with (clients / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, *names], cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="session")
def record(clients: Path) -> Record:
    """Note what a client was seen to do; `make interop` makes a table of it."""
    path = clients / RESULTS

    def note(client: str, version: str, results: Mapping[str, str]) -> None:
        known = json.loads(path.read_text()) if path.exists() else {}
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        known[client] = {"version": version, "date": today, "results": dict(results)}
        path.write_text(json.dumps(known, indent=2))

    return note


def run_client(
    command: list[str], home: Path, environment: Mapping[str, str], seconds: float = 55
) -> str:
    """Return what a client printed. `home` is all it knows of a person's settings."""
    home.mkdir(parents=True, exist_ok=True)
    usual = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "dumb", "CI": "1"}
    done = subprocess.run(
        command,
        cwd=home,
        env={**usual, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    return done.stdout + done.stderr
