"""Many who ask at once are answered by few queries, each by one that began after it asked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

import pytest

from studio.edge.batches import Batcher
from studio.edge.slots import Slots


class Source:
    """Answers with how often it was asked; each query ends when `release` says so."""

    def __init__(self) -> None:
        self.queries: list[set[str]] = []
        self.release = asyncio.Event()
        self.fails = False

    async def fetch(self, asked: Collection[str]) -> Mapping[str, int]:
        self.queries.append(set(asked))
        number = len(self.queries)
        await self.release.wait()
        if self.fails:
            raise OSError("the database is away")
        return {question: number for question in asked if question != "nobody"}


async def test_who_asks_while_a_query_is_under_way_waits_for_the_next() -> None:
    source = Source()
    batcher = Batcher(source.fetch)
    first = asyncio.create_task(batcher.ask("a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    later = [asyncio.create_task(batcher.ask(question)) for question in "abcabc"]
    await asyncio.sleep(0)
    source.release.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2] * 6
    assert source.queries == [{"a"}, {"a", "b", "c"}]


async def test_what_is_left_out_is_none() -> None:
    source = Source()
    source.release.set()
    assert await Batcher(source.fetch).ask("nobody") is None


async def test_a_query_that_fails_fails_for_who_asked_and_for_nobody_later() -> None:
    source = Source()
    source.release.set()
    source.fails = True
    batcher = Batcher(source.fetch)
    with pytest.raises(OSError, match="away"):
        await batcher.ask("a")
    source.fails = False
    assert await batcher.ask("a") == 2


async def test_who_leaves_does_not_stop_the_others() -> None:
    source = Source()
    batcher = Batcher(source.fetch)
    leaver, stayer = (asyncio.create_task(batcher.ask("a")) for _ in range(2))
    await asyncio.sleep(0)
    leaver.cancel()
    source.release.set()
    assert await stayer == 1


def test_slots_are_counted_for_each_and_for_all() -> None:
    slots = Slots(most=3, most_each=2)
    assert [slots.take("ada"), slots.take("ada")] == ["", ""]
    assert "PERSON_STREAMS" in slots.take("ada")
    assert slots.take("ben") == ""
    assert "STREAMS" in slots.take("cleo")
    slots.give_back("ada")
    assert slots.take("cleo") == ""
    assert slots.taken == 3
