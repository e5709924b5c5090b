"""Which job a worker takes next: teams take turns, as they do with runs. All of it lies in Redis.

An open job waits, is claimed by a worker, or has a result that nobody has read.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

import redis

from studio.runs import events
from studio.runs.queue import Waiting, order_fairly

LASTS = 600  # seconds that a job is kept: its request, its place, its result
TEAMS = "jobs:teams"  # the teams that have open jobs, by when the latest was queued
STARTED = "jobs:started"  # when a job of each team was claimed last


def enqueue_job(store: redis.Redis, team: int, job: str) -> int:
    """Give the job a place in its team's queue and return how many jobs of the team are open."""
    places, now = _name_places(team), time.time()
    with store.pipeline() as pipe:
        pipe.zremrangebyscore(places, 0, now - LASTS)
        pipe.zremrangebyscore(TEAMS, 0, now - LASTS)
        pipe.zadd(places, {job: now})
        pipe.zadd(TEAMS, {str(team): now})
        for name in (places, TEAMS):
            pipe.expire(name, LASTS)
        pipe.zcard(places)
        return int(pipe.execute()[-1])


def forget_place(store: redis.Redis, team: int, job: str) -> None:
    """Free the job's place: it was read, or there was no room for it."""
    store.zrem(_name_places(team), job)


def claim_next_job() -> str | None:
    """Claim the job whose turn it is and return its id; None when no job waits."""
    store = events.get_connection()
    waiting, running = _list_open(store)
    stored: Any = store.hgetall(STARTED)
    started = {int(team): float(moment) for team, moment in stored.items()}
    for one in order_fairly(waiting, running, started):
        job = one.id.hex
        if store.set(name_key(job, "claim"), "1", nx=True, ex=LASTS):
            store.hset(STARTED, str(one.team), time.time())
            store.expire(STARTED, LASTS)
            return job
    return None


def name_key(job: str, part: str) -> str:
    """Return the key of a part of a job: its request, its claim, its progress or its result."""
    return f"job:{job}:{part}"


def _list_open(store: redis.Redis) -> tuple[list[Waiting], dict[int, int]]:
    """Return the waiting jobs, oldest first, and how many jobs of each team are under way.

    A job waits from when its request is stored; its place is taken before, to be counted.
    """
    teams: Any = store.zrange(TEAMS, 0, -1)
    places: list[tuple[float, int, str]] = []
    for team in teams:
        found: Any = store.zrange(_name_places(int(team)), 0, -1, withscores=True)
        places += [(queued, int(team), job) for job, queued in found]
    places.sort()
    waiting: list[Waiting] = []
    running: Counter[int] = Counter()
    for (_, team, job), parts in zip(places, _find_parts(store, places), strict=True):
        asked, claimed, done = parts
        if not asked or done:
            continue
        if claimed:
            running[team] += 1
        else:
            waiting.append(Waiting(uuid.UUID(job), team))
    return waiting, running


def _find_parts(
    store: redis.Redis, places: Sequence[tuple[float, int, str]]
) -> list[tuple[bool, bool, bool]]:
    """Return of each job whether it has a request, a claim and a result, in one round trip."""
    with store.pipeline(transaction=False) as pipe:
        for _, _, job in places:
            for part in ("request", "claim", "result"):
                pipe.exists(name_key(job, part))
        found = [bool(there) for there in pipe.execute()]
    return list(zip(found[::3], found[1::3], found[2::3], strict=True))


def _name_places(team: int) -> str:
    return f"jobs:{team}"
