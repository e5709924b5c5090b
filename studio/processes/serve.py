"""What `serve` checks before it starts, and the processes it starts."""

from __future__ import annotations

import errno
import http.client
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from studio.config.environment import replace_secret
from studio.config.loopback import LOOPBACK_NAMES
from studio.config.settings import ENVIRON
from studio.config.topology import DELIVERIES, EXPORTS, RUNS, list_worker_queues
from studio.pipeline.isolation.file_locks import lock_file
from studio.processes import valkey
from studio.processes.parent_death import make_preexec
from studio.processes.supervisor import Child
from studio.processes.writer_weights import get_weights_path, has_writer

BACKLOG = 512
# bytes; a run needs a few MB, and with less free space SQLite and Valkey would soon fail
ROOM = 100_000_000
# The number of PostgreSQL's lock for migrations: any that nothing else in the database uses.
MIGRATION_LOCK = 0x6C696B65


class ServeError(Exception):
    """Raised if the studio cannot start; the message says what to do."""


def prepare_studio(*, renders: bool) -> None:
    """Check what a part of the studio needs before it starts. Raises ServeError."""
    if not ENVIRON.redis_url:
        take_data_folder(settings.DATA_DIR)
    check_room(settings.DATA_DIR, ROOM)
    if renders:
        check_browser()
    migrate_database()


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
        lock_file(lock, wait=False)
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
        with hold_migration_lock(connection):
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


@contextmanager
def hold_migration_lock(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Let one machine migrate at a time; SQLite belongs to one machine anyway.

    Machines that start at once would otherwise apply the same migration twice, and one would fail.
    """
    if database.vendor != "postgresql":
        yield
        return
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        yield
    finally:
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def list_web_children(listener: socket.socket) -> list[Child]:
    """Return the web process, which serves on `listener`."""
    os.set_inheritable(listener.fileno(), True)
    web = [sys.executable, "-m", "studio.processes.web", str(listener.fileno())]
    return [Child("web process", lambda: _start(web, keep=listener.fileno()))]


def list_worker_children(kinds: Sequence[str]) -> list[Child]:
    """Return a worker for each kind of messages."""
    options = {
        RUNS: ("--concurrency", str(ENVIRON.workers)),
        # Deliveries wait for sockets, so threads are enough.
        DELIVERIES: ("--pool", "threads", "--concurrency", str(ENVIRON.deliveries)),
        # An export unpacks a repository and may be killed.
        EXPORTS: ("--concurrency", "1"),
    }
    names = {RUNS: "worker", DELIVERIES: "delivery worker", EXPORTS: "export worker"}
    commands = {kind: worker_command(kind, *options[kind]) for kind in kinds}
    children = [Child(names[kind], partial(_start, command)) for kind, command in commands.items()]
    return [*children, *list_writer_children()] if RUNS in kinds else children


def list_writer_children() -> list[Child]:
    """Return the small writer's server, which starts once its weights are there; runs ask it for texts."""
    command = [sys.executable, "-m", "studio.processes.writer_server"]
    command += [str(get_weights_path(settings.DATA_DIR)), str(settings.DATA_DIR)]
    is_installed = partial(has_writer, settings.DATA_DIR)
    return [Child("writer", partial(_start, command), is_wanted=is_installed)]


def list_model_children(checkpoint: str, host: str, port: int) -> list[Child]:
    """Return our engine's server, which holds the model once and answers all workers' requests."""
    command = [
        *(sys.executable, "-m", "inference", "serve", checkpoint),
        *("--host", host, "--port", str(port)),
    ]
    if ENVIRON.model_api_key:
        # In a file, because every user of the machine can read a process's arguments.
        key_file = settings.DATA_DIR / "model-server-key"
        replace_secret(key_file, ENVIRON.model_api_key)
        command += ["--api-key-file", str(key_file)]
    if ENVIRON.traces_url:
        command += ["--traces", ENVIRON.traces_url]
    return [Child("model server", partial(_start, command))]


def list_valkey_children() -> list[Child]:
    """Return the embedded Valkey, unless REDIS_URL names a server."""
    if ENVIRON.redis_url:
        return []
    return [Child("Valkey", _start_valkey, foundation=True)]


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
    queues = ",".join(list_worker_queues(ENVIRON.queue, kind))
    identity = ["--hostname", f"{kind}@%h", "--queues", queues]
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
    """Return True once the web process responds, with any status.

    Redirects are not followed: with HTTPS=True they lead to the proxy, which may not be up yet.
    """
    address = urlsplit(at)
    connection = http.client.HTTPConnection(str(address.hostname), address.port or 80, timeout=5)
    try:
        connection.request("HEAD", f"{settings.STATIC_URL}icon.svg")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def get_public_site(local: str) -> str:
    """Return the site under which people visit the studio, without BASE_PATH; `local` where it is not
    set.
    """
    if ENVIRON.public_url:
        return ENVIRON.public_url
    if ENVIRON.https and ENVIRON.allowed_hosts[0] not in ("*", *LOOPBACK_NAMES):
        return f"https://{ENVIRON.allowed_hosts[0]}"
    return local


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
