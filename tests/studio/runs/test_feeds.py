"""Many readers share one look at a run's stream; each gets every event once, however slow or late
it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid

import pytest

from studio.runs import feeds
from studio.runs.events import AT_ONCE, Writer, get_connection
from studio.runs.feeds import follow

pytestmark = pytest.mark.usefixtures("valkey")


async def read_until(run: uuid.UUID, last: str, after: str = "0", pause: float = 0.0) -> list[str]:
    seen: list[str] = []
    async with contextlib.aclosing(follow(run, after)) as pieces:
        async for piece in pieces:
            seen += [event.id for event in piece]
            if seen and seen[-1] == last:
                return seen
            await asyncio.sleep(pause)
    raise AssertionError("a follower never ends by itself")


async def test_early_late_and_slow_readers_get_all_once_and_in_order() -> None:
    writer = Writer(run := uuid.uuid4())
    count = 5 * AT_ONCE

    def write() -> list[str]:
        return [writer.append("chunk", {"i": i}) for i in range(count)]

    writing = asyncio.create_task(asyncio.to_thread(write))
    early = [asyncio.create_task(collect(run, count)) for _ in range(5)]
    slow = asyncio.create_task(collect(run, count, pause=0.02))
    ids = await writing
    late = await read_until(run, ids[-1])
    resumed = await read_until(run, ids[-1], after=ids[count // 2])
    assert late == ids
    assert resumed == ids[count // 2 + 1 :]
    for one in [*early, slow]:
        assert await one == ids


async def collect(run: uuid.UUID, count: int, pause: float = 0.0) -> list[str]:
    seen: list[str] = []
    async with contextlib.aclosing(follow(run)) as pieces:
        async for piece in pieces:
            seen += [event.id for event in piece]
            if len(seen) >= count:
                return seen
            await asyncio.sleep(pause)
    return seen


async def test_readers_of_one_run_share_one_connection() -> None:
    Writer(run := uuid.uuid4()).append("step", {})
    before = len(get_connection().client_list())  # type: ignore[arg-type]
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(30):
            pieces = await stack.enter_async_context(contextlib.aclosing(follow(run, idle=0.1)))
            await anext(pieces)
        waiting = len(get_connection().client_list()) - before  # type: ignore[arg-type]
    assert waiting <= 3  # the feed's, and that by which those who came first caught up


async def test_memory_is_bounded_however_much_is_written() -> None:
    writer = Writer(run := uuid.uuid4())
    async with contextlib.aclosing(follow(run, idle=0.1)) as pieces:
        await anext(pieces)
        ids = await asyncio.to_thread(
            lambda: [writer.append("chunk", {}) for _ in range(3 * AT_ONCE)]
        )
        hub = feeds._hubs[asyncio.get_running_loop()]
        while True:
            if any(event.id == ids[-1] for event in await anext(pieces)):
                break
        assert len(hub._feeds[run].newest) <= AT_ONCE
    assert run not in hub._feeds  # nobody reads it: nothing is kept


async def test_a_stream_that_was_cut_at_its_beginning_is_read_from_what_is_left() -> None:
    writer = Writer(run := uuid.uuid4())
    ids = [writer.append("chunk", {}) for _ in range(10)]
    get_connection().xtrim(f"run:{run}:events", maxlen=4, approximate=False)
    assert await read_until(run, ids[-1], after=ids[0]) == ids[-4:]
