"""The live events of runs: one Redis stream per run, ordered, resumable by id, kept for a day.

The database holds everything lasting; a finished run is shown without its stream. Streams are
bounded: a model that never stops writing costs only its own run the live view of its text. `feeds`
reads for many readers at once.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

DAY = 86_400
FIRST = "0"
# Seconds a writer waits for a Redis that restarts (ours takes 0.3 s); then the run is requeued.
PATIENCE = 15.0
PAUSE = 0.1
OPTIONS: Any = {"decode_responses": True, "socket_connect_timeout": 5}
AT_ONCE = 500  # events a reader holds in memory, however far behind it is
# Events of STREAM_EVENTS reserved for required events (steps, attempts, the end). A run of 20
# rounds with 8 candidates writes about 600.
RESERVED = 1_000
# overhead of one event in Redis; measured with MEMORY USAGE: 40 to 90 besides the text
ENTRY_BYTES = 100
WORDS = "chunk"  # the kind of event that may be dropped

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    `id` orders events and marks where to resume; its first half is milliseconds since 1970.
    """

    id: str
    kind: str
    data: Mapping[str, Any]
    text: str = (
        ""  # `data` as JSON if read from Redis; many readers receive it, so it is serialized once
    )

    @property
    def at(self) -> float:
        """Return the time of writing in seconds since 1970, by the writer's clock."""
        return int(self.id.split("-")[0]) / 1000

    @property
    def json(self) -> str:
        return self.text or json.dumps(self.data)


class StoreFull(Exception):
    """Raised when Redis has no memory left for a run's events."""


class Writer:
    """Appends events to one run's stream.

    The writer chooses the ids, so a retried append never writes an event twice.
    """

    def __init__(self, run_id: uuid.UUID, patience: float = PATIENCE) -> None:
        self._key = make_stream_key(run_id)
        self._patience = patience
        self._last: tuple[int, int] | None = None
        self._budget: Budget | None = None
        self._quiet = False  # True once the model's text is no longer written

    def append(self, kind: str, data: Mapping[str, Any]) -> str:
        """Write one event and return its id; return "" for a chunk that does not fit.

        Raises redis.ConnectionError when Redis stays away, StoreFull when it stays full.
        """
        text = json.dumps(data)
        if kind == WORDS and not self._has_room(len(text)):
            return ""
        try:
            return self._append({"kind": kind, "data": text})
        except redis.OutOfMemoryError:
            if kind != WORDS:
                raise StoreFull(explain_full_store()) from None
            self._fall_silent(explain_full_store())
            return ""

    def _has_room(self, size: int) -> bool:
        if self._quiet:
            return False
        if self._budget is None:
            self._budget = Budget.of(self._key)
        if self._budget.spend(size + ENTRY_BYTES):
            return True
        self._fall_silent(
            f"The model has written more than the {settings.STREAM_BYTES // 1_000_000} MB or "
            f"{settings.STREAM_EVENTS} events that are shown live (STREAM_MEGABYTES, STREAM_EVENTS); "
            "the run continues, and its attempts are still shown."
        )
        return False

    def _fall_silent(self, words: str) -> None:
        self._quiet = True
        logger.warning("%s: %s", self._key, words)
        try:
            self._append({"kind": "silent", "data": json.dumps({"message": words})})
        except redis.OutOfMemoryError:
            logger.warning("%s: the notice did not fit either", self._key)

    def _append(self, fields: Any) -> str:
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
            except redis.OutOfMemoryError:
                # Chunks can be dropped at once. For required events, wait: older streams may
                # expire.
                if fields["kind"] in (WORDS, "silent") or time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)
            except redis.ResponseError as error:
                if "equal or smaller" not in str(error):
                    raise
                if tried and self._is_there(
                    number, fields
                ):  # it was written; only the reply was lost
                    break
                # another process wrote (for example Stop): read the newest id again
                self._last = None
            else:
                break
        self._last = number
        return _format_id(number)

    def _next(self) -> tuple[int, int]:
        if self._last is None:
            last: Any = get_connection().xrevrange(self._key, count=1)
            self._last = parse_event_id(last[0][0]) if last else (0, 0)
        now = int(time.time() * 1000)
        return (now, 0) if now > self._last[0] else (self._last[0], self._last[1] + 1)

    def _add(self, number: tuple[int, int], fields: Any) -> None:
        with get_connection().pipeline(transaction=False) as pipe:
            pipe.xadd(
                self._key,
                fields,
                id=_format_id(number),
                maxlen=settings.STREAM_EVENTS,
                approximate=True,
            )
            pipe.expire(self._key, DAY)
            pipe.execute()

    def _is_there(self, number: tuple[int, int], fields: Any) -> bool:
        entries: Any = get_connection().xrange(
            self._key, min=_format_id(number), max=_format_id(number)
        )
        return bool(entries) and entries[0][1] == fields


@dataclass(slots=True)
class Budget:
    """The space left for the model's text in one run's stream."""

    size: int  # bytes
    events: int

    @classmethod
    def of(cls, key: str) -> Budget:
        """Return the budget left; a requeued run may have written before."""
        with get_connection().pipeline(transaction=False) as pipe:
            pipe.memory_usage(key)
            pipe.xlen(key)
            used, length = pipe.execute()
        return cls(settings.STREAM_BYTES - (used or 0), settings.STREAM_EVENTS - RESERVED - length)

    def spend(self, size: int) -> bool:
        self.size -= size
        self.events -= 1
        return self.size >= 0 and self.events >= 0


def explain_full_store() -> str:
    where = "raise VALKEY_MEGABYTES" if settings.REDIS_URL.startswith("unix:") else "see REDIS_URL"
    return f"The store of live events is full ({where}); try again after other runs have ended."


def publish_event(run_id: uuid.UUID, kind: str, data: Mapping[str, Any]) -> None:
    """Write one event from outside the worker.

    If Redis is away, only the event is lost; nothing is raised.
    """
    try:
        Writer(run_id, patience=0).append(kind, data)
    except (redis.RedisError, StoreFull) as error:
        logger.warning("run %s: %s could not be written (%s)", run_id, kind, type(error).__name__)


def read_events(run_id: uuid.UUID, after: str = FIRST) -> list[Event]:
    """Return all events later than the id `after`."""
    entries: Any = get_connection().xrange(make_stream_key(run_id), min=f"({after}")
    return [parse_event(entry) for entry in entries]


def find_newest_event(run_id: uuid.UUID) -> Event | None:
    """Return the newest event; None where there is none any more."""
    entries: Any = get_connection().xrevrange(make_stream_key(run_id), count=1)
    return parse_event(entries[0]) if entries else None


@lru_cache(maxsize=1)
def get_connection() -> redis.Redis:
    """Return this process's connection pool for the configured Redis."""
    return redis.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **OPTIONS)


def parse_event(entry: tuple[str, dict[str, str]]) -> Event:
    """Parse an entry of a Redis stream."""
    return Event(entry[0], entry[1]["kind"], json.loads(entry[1]["data"]), entry[1]["data"])


def parse_event_id(text: str) -> tuple[int, int]:
    first, second = text.split("-")
    return int(first), int(second)


def follow_event_id(text: str) -> str:
    """Return the id that comes right after this one."""
    first, second = parse_event_id(text)
    return _format_id((first, second + 1))


def _format_id(number: tuple[int, int]) -> str:
    return f"{number[0]}-{number[1]}"


def make_stream_key(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:events"
