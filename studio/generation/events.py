"""What happens in a run while it happens: one Redis stream per run, in order, resumable by id, gone after a day.

The database holds what lasts; nothing here is needed to show a finished run.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings

DAY = 86_400
FIRST = "0"


@dataclass(frozen=True, slots=True)
class Event:
    """`id` orders events and is where a reader resumes; its first half is the time in milliseconds."""

    id: str
    kind: str
    data: Mapping[str, Any]

    @property
    def at(self) -> float:
        """Seconds since 1970, by Redis's clock."""
        return int(self.id.split("-")[0]) / 1000


@lru_cache(maxsize=1)
def connect() -> redis.Redis:
    """This process's pool of connections to the Redis in force."""
    return redis.Redis.from_url(settings.REDIS_URL, decode_responses=True, socket_connect_timeout=5)


def append(run_id: uuid.UUID, kind: str, data: Mapping[str, Any]) -> str:
    """Write one event and return its id."""
    with connect().pipeline(transaction=False) as pipe:
        pipe.xadd(_key(run_id), {"kind": kind, "data": json.dumps(data)})
        pipe.expire(_key(run_id), DAY)
        return str(pipe.execute()[0])


def read(run_id: uuid.UUID, after: str = FIRST) -> list[Event]:
    """Every event later than the id `after`."""
    entries: Any = connect().xrange(_key(run_id), min=f"({after}")
    return [Event(id, fields["kind"], json.loads(fields["data"])) for id, fields in entries]


def forget(run_id: uuid.UUID) -> None:
    """Drop the stream: the run starts over."""
    connect().delete(_key(run_id))


def now() -> float:
    """Redis's clock, to compare with `Event.at`."""
    seconds, microseconds = connect().time()
    return float(seconds) + float(microseconds) / 1e6


def _key(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:events"
