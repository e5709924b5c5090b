"""Which workers are there: each says so every few seconds, in a key that expires."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from studio.runs import events

EVERY, LASTS = 5.0, 15  # seconds
PREFIX = "worker:"

logger = logging.getLogger(__name__)


def beat(name: str) -> None:
    with _tolerant():
        events.connect().set(f"{PREFIX}{name}", "", ex=LASTS)


def workers() -> list[str]:
    return sorted(str(key).removeprefix(PREFIX) for key in events.connect().scan_iter(f"{PREFIX}*"))


def forget(name: str) -> None:
    """A worker that stops in order says so."""
    with _tolerant():
        events.connect().delete(f"{PREFIX}{name}")


@contextmanager
def _tolerant() -> Iterator[None]:
    """A Redis that is away is said in the log; the worker has better things to do than to fail of it."""
    try:
        yield
    except redis.RedisError as error:
        logger.warning("Redis is away (%s)", type(error).__name__)
