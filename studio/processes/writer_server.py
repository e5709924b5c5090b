"""The process that serves the small writer by llama.cpp: `python -m studio.processes.writer_server`.

It listens on this machine only, on a port that the system chooses, and leaves its address in the data
folder once the model is loaded.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from studio.config.loopback import LOOPBACK
from studio.pipeline.outline.writer_model import WRITER_NAME

CONTEXT = 4096  # tokens; a request and its answer have at most 1,500
POLL = 0.3  # seconds
LOADING_SECONDS = 300.0
ANSWER_SECONDS = 1.0  # for the server to accept a connection


def get_address_path(data_dir: Path) -> Path:
    return data_dir / "writer.address"


def find_writer(data_dir: Path) -> str:
    """Return the address of the running writer, ending in /v1; empty where none answers."""
    try:
        address = get_address_path(data_dir).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    url = urlsplit(address)
    if url.scheme != "http" or url.hostname not in LOOPBACK or not url.port:
        return ""
    try:
        socket.create_connection((url.hostname, url.port), timeout=ANSWER_SECONDS).close()
    except OSError:
        return ""
    return address


def count_threads() -> int:
    """Return one thread fewer than there are cores: llama.cpp's barriers spin, so a busy core stops
    all.
    """
    return max(1, _count_cores() - 1)


def _count_cores() -> int:
    """Return the cores that this process may use; macOS tells only how many there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def serve(weights: Path, data_dir: Path) -> None:
    """Serve until the process is told to stop."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.model_alias = {WRITER_NAME}
    params.n_ctx, params.n_parallel, params.port = CONTEXT, 1, 0
    params.cpuparams.n_threads = count_threads()
    params.cpuparams_batch.n_threads = count_threads()
    server = xllamacpp.Server(params)
    address = f"{server.listening_address}/v1"
    path = get_address_path(data_dir)
    _wait_until_loaded(address)
    part = path.with_suffix(".part")
    part.write_text(address, "ascii")
    part.replace(path)
    try:
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    finally:
        path.unlink(missing_ok=True)
    del server


def _wait_until_loaded(address: str) -> None:
    until = time.monotonic() + LOADING_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"{address}/models", timeout=5).close()  # noqa: S310
            return
        time.sleep(POLL)
    raise SystemExit("The writer's model was not loaded in time.")


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    serve(Path(sys.argv[1]), Path(sys.argv[2]))
