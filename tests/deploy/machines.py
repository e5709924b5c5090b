"""Machines of a test: Linux network namespaces around one switch, without a way to the world.

A namespace has interfaces and a loopback of its own, so what runs in one reaches another only through
the switch, and a machine that is unplugged goes silent as a real one does: nobody gets an error,
packets are lost. Each process also has a host name of its own, as in a container.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

NEW_NETWORK, NEW_HOST_NAME = 0x40000000, 0x04000000  # CLONE_NEWNET, CLONE_NEWUTS
# Reserved for tests of networks (RFC 2544), so it is nobody's address.
SUBNET = "198.18.0"
OUTSIDE = f"{SUBNET}.1"  # of the switch: where the people and the model's server are
FOLDER = Path("/var/run/netns")


class NoNamespaces(Exception):
    """This machine does not let us make network namespaces; the message says why."""


class Network:
    """Machines by name; `close` ends every process on them."""

    def __init__(self, names: Sequence[str]) -> None:
        self._id = uuid.uuid4().hex[:6]
        self._names = list(names)
        self.addresses = {name: f"{SUBNET}.{place}" for place, name in enumerate(names, start=11)}
        try:
            self._make()
        except (OSError, subprocess.CalledProcessError) as error:
            self.close()
            raise NoNamespaces(_explain(error)) from None

    def unplug(self, name: str) -> None:
        """Take the machine's cable out of the switch; the machine does not notice."""
        _ip("-n", self._space("switch"), "link", "set", name, "nomaster")

    def plug_in(self, name: str) -> None:
        _ip("-n", self._space("switch"), "link", "set", name, "master", "br0")

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Let this thread stand outside the machines, where it reaches all of them."""
        with open("/proc/thread-self/ns/net") as home:
            _enter(self._space("switch"))
            try:
                yield
            finally:
                _call("setns", home.fileno(), NEW_NETWORK)

    def make_preexec(self, machine: str, host_name: str) -> Callable[[], None]:
        """Return a `preexec_fn` that moves a process to the machine under a host name."""

        def move() -> None:
            _enter(self._space(machine))
            _call("unshare", NEW_HOST_NAME)
            socket.sethostname(host_name)

        return move

    def start(
        self, machine: str, command: Sequence[str], *, log: Path, **environment: str
    ) -> subprocess.Popen[bytes]:
        with open(log, "ab") as output:
            return subprocess.Popen(
                command,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=self.make_preexec(machine, machine),
            )

    def close(self) -> None:
        for name in ("switch", *self._names):
            space = self._space(name)
            if not (FOLDER / space).exists():
                continue
            _end_processes(space)
            _ip("netns", "del", space)

    def _make(self) -> None:
        switch = self._space("switch")
        for name in ("switch", *self._names):
            _ip("netns", "add", self._space(name))
            _ip("-n", self._space(name), "link", "set", "lo", "up")
        _ip("-n", switch, "link", "add", "br0", "type", "bridge")
        _ip("-n", switch, "addr", "add", f"{OUTSIDE}/24", "dev", "br0")
        _ip("-n", switch, "link", "set", "br0", "up")
        for name, address in self.addresses.items():
            space = self._space(name)
            cable = ("type", "veth", "peer", "name", "eth0", "netns", space)
            _ip("-n", switch, "link", "add", name, *cable)
            _ip("-n", space, "addr", "add", f"{address}/24", "dev", "eth0")
            _ip("-n", space, "link", "set", "eth0", "up")
            _ip("-n", switch, "link", "set", name, "master", "br0", "up")

    def _space(self, name: str) -> str:
        return f"likeness-{self._id}-{name}"


def answers(address: str, port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection((address, port), timeout=1).close()
        return True
    return False


def as_user(name: str, command: Sequence[str]) -> list[str]:
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--clear-groups", *command]


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True, timeout=120
    ).stdout


def _ip(*arguments: str) -> None:
    run(["ip", *arguments])


def _enter(space: str) -> None:
    with open(FOLDER / space) as file:
        _call("setns", file.fileno(), NEW_NETWORK)


def _call(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _end_processes(space: str) -> None:
    deadline = time.monotonic() + 30
    while pids := run(["ip", "netns", "pids", space]).split():
        for pid in pids:
            if int(pid) == os.getpid():  # this thread stands there itself
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(int(pid), os.WNOHANG)
        assert time.monotonic() < deadline, f"processes of {space} do not end: {pids}"
        time.sleep(0.1)


def _explain(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return str(error.stderr or error).strip()
    return str(error)
