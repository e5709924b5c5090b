"""Who looks at a run just now, and whether something was said: two keys in Redis, both forgotten
soon.
"""

from __future__ import annotations

import contextlib
import logging
import time
import uuid
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass

import redis
import redis.asyncio

from studio.edge.batches import Batcher
from studio.runs import events
from studio.runs.feeds import new_client

AWAY = 10.0  # seconds without a sign, and a person is taken for gone
HOUR = 3600

logger = logging.getLogger(__name__)


def ring(run_id: uuid.UUID) -> None:
    """Something was said. A Redis that is away costs others the news until they load the page
    again.
    """
    try:
        with events.get_connection().pipeline(transaction=False) as pipe:
            pipe.incr(_get_comment_key(run_id))
            pipe.expire(_get_comment_key(run_id), HOUR)
            pipe.execute()
    except redis.RedisError as error:
        logger.warning("run %s: a comment was not told (%s)", run_id, type(error).__name__)


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a run that a person has open."""

    run: uuid.UUID
    person: int
    place: str


async def announce_presence(tab: Tab) -> tuple[list[int], int]:
    """Say that the tab is open; who has one, and how often it rang. Raises redis.RedisError."""
    return await _here.ask(tab) or ([], 0)


async def end_presence(tab: Tab) -> None:
    async with closing() as client:
        await client.zrem(_get_presence_key(tab.run), f"{tab.person}:{tab.place}")


async def _say_here(tabs: Collection[Tab]) -> Mapping[Tab, tuple[list[int], int]]:
    """For all tabs at once, with five commands for each run."""
    now = time.time()
    members: dict[uuid.UUID, dict[str, float]] = {}
    for tab in tabs:
        members.setdefault(tab.run, {})[f"{tab.person}:{tab.place}"] = now
    async with closing() as client, client.pipeline(transaction=False) as pipe:
        for run, present in members.items():
            pipe.zadd(_get_presence_key(run), present)
            pipe.zremrangebyscore(_get_presence_key(run), "-inf", now - AWAY)
            pipe.expire(_get_presence_key(run), HOUR)
            pipe.zrange(_get_presence_key(run), 0, -1)
            pipe.get(_get_comment_key(run))
        replies = await pipe.execute()
    found = {}
    for place, run in enumerate(members):
        people = sorted({int(member.split(":")[0]) for member in replies[5 * place + 3]})
        found[run] = people, int(replies[5 * place + 4] or 0)
    return {tab: found[tab.run] for tab in tabs}


_here: Batcher[Tab, tuple[list[int], int]] = Batcher(_say_here)


@contextlib.asynccontextmanager
async def closing() -> AsyncIterator[redis.asyncio.Redis]:
    client = new_client()
    try:
        yield client
    finally:
        await client.aclose()


def _get_presence_key(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:present"


def _get_comment_key(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:said"
