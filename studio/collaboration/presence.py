"""Who is viewing a run, and a counter of its comment changes: two short-lived keys in Redis."""

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
from studio.runs.feeds import make_client

AWAY = 10.0  # seconds without a sign of life until a person counts as gone
HOUR = 3600

logger = logging.getLogger(__name__)


def ring(run_id: uuid.UUID) -> None:
    """Signal a changed comment.

    If Redis is away, others see the change only after they reload the page.
    """
    try:
        with events.get_connection().pipeline(transaction=False) as pipe:
            pipe.incr(_get_comment_key(run_id))
            pipe.expire(_get_comment_key(run_id), HOUR)
            pipe.execute()
    except redis.RedisError as error:
        logger.warning(
            "run %s: a comment could not be announced (%s)", run_id, type(error).__name__
        )


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a run that a person has open."""

    run: uuid.UUID
    person: int
    place: str


async def announce_presence(tab: Tab) -> tuple[list[int], int]:
    """Announce the open tab; return who views the run and its comment counter.

    Raises redis.RedisError.
    """
    return await _here.ask(tab) or ([], 0)


async def end_presence(tab: Tab) -> None:
    async with closing() as client:
        await client.zrem(_get_presence_key(tab.run), f"{tab.person}:{tab.place}")


async def _say_here(tabs: Collection[Tab]) -> Mapping[Tab, tuple[list[int], int]]:
    """Announce all tabs at once, with five commands per run."""
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
    state_of_run = {}
    for place, run in enumerate(members):
        people = sorted({int(member.split(":")[0]) for member in replies[5 * place + 3]})
        state_of_run[run] = people, int(replies[5 * place + 4] or 0)
    return {tab: state_of_run[tab.run] for tab in tabs}


_here: Batcher[Tab, tuple[list[int], int]] = Batcher(_say_here)


@contextlib.asynccontextmanager
async def closing() -> AsyncIterator[redis.asyncio.Redis]:
    client = make_client()
    try:
        yield client
    finally:
        await client.aclose()


def _get_presence_key(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:present"


def _get_comment_key(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:said"
