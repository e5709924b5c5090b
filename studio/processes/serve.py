"""What `serve` needs in place before it starts, and the processes it starts. Every obstacle is one
sentence.
"""

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
# A run keeps a few MB; below this, SQLite and Valkey would soon fail in the middle of something.
ROOM = 100_000_000


class ServeError(Exception):
    """Why the studio cannot start, and what to do."""


def prepare(host: str, port: int) -> socket.socket:
    """Everything that can be wrong, found before anything is started; returns the socket to serve
    on.
    """
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
    """Two Valkeys in one folder would write over each other. The lock ends with this process,
    however it ends.
    """
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
            f"The disk of {folder} has {free / 1e6:.0f} MB free, {needed / 1e6:.0f} MB are needed; "
            "make room or set DATA_DIR to a folder elsewhere."
        )


def check_browser() -> None:
    """The system checks have looked at the path and PATH; what is left is the browser that
    Playwright keeps.
    """
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
    """Bring the database up to date, if it is not."""
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
    """Valkey (unless a Redis is given), the web process, the workers: in the order in which they
    need each other.
    """
    os.set_inheritable(listener.fileno(), True)
    web = [sys.executable, "-m", "studio.processes.web", str(listener.fileno())]
    found = [Child("web process", lambda: _start(web, keep=listener.fileno()))]
    if worker:
        runs = worker_command(RUNS, "--concurrency", str(ENVIRON.workers))
        # A delivery is a wait for a socket, so threads are enough; an export unpacks a repository
        # and may be killed.
        deliveries = worker_command(
            DELIVERIES, "--pool", "threads", "--concurrency", str(ENVIRON.deliveries)
        )
        exports = worker_command(EXPORTS, "--concurrency", "1")
        found += [
            Child("worker", lambda: _start(runs)),
            Child("delivery worker", lambda: _start(deliveries)),
            Child("export worker", lambda: _start(exports)),
        ]
    return found if ENVIRON.redis_url else [Child("Valkey", _start_valkey, foundation=True), *found]


def worker_command(kind: str, *more: str) -> list[str]:
    """Return the command of a worker for one kind of messages."""
    # Celery warns root of pickled messages; ours are JSON, and root is who runs it in many a
    # container.
    quiet = ["-W", "ignore:You're running the worker with superuser"]
    celery = ["-m", "celery", "--quiet", "--app", "studio", "worker", "--loglevel", "warning"]
    # Workers of one machine need names of their own.
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
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def answers(at: str) -> bool:
    """True once the web process replies, whatever it replies (a name it does not serve is a reply
    too).
    """
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
        return f"Port {port} of {host} is taken; stop what uses it, or choose another: PORT={port + 1} make run."
    if code == errno.EACCES:
        return f"Port {port} of {host} is not ours to use; choose one from 1024 up: PORT=8000 make run."
    return (
        f"Cannot listen on {host}, port {port} ({error}); set HOST to an address of this machine."
    )
