"""Who looks at a run just now, and whether something was said: two keys in Redis, both forgotten soon."""

from __future__ import annotations

import logging
import time
import uuid

import redis
import redis.asyncio

from studio.runs import events

AWAY = 10.0  # seconds without a sign, and a person is taken for gone
HOUR = 3600

logger = logging.getLogger(__name__)


def ring(run_id: uuid.UUID) -> None:
    """Something was said. A Redis that is away costs others the news until they load the page again."""
    try:
        with events.connect().pipeline(transaction=False) as pipe:
            pipe.incr(_said(run_id))
            pipe.expire(_said(run_id), HOUR)
            pipe.execute()
    except redis.RedisError as error:
        logger.warning("run %s: a comment was not told (%s)", run_id, type(error).__name__)


async def here(client: redis.asyncio.Redis, run_id: uuid.UUID, person: int, place: str) -> tuple[list[int], int]:
    """Say that `person` is here (at `place`, one of their tabs); who is, and how often it rang."""
    now = time.time()
    async with client.pipeline(transaction=False) as pipe:
        pipe.zadd(_present(run_id), {f"{person}:{place}": now})
        pipe.zremrangebyscore(_present(run_id), "-inf", now - AWAY)
        pipe.expire(_present(run_id), HOUR)
        pipe.zrange(_present(run_id), 0, -1)
        pipe.get(_said(run_id))
        *_, members, rung = await pipe.execute()
    return sorted({int(member.split(":")[0]) for member in members}), int(rung or 0)


async def gone(client: redis.asyncio.Redis, run_id: uuid.UUID, person: int, place: str) -> None:
    await client.zrem(_present(run_id), f"{person}:{place}")


def _present(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:present"


def _said(run_id: uuid.UUID) -> str:
    return f"run:{run_id}:said"
