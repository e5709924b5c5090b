"""`manage.py serve` with real processes and real signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from studio.processes.serve import ServeError, check_room
from tests.processes import ROOT, studio, wait_for

WEB, WORKER, VALKEY = "studio.processes.web", "celery", "valkey-server"


def get(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=10) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_it_starts_every_part_and_ctrl_c_leaves_no_orphan(tmp_path: Path) -> None:
    with studio(tmp_path / "data") as served:
        assert get(served.address)[0] == 200
        wait_for(lambda: get(f"{served.address}/health")[0] == 200, seconds=40, what="health")
        assert set(json.loads(get(f"{served.address}/health")[1])) == {
            "database",
            "redis",
            "queue",
            "storage",
            "worker",
            "deliveries",
            "exports",
        }
        wait_for(lambda: len(served.find(WORKER)) >= 2, seconds=40, what="the worker and its pool")
        assert len(served.find(WEB)) == 1
        assert len(served.find(VALKEY)) == 1
        assert served.stop(signal.SIGINT) < 15
        assert served.process.returncode == 0
        assert served.descendants() == {}


def test_killed_without_warning_it_leaves_no_orphan_either(tmp_path: Path) -> None:
    with studio(tmp_path / "data") as served:
        wait_for(lambda: len(served.find(WORKER)) >= 2, seconds=40, what="the worker and its pool")
        served.stop(signal.SIGKILL)
        wait_for(
            lambda: not served.descendants(), seconds=20, what=f"the end of {served.descendants()}"
        )


@pytest.mark.parametrize("part", [WEB, WORKER, VALKEY])
def test_a_part_that_dies_is_started_again(tmp_path: Path, part: str) -> None:
    with studio(tmp_path / "data") as served:
        first = wait_for(lambda: served.find(part), seconds=40, what=part)
        os.kill(first[0], signal.SIGKILL)
        wait_for(lambda: set(served.find(part)) - set(first), seconds=40, what=f"a new {part}")
        wait_for(lambda: get(f"{served.address}/health")[0] == 200, seconds=40, what="health")
        assert "restarting it" in served.log.read_text()


def serve(**settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "serve"]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for part in parts:
        assert part in done.stderr


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert_one_sentence(
            serve(PORT=port, DATA_DIR=str(tmp_path)), f"Port {port} of 127.0.0.1 is in use", "PORT="
        )


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("LIKENESS_BROWSER", "/nowhere/chromium", "set LIKENESS_BROWSER"),
        ("HOST", "203.0.113.7", "set HOST to an address of this machine"),
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none", "see DATABASE_URL"),
        ("DEBUG", "yes", "Unexpected value DEBUG=yes, use 'True' or 'False'"),
    ],
)
def test_what_is_missing_is_one_sentence(tmp_path: Path, name: str, value: str, part: str) -> None:
    assert_one_sentence(serve(**{"PORT": "0", "DATA_DIR": str(tmp_path), name: value}), part)


def test_a_data_folder_in_use_is_one_sentence(tmp_path: Path) -> None:
    with studio(tmp_path):
        assert_one_sentence(
            serve(PORT="0", DATA_DIR=str(tmp_path)),
            f"Another studio runs in {tmp_path}",
            "DATA_DIR",
        )
    with studio(tmp_path):
        pass  # and once it has stopped, the folder is free


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="Free space or set DATA_DIR"):
        check_room(tmp_path, needed=10**18)


HEAVY = {
    "torch",
    "numpy",
    "scipy",
    "cv2",
    "onnxruntime",
    "rapidocr",
    "playwright",
    "triton",
    "safetensors",
}


def test_django_starts_without_what_only_a_worker_needs() -> None:
    """Each takes longer to load than all of the studio, whose check takes under a second."""
    told = "import sys; from manage import main; main(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told, "check"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "studio" in loaded
    assert not loaded & HEAVY
