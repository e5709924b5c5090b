"""The presence of workers: each refreshes a key that expires."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from studio.runs import events

EVERY, LASTS = 5.0, 15  # seconds between refreshes, and until a key expires
PREFIX = "worker:"

logger = logging.getLogger(__name__)


def announce_worker(name: str) -> None:
    with _tolerate_missing_redis():
        events.get_connection().set(f"{PREFIX}{name}", "", ex=LASTS)


def list_workers() -> list[str]:
    return sorted(
        str(key).removeprefix(PREFIX) for key in events.get_connection().scan_iter(f"{PREFIX}*")
    )


def forget(name: str) -> None:
    """Remove the key of a worker that stops in order."""
    with _tolerate_missing_redis():
        events.get_connection().delete(f"{PREFIX}{name}")


@contextmanager
def _tolerate_missing_redis() -> Iterator[None]:
    """Log a Redis that is away instead of failing the worker."""
    try:
        yield
    except redis.RedisError as error:
        logger.warning("Redis is away (%s)", type(error).__name__)
