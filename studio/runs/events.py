"""What happens in a run while it happens: one Redis stream per run, in order, resumable by id, gone
after a day.

The database holds what lasts; nothing here is needed to show a finished run. A stream is bounded: a
model that never stops writing costs its own run the live view of its words, and nobody else
anything. `feeds` reads for many at once.
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
# A Redis that restarts (ours does in 0.3 s) costs a writer this much patience, then the run goes
# back to the queue.
PATIENCE = 15.0
PAUSE = 0.1
OPTIONS: Any = {"decode_responses": True, "socket_connect_timeout": 5}
AT_ONCE = 500  # events a reader holds in memory, however far behind it is
# Events of STREAM_EVENTS that words leave to what must be told: steps, attempts, the end. A run of
# 20 rounds with 8 candidates tells about 600.
RESERVED = 1_000
ENTRY_BYTES = 100  # of Redis's own, an event; measured with MEMORY USAGE: 40 to 90 beside the text
WORDS = "chunk"  # the kind of event that a run can do without

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """`id` orders events and is where a reader resumes; its first half is the time in milliseconds."""

    id: str
    kind: str
    data: Mapping[str, Any]
    text: str = (
        ""  # `data` as JSON, where it came as that: it is carried to many readers and written once
    )

    @property
    def at(self) -> float:
        """Seconds since 1970, by the writer's clock."""
        return int(self.id.split("-")[0]) / 1000

    @property
    def json(self) -> str:
        return self.text or json.dumps(self.data)


class StoreFull(Exception):
    """Redis has no memory left for a run's events; one sentence for the run."""


class Writer:
    """Appends to one run's stream. The ids are given here, so an append that is tried again is
    never there twice.
    """

    def __init__(self, run_id: uuid.UUID, patience: float = PATIENCE) -> None:
        self._key, self._patience = stream_key(run_id), patience
        self._last: tuple[int, int] | None = None
        self._budget: Budget | None = None
        self._quiet = False  # the model's words are no longer written

    def append(self, kind: str, data: Mapping[str, Any]) -> str:
        """Write one event and return its id; "" for words (chunks) that the run's stream has no
        more room for.

        Raises redis.ConnectionError when Redis stays away, StoreFull when it stays full.
        """
        text = json.dumps(data)
        if kind == WORDS and not self._has_room(len(text)):
            return ""
        try:
            return self._append({"kind": kind, "data": text})
        except redis.OutOfMemoryError:
            if kind != WORDS:
                raise StoreFull(full_words()) from None
            self._fall_silent(full_words())
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
            "the run goes on, and its attempts are shown as they come."
        )
        return False

    def _fall_silent(self, words: str) -> None:
        self._quiet = True
        logger.warning("%s: %s", self._key, words)
        try:
            self._append({"kind": "silent", "data": json.dumps({"message": words})})
        except redis.OutOfMemoryError:
            logger.warning("%s: not even that could be told", self._key)

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
                # Words can be left out at once; for what must be told, older streams may make room
                # meanwhile.
                if fields["kind"] in (WORDS, "silent") or time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)
            except redis.ResponseError as error:
                if "equal or smaller" not in str(error):
                    raise
                if tried and self._is_there(
                    number, fields
                ):  # it was written; only the reply got lost
                    break
                self._last = None  # somebody else wrote (a Stop, say): look where the stream is now
            else:
                break
        self._last = number
        return _format_id(number)

    def _next(self) -> tuple[int, int]:
        if self._last is None:
            last: Any = get_connection().xrevrange(self._key, count=1)
            self._last = number_of(last[0][0]) if last else (0, 0)
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
        found: Any = get_connection().xrange(
            self._key, min=_format_id(number), max=_format_id(number)
        )
        return bool(found) and found[0][1] == fields


@dataclass(slots=True)
class Budget:
    """What is left for the model's words in one run's stream."""

    size: int  # bytes
    events: int

    @classmethod
    def of(cls, key: str) -> Budget:
        """Counts what is there: a run that began anew has written before."""
        with get_connection().pipeline(transaction=False) as pipe:
            pipe.memory_usage(key)
            pipe.xlen(key)
            used, length = pipe.execute()
        return cls(settings.STREAM_BYTES - (used or 0), settings.STREAM_EVENTS - RESERVED - length)

    def spend(self, size: int) -> bool:
        self.size -= size
        self.events -= 1
        return self.size >= 0 and self.events >= 0


def full_words() -> str:
    where = (
        "VALKEY_MEGABYTES says how much it may hold"
        if settings.REDIS_URL.startswith("unix:")
        else "see REDIS_URL"
    )
    return f"The store of live events is full ({where}); try again when other runs are over."


def publish_event(run_id: uuid.UUID, kind: str, data: Mapping[str, Any]) -> None:
    """One event from outside the worker. A Redis that is away costs the event, never what was being
    done.
    """
    try:
        Writer(run_id, patience=0).append(kind, data)
    except (redis.RedisError, StoreFull) as error:
        logger.warning("run %s: %s was not told (%s)", run_id, kind, type(error).__name__)


def read_events(run_id: uuid.UUID, after: str = FIRST) -> list[Event]:
    """Every event later than the id `after`."""
    entries: Any = get_connection().xrange(stream_key(run_id), min=f"({after}")
    return [event_of(entry) for entry in entries]


@lru_cache(maxsize=1)
def get_connection() -> redis.Redis:
    """This process's pool of connections to the Redis in force."""
    return redis.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **OPTIONS)


def event_of(entry: tuple[str, dict[str, str]]) -> Event:
    """From what Redis holds."""
    return Event(entry[0], entry[1]["kind"], json.loads(entry[1]["data"]), entry[1]["data"])


def number_of(text: str) -> tuple[int, int]:
    first, second = text.split("-")
    return int(first), int(second)


def _format_id(number: tuple[int, int]) -> str:
    return f"{number[0]}-{number[1]}"


def stream_key(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:events"
