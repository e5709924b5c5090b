"""Run functions on hostile data in child processes with limits on memory and time.

A child has an empty environment, keeps no file open but its two pipes, and dies with its parent's
pipe. It serves many calls; one that holds much memory, or that hit a limit, is replaced. The kernel
enforces the limits (`setrlimit`), so a regular expression or a decoder that never comes back is
stopped too.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO, Literal

from studio.pipeline.isolation.memory import release_free_memory
from studio.pipeline.isolation.systems import check_system

ROOT = Path(__file__).resolve().parents[3]
MEGABYTE = 2**20
LENGTH = struct.Struct("!Q")
# Code that a child may hand back instances of: data classes and errors of ours, numbers of numpy.
OWN_PACKAGES = ("studio.pipeline.", "studio.uploads.")
PLAIN_TYPES = frozenset(
    [("builtins", name) for name in ("set", "frozenset", "complex", "bytearray", "range", "slice")]
)
# Making one of these does nothing else; other classes of ours start processes or open files.
PLAIN_BASES = (Enum, tuple)
FILES = 256  # open files
OUT_OF_MEMORY = "builtins.MemoryError"

Kind = Literal["memory", "time", "crash", "busy"]


class LimitHit(Exception):
    """A confined call did not come to its end; `kind` says which limit it hit."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use. `seconds` is CPU time; `wait` is wall-clock time, queueing included."""

    megabytes: int  # of private memory, of the child and of each program that it starts
    seconds: float
    wait: float
    keep_megabytes: int = 300  # a child that is larger than this after a call is not kept
    idle_seconds: float = (
        60.0  # a child that is not asked for this long ends and gives its memory back
    )


@dataclass(frozen=True, slots=True)
class LargeData:
    """Bytes that are sent piece by piece, so that this process never holds all of them.

    `pieces` may be called again, for another child. The function gets them as a bytearray, before
    its other arguments.
    """

    length: int
    pieces: Callable[[], Iterator[bytes]]


NOTHING = LargeData(0, lambda: iter(()))


class ConfinedFunction:
    """`target` ('package.module:function'), callable from any thread; at most `lanes` calls run at
    once.

    Raises what the function raises, if it is one of `errors`, and LimitHit.
    """

    def __init__(
        self,
        target: str,
        limits: Limits,
        *,
        lanes: int = 1,
        errors: tuple[type[Exception], ...] = (),
    ) -> None:
        self.target, self.limits, self.errors = target, limits, errors
        self._lanes = threading.BoundedSemaphore(lanes)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._owner = os.getpid()

    def __call__(self, *args: Any, data: LargeData = NOTHING) -> Any:
        deadline = time.monotonic() + self.limits.wait
        if not self._lanes.acquire(timeout=self.limits.wait):
            raise LimitHit("busy")
        try:
            return self._call(args, data, deadline)
        finally:
            self._lanes.release()

    def start(self) -> None:
        """Start a child before it is needed: its libraries take seconds to load."""
        with self._lock:
            if self._owner == os.getpid() and self._idle:
                return
        self._give_back(_Child(self.target, self.limits))

    def close(self) -> None:
        """End the idle children."""
        with self._lock:
            children, self._idle = self._idle, []
        for child in children:
            child.end()

    def _call(self, args: tuple[Any, ...], data: LargeData, deadline: float) -> Any:
        child = self._take()
        # What earlier calls left mapped counts towards the limit: only a new child has all of it.
        is_new = not child.calls
        try:
            return self._ask(child, args, data, deadline)
        except _IdledOut:
            pass
        except LimitHit as hit:
            if is_new or hit.kind == "time":
                raise
        return self._ask(_Child(self.target, self.limits), args, data, deadline)

    def _ask(self, child: _Child, args: tuple[Any, ...], data: LargeData, deadline: float) -> Any:
        keep = False
        try:
            answer = child.ask(args, data, self.limits, deadline)
            small = answer["kept"] <= self.limits.keep_megabytes * MEGABYTE
            keep = small and answer.get("error") != OUT_OF_MEMORY
        finally:
            if keep:
                self._give_back(child)
            else:
                child.end()
        return self._result(answer)

    def _result(self, answer: Mapping[str, Any]) -> Any:
        if "value" in answer:
            return answer["value"]
        for error in self.errors:
            if f"{error.__module__}.{error.__qualname__}" == answer["error"]:
                raise error(*answer["args"])
        if answer["error"] == OUT_OF_MEMORY:
            raise LimitHit("memory")
        raise RuntimeError(f"{self.target} failed: {answer['trace']}")

    def _take(self) -> _Child:
        with self._lock:
            if self._owner != os.getpid():  # a fork: the children belong to the parent
                self._owner, self._idle = os.getpid(), []
            while self._idle:
                child = self._idle.pop()
                if child.is_alive():
                    return child
                child.end()
        return _Child(self.target, self.limits)

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            if self._owner != os.getpid():
                self._owner, self._idle = os.getpid(), []
            self._idle.append(child)


class _IdledOut(Exception):
    """The child ended of itself, just before it was asked."""


class _Child:
    def __init__(self, target: str, limits: Limits) -> None:
        """Start the child; raises UnsupportedSystem where it would be without limits."""
        check_system()
        self.process = subprocess.Popen(  # noqa: S603
            [
                sys.executable,
                "-m",
                "studio.pipeline.isolation.confined",
                target,
                str(limits.idle_seconds),
            ],
            cwd=ROOT,
            env=bare_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self.calls = 0
        set_limits(self.process.pid, limits.megabytes)

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ask(
        self, args: tuple[Any, ...], data: LargeData, limits: Limits, deadline: float
    ) -> dict[str, Any]:
        self.calls += 1
        used = _cpu_seconds(self.process.pid)
        limit_cpu(self.process.pid, used + limits.seconds)
        given = pickle.dumps(args, protocol=5)
        sizes = LENGTH.pack(len(given)) + LENGTH.pack(data.length)
        writer = threading.Thread(target=self._write, args=(sizes + given, data), daemon=True)
        writer.start()
        del given  # the writer alone holds it, until it is sent
        assert self.process.stdout is not None
        head = self._read(LENGTH.size, deadline)
        most = limits.megabytes * MEGABYTE
        [length] = LENGTH.unpack(head)
        if length > most:
            raise LimitHit("memory")
        answer = _Unpickler(io.BytesIO(self._read(length, deadline))).load()
        assert isinstance(answer, dict)
        return answer

    def end(self) -> None:
        """Kill the child and whatever it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _write(self, call: bytes, data: LargeData) -> None:
        with contextlib.suppress(OSError, ValueError):
            assert self.process.stdin is not None
            self.process.stdin.write(call)
            for piece in data.pieces():
                self.process.stdin.write(piece)
            self.process.stdin.flush()

    def _read(self, count: int, deadline: float) -> bytearray:
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        found = bytearray()
        while len(found) < count:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise LimitHit("time")
            piece = os.read(descriptor, min(MEGABYTE, count - len(found)))
            if not piece:
                raise LimitHit(self._why_it_died())
            found += piece
        return found

    def _why_it_died(self) -> Kind:
        code = self.process.wait()
        if code == 0:
            raise _IdledOut
        if -code in (signal.SIGXCPU, signal.SIGKILL):
            return "time"  # the hard limit of CPU time is a SIGKILL
        return (
            "memory" if -code == signal.SIGABRT else "crash"
        )  # libraries in C++ abort when memory is refused


class _Unpickler(pickle.Unpickler):
    """Builds classes of ours and plain values, and calls nothing else that a child might name."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN_TYPES:
            return super().find_class(module, name)
        if module.startswith(OWN_PACKAGES):
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, PLAIN_BASES)):
                return found
        raise pickle.UnpicklingError(f"A confined process may not hand back {module}.{name}.")


def bare_environment() -> dict[str, str]:
    """Where programs are found, and nothing else of this process's environment: it holds secrets."""
    path = os.environ.get("PATH", os.defpath)
    # A thread's stack counts as memory: OpenBLAS would start one per core.
    return {"PATH": path, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}


def set_limits(process: int, megabytes: int, file_bytes: int | None = None) -> None:
    """Limit what a process may take, from outside and before it is given anything to work on. Linux
    only.
    """
    if sys.platform != "linux":
        return
    import resource

    limits = {
        resource.RLIMIT_DATA: megabytes * MEGABYTE,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: FILES,
    }
    if file_bytes is not None:
        limits[resource.RLIMIT_FSIZE] = file_bytes
    with contextlib.suppress(ProcessLookupError):
        for kind, most in limits.items():
            resource.prlimit(process, kind, (most, most))


def limit_cpu(process: int, seconds: float) -> None:
    """Set the CPU time at which the process is killed; it can be raised again by root and before it
    is reached. Linux only.
    """
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(ProcessLookupError):
        hard = resource.prlimit(process, resource.RLIMIT_CPU)[1]
        resource.prlimit(process, resource.RLIMIT_CPU, (int(seconds) + 1, hard))


def _cpu_seconds(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def serve(target: str, idle_seconds: float, given: BinaryIO, answers: BinaryIO) -> None:
    """Answer calls from one pipe on another, until it closes or nothing is asked for a while."""
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    while select.select([given], [], [], idle_seconds)[0]:
        head = given.read(2 * LENGTH.size)
        if len(head) < 2 * LENGTH.size:
            return
        length, data_length = (LENGTH.unpack_from(head, i * LENGTH.size)[0] for i in range(2))
        try:
            args = pickle.loads(given.read(length))  # noqa: S301 (from the parent alone)
            if data_length:
                args = (_read_data(given, data_length), *args)
        except MemoryError:  # the rest of the call is still in the pipe, so this was the last one
            _send(answers, {"error": OUT_OF_MEMORY, "kept": 0})
            return
        answer = _answer(function, args)
        del args
        _send(answers, answer)


def _send(answers: BinaryIO, answer: Mapping[str, Any]) -> None:
    body = pickle.dumps(answer, protocol=5)
    answers.write(LENGTH.pack(len(body)))
    answers.write(body)
    answers.flush()


def _read_data(given: BinaryIO, length: int) -> bytearray:
    data = bytearray(length)
    view = memoryview(data)
    got = 0
    while got < length and (count := given.readinto(view[got:])):  # type: ignore[attr-defined]
        got += count
    return data


def _answer(function: Callable[..., Any], args: tuple[Any, ...]) -> dict[str, Any]:
    import traceback

    try:
        found = {"value": function(*args)}
    except Exception as error:
        kind = type(error)
        words = tuple(one for one in error.args if isinstance(one, str | int | float))
        trace = "".join(traceback.format_exception(error)[-3:]).strip()[-2000:]
        name = (
            OUT_OF_MEMORY if _is_out_of_memory(error) else f"{kind.__module__}.{kind.__qualname__}"
        )
        found = {"error": name, "args": words, "trace": trace}
    release_free_memory()
    return {**found, "kept": _resident_bytes()}


def _is_out_of_memory(error: BaseException | None) -> bool:
    """Whether memory was refused: numpy, OpenCV (code -4) and onnxruntime each say so in their own
    way.
    """
    while error is not None:
        words = str(error)[:2000]
        if (
            isinstance(error, MemoryError)
            or getattr(error, "code", None) == -4
            or "bad_alloc" in words
        ):
            return True
        if type(error).__module__.startswith("onnxruntime") and "allocate memory" in words:
            return True
        error = error.__cause__ or error.__context__
    return False


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up between the answers
    serve(sys.argv[1], float(sys.argv[2]), sys.stdin.buffer, answers)
