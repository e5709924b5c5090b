"""Follows runs for many readers: one connection to Redis for each run that somebody looks at,
however many do.

A feed keeps the newest events of its run. A reader that is further behind (it came late, or its
network is slow) reads the stream itself until it has caught up; so the slowest costs the others
nothing, and memory is bounded either way.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections import deque
from collections.abc import AsyncGenerator
from typing import Any
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from studio.runs import events
from studio.runs.events import AT_ONCE, FIRST, PAUSE, Event, event_of, number_of, stream_key

BLOCK = 1_000  # ms that Redis keeps a reader waiting
CATCHING_UP = 32  # connections for readers who are behind; more of them wait for one another

Number = tuple[int, int]

logger = logging.getLogger(__name__)


class Feed:
    """One run's newest events. `floor`: the id after which it has them all; None before it has
    looked.
    """

    def __init__(self, run_id: uuid.UUID, hub: Hub) -> None:
        self.key, self.hub, self.readers = stream_key(run_id), hub, 0
        self.floor: Number | None = None
        self.newest: deque[tuple[Number, Event]] = deque()
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._read())

    def after(self, number: Number) -> list[Event]:
        """Those with a later id, `AT_ONCE` at most; looked for from the end, where readers are."""
        found: list[Event] = []
        for at, event in reversed(self.newest):
            if at <= number:
                break
            found.append(event)
        found.reverse()
        return found[:AT_ONCE]

    async def wait(self, seconds: float) -> None:
        """Until there are news, `seconds` at most."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)

    def stop(self) -> None:
        self._task.cancel()

    async def _read(self) -> None:
        client = new_client()
        try:
            while True:
                try:
                    await self._take(client)
                except (redis.ConnectionError, redis.TimeoutError):
                    await asyncio.sleep(PAUSE)
                except redis.RedisError:
                    logger.exception("%s cannot be read", self.key)
                    await asyncio.sleep(BLOCK / 1_000)
        finally:
            await client.aclose()

    async def _take(self, client: redis.asyncio.Redis) -> None:
        if self.floor is None:
            last: Any = await client.xrevrange(self.key, count=1)
            self.floor = number_of(last[0][0]) if last else (0, 0)
            self._tell()
        after = self.newest[-1][0] if self.newest else self.floor
        reply: Any = await client.xread(
            {self.key: f"{after[0]}-{after[1]}"}, count=AT_ONCE, block=BLOCK
        )
        found = [event_of(entry) for _, entries in reply for entry in entries]
        self.newest.extend((number_of(event.id), event) for event in found)
        while len(self.newest) > AT_ONCE:
            self.floor = self.newest.popleft()[0]
        if found:
            self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Hub:
    """The feeds of one event loop, each for as long as it has readers."""

    def __init__(self) -> None:
        self._feeds: dict[uuid.UUID, Feed] = {}
        self._turns = asyncio.Semaphore(CATCHING_UP)

    @contextlib.asynccontextmanager
    async def feed(self, run_id: uuid.UUID) -> AsyncGenerator[Feed, None]:
        feed = self._feeds.get(run_id)
        if feed is None:
            feed = self._feeds[run_id] = Feed(run_id, self)
        feed.readers += 1
        try:
            yield feed
        finally:
            feed.readers -= 1
            if not feed.readers:
                feed.stop()
                del self._feeds[run_id]
                if not self._feeds:
                    await self.close()

    _client: redis.asyncio.Redis | None = None

    async def read(self, key: str, after: Number) -> list[Event]:
        """From the stream itself, for a reader that is behind."""
        async with self._turns:
            if self._client is None:
                self._client = new_client()
            entries: Any = await self._client.xrange(
                key, min=f"({after[0]}-{after[1]}", count=AT_ONCE
            )
        return [event_of(entry) for entry in entries]

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


async def follow(
    run_id: uuid.UUID, after: str = FIRST, *, idle: float = 1.0
) -> AsyncGenerator[list[Event], None]:
    """What is later than `after`, then what comes, in pieces; an empty piece after `idle` seconds
    without any.

    Never ends by itself, and outlives a Redis that restarts.
    """
    hub = _hubs.setdefault(asyncio.get_running_loop(), Hub())
    at = number_of(after if "-" in after else f"{after}-0")
    async with hub.feed(run_id) as feed:
        while True:
            piece = await _next(hub, feed, at)
            if not piece:
                await feed.wait(idle)
                piece = await _next(hub, feed, at)
            if piece:
                at = number_of(piece[-1].id)
            yield piece


async def _next(hub: Hub, feed: Feed, at: Number) -> list[Event]:
    """What there is after `at` by now."""
    floor = feed.floor
    if floor is not None and at >= floor:
        return feed.after(at)
    try:
        found = await hub.read(feed.key, at)
    except redis.RedisError:
        return []
    if found or feed.floor is None:
        return found
    # Nothing is older than what the feed held before we asked, so nothing is skipped by going on
    # from there.
    at = max(at, floor or at)
    return feed.after(at) if at >= feed.floor else []


def new_client() -> redis.asyncio.Redis:
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **events.OPTIONS
    )
