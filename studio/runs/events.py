"""What happens in a run while it happens: one Redis stream per run, in order, resumable by id, gone after a day.

The database holds what lasts; nothing here is needed to show a finished run.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

DAY = 86_400
FIRST = "0"
# A Redis that restarts (ours does in 0.3 s) costs a writer this much patience, then the run goes back to the queue.
PATIENCE = 15.0
PAUSE = 0.1
OPTIONS: Any = {"decode_responses": True, "socket_connect_timeout": 5}
AT_ONCE = 500  # events a reader holds in memory, however far behind it is

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """`id` orders events and is where a reader resumes; its first half is the time in milliseconds."""

    id: str
    kind: str
    data: Mapping[str, Any]

    @property
    def at(self) -> float:
        """Seconds since 1970, by the writer's clock."""
        return int(self.id.split("-")[0]) / 1000


class Writer:
    """Appends to one run's stream. The ids are given here, so an append that is tried again is never there twice."""

    def __init__(self, run_id: uuid.UUID, patience: float = PATIENCE) -> None:
        self._key, self._patience = _key(run_id), patience
        self._last: tuple[int, int] | None = None

    def append(self, kind: str, data: Mapping[str, Any]) -> str:
        """Write one event and return its id; raises redis.ConnectionError when Redis stays away."""
        fields: Any = {"kind": kind, "data": json.dumps(data)}
        deadline = time.monotonic() + self._patience
        tried = False
        while True:
            try:
                number = self._next()
                self._add(number, fields)
            except (redis.ConnectionError, redis.TimeoutError):
                if time.monotonic() > deadline:
                    raise
                tried = True
                time.sleep(PAUSE)
            except redis.ResponseError as error:
                if "equal or smaller" not in str(error):
                    raise
                if tried and self._is_there(number, fields):  # it was written; only the reply got lost
                    break
                self._last = None  # somebody else wrote (a Stop, say): look where the stream is now
            else:
                break
        self._last = number
        return _id(number)

    def _next(self) -> tuple[int, int]:
        if self._last is None:
            last: Any = connect().xrevrange(self._key, count=1)
            self._last = _number(last[0][0]) if last else (0, 0)
        now = int(time.time() * 1000)
        return (now, 0) if now > self._last[0] else (self._last[0], self._last[1] + 1)

    def _add(self, number: tuple[int, int], fields: Any) -> None:
        with connect().pipeline(transaction=False) as pipe:
            pipe.xadd(self._key, fields, id=_id(number))
            pipe.expire(self._key, DAY)
            pipe.execute()

    def _is_there(self, number: tuple[int, int], fields: Any) -> bool:
        found: Any = connect().xrange(self._key, min=_id(number), max=_id(number))
        return bool(found) and found[0][1] == fields


def tell(run_id: uuid.UUID, kind: str, data: Mapping[str, Any]) -> None:
    """One event from outside the worker. A Redis that is away costs the event, never what was being done."""
    try:
        Writer(run_id, patience=0).append(kind, data)
    except redis.RedisError as error:
        logger.warning("run %s: %s was not told (%s)", run_id, kind, type(error).__name__)


def read(run_id: uuid.UUID, after: str = FIRST) -> list[Event]:
    """Every event later than the id `after`."""
    entries: Any = connect().xrange(_key(run_id), min=f"({after}")
    return [_event(entry) for entry in entries]


async def follow(run_id: uuid.UUID, after: str = FIRST, *, idle: float = 1.0) -> AsyncGenerator[list[Event], None]:
    """What is later than `after`, then what comes, in pieces; an empty piece after `idle` seconds without any.

    Never ends by itself, and outlives a Redis that restarts.
    """
    # One connection a reader: it waits inside Redis (XREAD BLOCK), so nothing need wake it and nothing can be missed.
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL, retry=AsyncRetry(NoBackoff(), 0), **OPTIONS)
    key = _key(run_id)
    try:
        while True:
            try:
                reply: Any = await client.xread({key: after}, count=AT_ONCE, block=int(idle * 1000))
            except (redis.ConnectionError, redis.TimeoutError):
                await asyncio.sleep(PAUSE)
                reply = []
            found = [_event(entry) for _, entries in reply for entry in entries]
            after = found[-1].id if found else after
            yield found
    finally:
        await client.aclose()


@lru_cache(maxsize=1)
def connect() -> redis.Redis:
    """This process's pool of connections to the Redis in force."""
    return redis.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **OPTIONS)


def _event(entry: tuple[str, dict[str, str]]) -> Event:
    return Event(entry[0], entry[1]["kind"], json.loads(entry[1]["data"]))


def _number(text: str) -> tuple[int, int]:
    first, second = text.split("-")
    return int(first), int(second)


def _id(number: tuple[int, int]) -> str:
    return f"{number[0]}-{number[1]}"


def _key(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:events"
