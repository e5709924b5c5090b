"""The presence of workers: each refreshes a key that expires."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import redis

from studio.runs import events

EVERY, LASTS = 5.0, 15  # seconds between refreshes, and until a key expires
PREFIX = "worker:"

logger = logging.getLogger(__name__)


def keep_announcing(sender: Any, kind: str) -> None:
    """Say from now on that this process takes messages of the kind; `sender`: Celery's worker."""
    announce_worker(kind)
    sender.timer.call_repeatedly(EVERY, announce_worker, (kind,))


def announce_worker(kind: str) -> None:
    with _tolerate_missing_redis():
        events.get_connection().set(_make_key(kind), "", ex=LASTS)


def has_worker(kind: str) -> bool:
    """Raises RedisError where nobody can know."""
    return next(events.get_connection().scan_iter(f"{PREFIX}{kind}:*"), None) is not None


@dataclass(frozen=True, slots=True)
class PresentWorker:
    kind: str
    host: str
    process: str


def list_workers() -> list[PresentWorker]:
    """Return all workers that said lately that they are there. Raises RedisError."""
    keys = (key.removeprefix(PREFIX) for key in events.get_connection().scan_iter(f"{PREFIX}*"))
    # A host's name may hold colons (IPv6); the kind and the process's number do not.
    parts = [(key.partition(":")[0], key.partition(":")[2].rpartition(":")) for key in keys]
    return sorted(
        (PresentWorker(kind, host, process) for kind, (host, _, process) in parts),
        key=lambda worker: (worker.kind, worker.host, worker.process),
    )


def forget_worker(kind: str) -> None:
    """A worker that stops in order says so."""
    with _tolerate_missing_redis():
        events.get_connection().delete(_make_key(kind))


def _make_key(kind: str) -> str:
    return f"{PREFIX}{kind}:{socket.gethostname()}:{os.getpid()}"


@contextmanager
def _tolerate_missing_redis() -> Iterator[None]:
    """Log a Redis that is away instead of failing the worker."""
    try:
        yield
    except redis.RedisError as error:
        logger.warning("Redis is away (%s)", type(error).__name__)
