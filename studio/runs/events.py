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
from collections.abc import Callable, Mapping
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
# Seconds without an answer after which Redis counts as away. A network that loses packets gives no
# error, so a call without this limit waits for ever. Readers block for 1 s at most.
ANSWER_SECONDS = 5
OPTIONS: Any = {
    "decode_responses": True,
    "socket_connect_timeout": ANSWER_SECONDS,
    "socket_timeout": ANSWER_SECONDS,
}
AT_ONCE = 500  # events a reader holds in memory, however far behind it is
# Events of STREAM_EVENTS reserved for required events (steps, attempts, the end). A run of 20
# rounds with 8 candidates writes about 600.
RESERVED = 1_000
# overhead of one event in Redis; measured with MEMORY USAGE: 40 to 90 besides the text
ENTRY_BYTES = 100
WORDS = "chunk"  # the kind of event that may be dropped
NONE = (0, 0)  # the id before all others
# Appends an event if the newest one is that which the writer knows, and returns whether it did. So a
# worker that was cut off cannot write into a run that another one has taken over meanwhile, not even
# with a command that the network delivers late.
APPEND = """
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local last = newest[1] and newest[1][1] or '0-0'
if last ~= ARGV[1] then return 0 end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], ARGV[2], 'kind', ARGV[3], 'data', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[6])
return 1
"""

Number = tuple[int, int]

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


class ClaimLost(Exception):
    """Raised when the writer's run belongs to another worker now."""


class Writer:
    """Appends events to one run's stream.

    The writer chooses the ids, so a retried append never writes an event twice. `keeps_claim` says
    whether the run is still the writer's; it is asked before the first event and whenever another
    process has written.
    """

    def __init__(
        self,
        run_id: uuid.UUID,
        patience: float = PATIENCE,
        keeps_claim: Callable[[], bool] = lambda: True,
    ) -> None:
        self._key = make_stream_key(run_id)
        self._patience = patience
        self._keeps_claim = keeps_claim
        self._last: Number | None = None  # of the newest event in the stream
        self._budget: Budget | None = None
        self._quiet = False  # True once the model's text is no longer written

    def append(self, kind: str, data: Mapping[str, Any]) -> str:
        """Write one event and return its id; return "" for a chunk that does not fit.

        Raises redis.ConnectionError or redis.TimeoutError when Redis stays away, StoreFull when it
        stays full, ClaimLost when the run belongs to another worker.
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
        sent: Number | None = None  # the id of a try whose reply was lost
        while True:
            try:
                if sent is not None and self._is_there(sent, fields):
                    break
                sent = self._choose_next_id()
                if self._add(sent, fields):
                    break
                # Another process wrote (for example Stop): read the newest id again.
                self._last = sent = None
            except (redis.ConnectionError, redis.TimeoutError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)
            except redis.OutOfMemoryError:
                # Chunks can be dropped at once. For required events, wait: older streams may
                # expire.
                if fields["kind"] in (WORDS, "silent") or time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)
        self._last = sent
        return _format_id(sent)

    def _choose_next_id(self) -> Number:
        if self._last is None:
            newest = self._read_newest_id()
            # Only now: a worker that takes the run over after this answer writes before us, and
            # then the newest event is another.
            if not self._keeps_claim():
                raise ClaimLost
            self._last = newest
        now = int(time.time() * 1000)
        return (now, 0) if now > self._last[0] else (self._last[0], self._last[1] + 1)

    def _read_newest_id(self) -> Number:
        entries: Any = get_connection().xrevrange(self._key, count=1)
        return parse_event_id(entries[0][0]) if entries else NONE

    def _add(self, number: Number, fields: Any) -> bool:
        """Write the event; return False if another process has written since the last one."""
        values = (fields["kind"], fields["data"], settings.STREAM_EVENTS, DAY)
        known = _format_id(self._last or NONE)
        arguments = [known, _format_id(number), *values]
        try:
            return bool(_load_append_script()(keys=[self._key], args=arguments))
        except redis.ResponseError as error:
            # Before version 7, Redis wraps a script's error in words of its own.
            if "-OOM" in str(error):
                raise redis.OutOfMemoryError(str(error)) from None
            raise

    def _is_there(self, number: Number, fields: Any) -> bool:
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


def _load_append_script() -> Any:
    return get_connection().register_script(APPEND)


def parse_event(entry: tuple[str, dict[str, str]]) -> Event:
    """Parse an entry of a Redis stream."""
    return Event(entry[0], entry[1]["kind"], json.loads(entry[1]["data"]), entry[1]["data"])


def parse_event_id(text: str) -> Number:
    first, second = text.split("-")
    return int(first), int(second)


def follow_event_id(text: str) -> str:
    """Return the id that comes right after this one."""
    first, second = parse_event_id(text)
    return _format_id((first, second + 1))


def _format_id(number: Number) -> str:
    return f"{number[0]}-{number[1]}"


def make_stream_key(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:events"
