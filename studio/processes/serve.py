"""What `serve` checks before it starts, and the processes it starts."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from studio.config.settings import ENVIRON
from studio.config.topology import DELIVERIES, EXPORTS, RUNS, queue_name
from studio.processes import valkey
from studio.processes.parent_death import make_preexec
from studio.processes.supervisor import Child

BACKLOG = 512
# bytes; a run needs a few MB, and with less free space SQLite and Valkey would soon fail
ROOM = 100_000_000


class ServeError(Exception):
    """Raised if the studio cannot start; the message says what to do."""


def prepare(host: str, port: int) -> socket.socket:
    """Check everything before starting; return the socket to serve on."""
    listener = listen(host, port)
    if not ENVIRON.redis_url:
        take_data_folder(settings.DATA_DIR)
    check_room(settings.DATA_DIR, ROOM)
    check_browser()
    migrate_database()
    return listener


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise ServeError(_explain_listen_error(host, port, error)) from None
    listener.listen(BACKLOG)
    return listener


def take_data_folder(folder: Path) -> None:
    """Lock the data folder until this process ends: two Valkeys would overwrite each other."""
    lock = os.open(folder / "serve.lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ServeError(
            f"Another studio runs in {folder}; stop it, or set DATA_DIR to another folder."
        ) from None


def check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ServeError(
            f"The disk of {folder} has {free / 1e6:.0f} MB free; {needed / 1e6:.0f} MB are required. "
            "Free space or set DATA_DIR to another disk."
        )


def check_browser() -> None:
    """Check that a browser exists; the system checks have checked the path and PATH."""
    from studio.pipeline.rendering.browser import find_browser

    if find_browser(settings.BROWSER) is None and not _has_playwright_browser():
        raise ServeError(
            "No browser found: install chromium (apt install chromium), run `make setup`, "
            "or set LIKENESS_BROWSER to the path of a Chromium or Chrome."
        )


def _has_playwright_browser() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def migrate_database() -> None:
    """Apply missing migrations."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise ServeError(
            f"The database does not answer ({reason}); see DATABASE_URL in docs/configuration.md."
        ) from None
    finally:
        connection.close()


def list_children(listener: socket.socket, *, worker: bool = True) -> list[Child]:
    """Return Valkey (without REDIS_URL), the web process and the workers, in order of dependency."""
    os.set_inheritable(listener.fileno(), True)
    web = [sys.executable, "-m", "studio.processes.web", str(listener.fileno())]
    children = [Child("web process", lambda: _start(web, keep=listener.fileno()))]
    if worker:
        runs = worker_command(RUNS, "--concurrency", str(ENVIRON.workers))
        # Deliveries wait for sockets, so threads are enough; an export unpacks a repository and may
        # be killed.
        deliveries = worker_command(
            DELIVERIES, "--pool", "threads", "--concurrency", str(ENVIRON.deliveries)
        )
        exports = worker_command(EXPORTS, "--concurrency", "1")
        children += [
            Child("worker", lambda: _start(runs)),
            Child("delivery worker", lambda: _start(deliveries)),
            Child("export worker", lambda: _start(exports)),
        ]
    if ENVIRON.redis_url:
        return children
    return [Child("Valkey", _start_valkey, foundation=True), *children]


def worker_command(kind: str, *more: str) -> list[str]:
    """Return the command of a worker for one kind of messages."""
    # Celery warns root of pickled messages; ours are JSON, and containers often run as root.
    quiet = ["-W", "ignore:You're running the worker with superuser"]
    celery = [
        "-m",
        "celery",
        "--quiet",
        "--app",
        "studio.config.celery",
        "worker",
        "--loglevel",
        "warning",
    ]
    # workers on one machine need distinct names
    identity = ["--hostname", f"{kind}@%h", "--queues", queue_name(ENVIRON.queue, kind)]
    return [
        sys.executable,
        *quiet,
        *celery,
        "--without-gossip",
        "--without-mingle",
        *identity,
        *more,
    ]


def get_address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    every_address = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
    name = every_address.get(host, host)
    if ":" in name:
        name = f"[{name}]"
    return f"http://{name}:{port}"


def answers(at: str) -> bool:
    """Return True once the web process responds, with any status."""
    try:
        urllib.request.urlopen(f"{at}/static/icon.svg", timeout=5).close()  # noqa: S310
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _start(command: list[str], keep: int | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        command,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=make_preexec(),
        pass_fds=() if keep is None else (keep,),
    )


def _start_valkey() -> subprocess.Popen[bytes]:
    try:
        return valkey.start(settings.DATA_DIR, ENVIRON.valkey_megabytes)
    except valkey.ValkeyError as error:
        raise ServeError(str(error)) from None


def _explain_listen_error(host: str, port: int, error: Exception) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use; stop its process, or choose another: PORT={port + 1} make run."
    if code == errno.EACCES:
        return (
            f"Port {port} of {host} is not permitted; choose one from 1024 up: PORT=8000 make run."
        )
    return (
        f"Cannot listen on {host}, port {port} ({error}); set HOST to an address of this machine."
    )
