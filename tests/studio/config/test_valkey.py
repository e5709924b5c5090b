"""The embedded Valkey: a private socket, wherever the data folder lies, and never an orphan."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from studio.processes import valkey
from tests.processes import wait_for

STARTER = """
import sys, time
from pathlib import Path
from studio.processes import valkey
print(valkey.start(Path(sys.argv[1])).pid, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        return b") Z " not in Path(f"/proc/{pid}/stat").read_bytes()
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_dies_with_its_parent(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        assert valkey.answers(valkey.get_socket_path(tmp_path))
        parent.send_signal(number)
        parent.wait()
    wait_for(lambda: not alive(server), seconds=5, what="Valkey's end")


def test_its_socket_is_private_and_what_was_written_outlives_it(tmp_path: Path) -> None:
    server = valkey.start(tmp_path)
    path = valkey.get_socket_path(tmp_path)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
    redis.Redis(unix_socket_path=str(path)).set("kept", "yes")
    server.terminate()
    server.wait()
    again = valkey.start(tmp_path)
    assert redis.Redis(unix_socket_path=str(path)).get("kept") == b"yes"
    again.kill()
    again.wait()


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    server = valkey.start(deep)
    path = valkey.get_socket_path(deep)
    assert len(os.fsencode(path)) <= valkey.LONGEST_SOCKET_PATH
    assert stat.S_IMODE(os.stat(path.parent).st_mode) == 0o700
    assert valkey.answers(path)
    server.kill()
    server.wait()
    path.unlink(missing_ok=True)
    path.parent.rmdir()


def fill(client: redis.Redis) -> None:
    for number in range(40):
        client.set(f"for good {number}", "x" * 1_000_000)


def test_a_full_one_drops_what_may_go_and_keeps_what_waits(tmp_path: Path) -> None:
    """A run's events have a time to live and go, the oldest first; the queue has none and stays."""
    server = valkey.start(tmp_path, megabytes=16)
    client = redis.Redis(unix_socket_path=str(valkey.get_socket_path(tmp_path)))
    assert client.config_get("maxmemory")["maxmemory"] == str(16 * 1024 * 1024)
    client.lpush("queue", *(f"run {i}" for i in range(100)))
    for number in range(40):
        with client.pipeline() as pipe:
            pipe.xadd(f"run:{number}:events", {"data": "x" * 1_000_000})
            pipe.expire(f"run:{number}:events", 86_400 + number)
            pipe.execute()
    assert client.llen("queue") == 100
    assert client.exists("run:39:events")
    assert not client.exists("run:0:events")
    with pytest.raises(redis.OutOfMemoryError):
        fill(client)
    server.kill()
    server.wait()


def test_one_that_cannot_start_says_where_its_log_is(tmp_path: Path) -> None:
    (tmp_path / "valkey").mkdir()
    (tmp_path / "valkey" / "valkey.sock").mkdir()  # the socket cannot be made
    with pytest.raises(valkey.ValkeyError, match=r"did not start; see .*valkey\.log"):
        valkey.start(tmp_path)
