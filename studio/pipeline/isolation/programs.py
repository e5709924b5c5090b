"""Other programs, run on hostile input with an empty environment and limits."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.pipeline.isolation.confined import MEGABYTE, limit_cpu, set_limits
from studio.pipeline.isolation.systems import check_system

# Of the memory that is counted here, Node.js and esbuild use 92 MB each at the start; a page's
# project takes 60 MB more.
MEGABYTES = 512
MOST_OUTPUT = 32 * MEGABYTE
MOST_WORDS = 64 * 1024  # bytes of standard error


@dataclass(frozen=True, slots=True)
class Finished:
    """A program's result; `returncode` is negative when a signal, such as a limit's, ended it."""

    returncode: int
    output: str
    words: str


def run_limited(
    command: Sequence[str],
    given: str,
    *,
    seconds: float,
    megabytes: int = MEGABYTES,
    environment: Mapping[str, str] | None = None,
) -> Finished:
    """Run a program and return its output; raises TimeoutError after `seconds`, and UnsupportedSystem.

    Output goes to files, whose size the kernel limits. The program is ended with all that it started.
    """
    check_system()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as words:
        process = subprocess.Popen(  # noqa: S603
            list(command),
            env=dict(environment or {}),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=words,
            cwd="/",
            start_new_session=True,
        )
        set_limits(process.pid, megabytes, file_bytes=MOST_OUTPUT)
        limit_cpu(process.pid, seconds)
        try:
            process.communicate(given.encode("utf-8", "replace"), timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        finally:
            _end_group(process)
        output.seek(0)
        words.seek(0)
        text = output.read(MOST_OUTPUT).decode("utf-8", "replace")
        return Finished(process.returncode, text, words.read(MOST_WORDS).decode("utf-8", "replace"))


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
