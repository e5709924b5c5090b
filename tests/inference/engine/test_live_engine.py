"""The engine's thread: started, asked from many sides, failing and closed."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Iterator

import pytest

from inference.engine.live import Busy, LiveEngine, RequestError
from inference.engine.sequence import Update
from tests.inference.engine.asking import Answer, answers, asking, words
from tests.inference.engine.conftest import NewEngine


@pytest.fixture
def live(new_engine: NewEngine) -> Iterator[LiveEngine]:
    live = LiveEngine(new_engine(running=4, waiting=4))
    yield live
    live.close()


def wait_for(updates: queue.SimpleQueue[Update], answer: Answer) -> Answer:
    while answer.finish is None:
        answer.take(updates.get(timeout=30))
    return answer


async def test_several_requests_come_back_by_their_index(
    live: LiveEngine, new_engine: NewEngine
) -> None:
    requests = [asking(words(5, seed=seed), 8) for seed in range(3)]
    got = [Answer() for _ in requests]
    async with live.ask(*requests) as conversation:
        async for index, update in conversation:
            got[index].take(update)
    assert [one.ids for one in got] == [one.ids for one in answers(new_engine(), *requests)]


async def test_leaving_a_conversation_frees_its_blocks_before_the_next_step(
    live: LiveEngine,
) -> None:
    async with live.ask(asking(words(5, seed=1), 200)) as conversation:
        async for _ in conversation:
            break
    steps = live.counts.steps
    while live.engine.sequences:
        await asyncio.sleep(0.001)
    assert live.counts.steps - steps <= 1
    assert live.engine.pool.free == live.engine.pool.count
    assert live.counts.cancelled == 1


def test_a_step_that_fails_ends_its_requests_and_no_other(
    live: LiveEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    updates: queue.SimpleQueue[Update] = queue.SimpleQueue()

    def fail(pieces: object) -> None:
        raise MemoryError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(live.engine.runner, "run", fail)
        live.submit(updates.put, asking(words(5, seed=1), 8))
        assert wait_for(updates, Answer()).finish == "error"
    assert live.engine.pool.free == live.engine.pool.count
    live.submit(updates.put, asking(words(5, seed=1), 8))
    assert wait_for(updates, Answer()).finish == "length"
    live.engine.check_integrity()


def test_a_full_queue_refuses_all_choices_or_none(live: LiveEngine) -> None:
    hold = threading.Event()
    step = live.engine.step
    live.engine.step = lambda: hold.wait(30) and step()  # type: ignore[assignment, method-assign]
    updates: queue.SimpleQueue[Update] = queue.SimpleQueue()
    tickets = live.submit(updates.put, *[asking(words(5, seed=1), 8)] * 7)
    with pytest.raises(Busy, match="3 requests are waiting already; try again in 1 s"):
        live.submit(updates.put, *[asking(words(5, seed=1), 8)] * 2)
    tickets += live.submit(updates.put, asking(words(5, seed=1), 8))
    hold.set()
    finished = 0
    while finished < 8:
        finished += updates.get(timeout=30).finish == "length"
    assert len(tickets) == 8


def test_what_never_fits_is_refused_before_it_is_queued(live: LiveEngine) -> None:
    with pytest.raises(RequestError, match="max_tokens is 9999"):
        live.submit(print, asking(words(5, seed=1), 9999))


def test_more_answers_than_there_is_room_for_are_refused_for_good(live: LiveEngine) -> None:
    with pytest.raises(RequestError, match="9 answers are asked for at once; use at most 8") as one:
        live.submit(print, *[asking(words(5, seed=1), 8)] * 9)
    assert one.value.field == "n"


def test_closing_tells_those_that_still_listen(new_engine: NewEngine) -> None:
    live = LiveEngine(new_engine())
    updates: queue.SimpleQueue[Update] = queue.SimpleQueue()
    live.submit(updates.put, asking(words(5, seed=1), 200))
    answer = Answer()
    answer.take(updates.get(timeout=30))
    live.close()
    assert wait_for(updates, answer).finish == "cancelled"
    with pytest.raises(RuntimeError, match="closed"):
        live.submit(updates.put, asking(words(5, seed=1), 8))


async def test_a_listener_whose_loop_is_gone_is_forgotten(live: LiveEngine) -> None:
    def gone(update: Update) -> None:
        raise RuntimeError("Event loop is closed")

    live.submit(gone, asking(words(5, seed=1), 200))
    updates: queue.SimpleQueue[Update] = queue.SimpleQueue()
    live.submit(updates.put, asking(words(5, seed=2), 8))
    await asyncio.to_thread(wait_for, updates, Answer())
    assert live.counts.cancelled == 1


def test_an_engine_that_ends_by_a_fault_tells_its_listeners(
    live: LiveEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not in a step, where faults are caught, but in its books.
    monkeypatch.setattr(live.engine, "add", lambda request: 1 // 0)
    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    updates: queue.SimpleQueue[Update] = queue.SimpleQueue()
    live.submit(updates.put, asking(words(5, seed=1), 8))
    assert wait_for(updates, Answer()).finish == "error"
    with pytest.raises(RuntimeError, match="closed"):
        live.submit(updates.put, asking(words(5, seed=1), 8))
