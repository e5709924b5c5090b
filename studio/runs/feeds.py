"""Feeds of run events for many readers: one Redis connection per run that is being viewed.

A feed keeps the newest events of its run. A reader that is further behind reads the stream itself
until it has caught up, so slow readers cost others nothing and memory is bounded.
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
from studio.runs.events import (
    AT_ONCE,
    FIRST,
    PAUSE,
    Event,
    make_stream_key,
    parse_event,
    parse_event_id,
)

BLOCK = 1_000  # ms that a blocking read waits in Redis
CATCHING_UP = 32  # connections for readers who are behind; further readers wait

Number = tuple[int, int]

logger = logging.getLogger(__name__)


class Feed:
    """The newest events of one run.

    `floor` is the id after which the feed has all events; None before the first read.
    """

    def __init__(self, run_id: uuid.UUID, hub: Hub) -> None:
        self.key = make_stream_key(run_id)
        self.hub = hub
        self.readers = 0
        self.floor: Number | None = None
        self.newest: deque[tuple[Number, Event]] = deque()
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._read())

    def after(self, number: Number) -> list[Event]:
        """Return up to `AT_ONCE` events later than `number`.

        Searches from the end, because most readers are there.
        """
        events_after: list[Event] = []
        for event_id, event in reversed(self.newest):
            if event_id <= number:
                break
            events_after.append(event)
        events_after.reverse()
        return events_after[:AT_ONCE]

    async def wait(self, seconds: float) -> None:
        """Wait until there are new events, at most `seconds`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)

    def stop(self) -> None:
        self._task.cancel()

    async def _read(self) -> None:
        client = make_client()
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
            self.floor = parse_event_id(last[0][0]) if last else (0, 0)
            self._tell()
        after = self.newest[-1][0] if self.newest else self.floor
        reply: Any = await client.xread(
            {self.key: f"{after[0]}-{after[1]}"}, count=AT_ONCE, block=BLOCK
        )
        fresh = [parse_event(entry) for _, entries in reply for entry in entries]
        self.newest.extend((parse_event_id(event.id), event) for event in fresh)
        while len(self.newest) > AT_ONCE:
            self.floor = self.newest.popleft()[0]
        if fresh:
            self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Hub:
    """The feeds of one event loop, each kept while it has readers."""

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
        """Read the stream itself, for a reader that is behind."""
        async with self._turns:
            if self._client is None:
                self._client = make_client()
            entries: Any = await self._client.xrange(
                key, min=f"({after[0]}-{after[1]}", count=AT_ONCE
            )
        return [parse_event(entry) for entry in entries]

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


async def follow(
    run_id: uuid.UUID, after: str = FIRST, *, idle: float = 1.0
) -> AsyncGenerator[list[Event], None]:
    """Yield batches of events: those later than `after`, then new ones.

    Yields an empty batch after `idle` seconds without an event. Never ends by itself and survives a
    restart of Redis.
    """
    hub = _hubs.setdefault(asyncio.get_running_loop(), Hub())
    position = parse_event_id(after if "-" in after else f"{after}-0")
    async with hub.feed(run_id) as feed:
        while True:
            piece = await _next(hub, feed, position)
            if not piece:
                await feed.wait(idle)
                piece = await _next(hub, feed, position)
            if piece:
                position = parse_event_id(piece[-1].id)
            yield piece


async def _next(hub: Hub, feed: Feed, position: Number) -> list[Event]:
    """Return the events after `at` that exist now."""
    floor = feed.floor
    if floor is not None and position >= floor:
        return feed.after(position)
    try:
        missed = await hub.read(feed.key, position)
    except redis.RedisError:
        return []
    if missed or feed.floor is None:
        return missed
    # The feed held nothing older when the read began, so continuing from there skips nothing.
    position = max(position, floor or position)
    return feed.after(position) if position >= feed.floor else []


def make_client() -> redis.asyncio.Redis:
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **events.OPTIONS
    )
