"""Starts the real studio as a person would, and finds every process it left."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from studio.processes.valkey import get_socket_path

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")
MARK = "LIKENESS_TEST_MARK"
# What `serve` says once it is ready: with pages their address, without them the processes it started.
PAGES = r"Likeness is at (\S+)"
NO_PAGES = r"Started: (.+) \(press Ctrl-C"
UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"  # what tests with a browser need, and the studio must not


class Studio:
    """One `manage.py serve` on a free port.

    Its descendants are known by a mark in their environment, Valkey (which writes its title over
    it) by its socket.
    """

    def __init__(
        self,
        data_dir: Path,
        settings: Mapping[str, str],
        arguments: Sequence[str] = (),
        *,
        announces: str = PAGES,
        preexec: Callable[[], None] | None = None,
        root: Path = ROOT,
    ) -> None:
        self.data_dir = data_dir
        self.mark = uuid.uuid4().hex
        self.cookies: dict[str, str] = {}  # of whoever is signed in
        self.log = data_dir.parent / f"{data_dir.name}.log"
        ours = {name: value for name, value in os.environ.items() if name != UNSAFE}
        environment = {**ours, "DATA_DIR": str(data_dir), "PORT": "0", MARK: self.mark, **settings}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *arguments],
                cwd=root,
                env=environment,
                stdout=log,
                stderr=log,
                preexec_fn=preexec,
            )
        try:
            self.address = self._wait_until_ready(announces)
        except AssertionError:
            self.stop()  # nobody else knows of it yet
            raise

    def descendants(self) -> dict[int, str]:
        """Every living process that is ours, by id, with its command line."""
        found = {}
        store = str(get_socket_path(self.data_dir))  # elsewhere where the folder's path is long
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                if (
                    self.mark.encode() in (folder / "environ").read_bytes()
                    or str(self.data_dir) in line
                    or store in line
                ):
                    found[int(folder.name)] = line
            except OSError:  # gone, or another user's
                continue
        # A dead process that nobody waited for has no command line.
        return {pid: line for pid, line in found.items() if line and pid != self.process.pid}

    def find(self, part: str) -> list[int]:
        return sorted(pid for pid, line in self.descendants().items() if part in line)

    def stop(self, number: int = signal.SIGINT) -> float:
        """Send the signal; returns the seconds until it was gone."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=60)
        return time.monotonic() - begun

    def _wait_until_ready(self, announces: str) -> str:
        def announced() -> str | None:
            found = re.search(announces, self.log.read_text())
            assert found or self.process.poll() is None, self.log.read_text()
            return found and found[1]

        return wait_for(announced, seconds=180, what="the studio's first words")


@contextmanager
def studio(data_dir: Path, *, arguments: Sequence[str] = (), **settings: str) -> Iterator[Studio]:
    served = Studio(data_dir, settings, arguments)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.stop()


def find_program(name: str) -> str:
    """Return the path of a program of Debian's; skip the test where it is not installed."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed: apt install {name}")
    return found


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait_for(look: Callable[[], T | None], *, seconds: float, what: str) -> T:
    """The first true thing that `look` returns."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s for {what}")
