"""Events are kept in order, resumed by id, folded into steps, and gone after a day."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import threading
import time
import uuid
from typing import Any

import pytest
import redis

from studio.runs import events
from studio.runs.events import Event
from studio.runs.feeds import follow
from studio.runs.progress import Progress, Writing, fold_progress

pytestmark = pytest.mark.usefixtures("valkey")


def test_they_come_back_in_order_and_a_reader_resumes_after_the_last_it_saw() -> None:
    run = uuid.uuid4()
    writer = events.Writer(run)
    ids = [writer.append("chunk", {"text": str(i)}) for i in range(5)]
    assert [event.data["text"] for event in events.read_events(run)] == ["0", "1", "2", "3", "4"]
    assert [event.id for event in events.read_events(run, after=ids[2])] == ids[3:]
    assert events.read_events(run, after=ids[-1]) == []


def test_runs_do_not_hear_each_other() -> None:
    events.publish_event(ada := uuid.uuid4(), "step", {"name": "looking"})
    assert events.read_events(uuid.uuid4()) == []
    assert len(events.read_events(ada)) == 1


def test_they_expire_after_a_day() -> None:
    events.publish_event(run := uuid.uuid4(), "step", {})
    assert 86_000 < events.get_connection().ttl(f"run:{run}:events") <= 86_400  # type: ignore[operator]


class TestWriter:
    def test_ids_grow_even_within_a_millisecond_and_when_the_clock_goes_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        writer = events.Writer(run := uuid.uuid4())
        monkeypatch.setattr("time.time", lambda: 2000.0)
        ids = [writer.append("step", {}), writer.append("step", {})]
        monkeypatch.setattr("time.time", lambda: 1000.0)
        ids.append(writer.append("step", {}))
        assert ids == ["2000000-0", "2000000-1", "2000000-2"]
        assert [event.id for event in events.read_events(run)] == ids

    def test_two_writers_lose_nothing(self) -> None:
        """A worker, and the web process that tells of a Stop."""
        run = uuid.uuid4()
        writers = [events.Writer(run), events.Writer(run)]
        threads = [
            threading.Thread(
                target=lambda w=w, n=n: [w.append("chunk", {"by": n, "i": i}) for i in range(100)]
            )
            for n, w in enumerate(writers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seen = [(event.data["by"], event.data["i"]) for event in events.read_events(run)]
        assert sorted(seen) == [(n, i) for n in range(2) for i in range(100)]

    def test_a_reply_that_got_lost_does_not_double_the_event(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        writer = events.Writer(run := uuid.uuid4())
        add, lost = writer._add, []

        def add_unheard(*args: Any) -> bool:
            add(*args)
            if not lost:
                lost.append(True)
                raise redis.ConnectionError("the reply got lost")
            return True

        clock = itertools.count(3000)  # a retry comes later
        monkeypatch.setattr(writer, "_add", add_unheard)
        monkeypatch.setattr("time.time", lambda: float(next(clock)))
        assert writer.append("step", {"n": 1}) == "3000000-0"
        assert writer.append("step", {"n": 2}) == "3001000-0"
        assert [event.data["n"] for event in events.read_events(run)] == [1, 2]

    def test_a_worker_whose_run_was_taken_over_writes_nothing_more(self) -> None:
        run = uuid.uuid4()
        owner = ["first"]
        first = events.Writer(run, keeps_claim=lambda: owner == ["first"])
        first.append("claimed", {"claim": 1})
        first.append("chunk", {"text": "a"})
        owner[0] = "second"
        events.Writer(run, keeps_claim=lambda: owner == ["second"]).append("claimed", {"claim": 2})
        with pytest.raises(events.ClaimLost):
            first.append("chunk", {"text": "b"})
        assert [event.kind for event in events.read_events(run)] == ["claimed", "chunk", "claimed"]

    def test_a_command_that_the_network_delivers_late_changes_nothing(self) -> None:
        """The first worker's last command arrives when the second one has begun, with a later id."""
        first = events.Writer(run := uuid.uuid4())
        first.append("claimed", {"claim": 1})
        events.Writer(run).append("claimed", {"claim": 2})
        in_an_hour = (int(time.time() + 3600) * 1000, 0)
        assert not first._add(in_an_hour, {"kind": "chunk", "data": "{}"})
        assert [event.data for event in events.read_events(run)] == [{"claim": 1}, {"claim": 2}]

    def test_a_stop_in_between_does_not_end_the_owners_events(self) -> None:
        writer = events.Writer(run := uuid.uuid4(), keeps_claim=lambda: True)
        writer.append("claimed", {"claim": 1})
        events.publish_event(run, "export", {})
        writer.append("chunk", {"text": "a"})
        assert [event.kind for event in events.read_events(run)] == ["claimed", "export", "chunk"]

    def test_a_redis_that_says_nothing_is_given_up(
        self, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        """A network that loses packets gives no error."""
        monkeypatch.setitem(events.OPTIONS, "socket_timeout", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
            events.get_connection.cache_clear()
            try:
                with pytest.raises((redis.TimeoutError, redis.ConnectionError)):
                    events.Writer(uuid.uuid4(), patience=0.3).append("step", {})
            finally:
                events.get_connection.cache_clear()

    def test_a_redis_that_stays_away_is_told_after_its_patience(self, settings: Any) -> None:
        settings.REDIS_URL = "unix:///nowhere/valkey.sock"
        events.get_connection.cache_clear()
        try:
            with pytest.raises(redis.ConnectionError):
                events.Writer(uuid.uuid4(), patience=0.3).append("step", {})
            events.publish_event(
                uuid.uuid4(), "over", {}
            )  # and who only tells is not stopped by it
        finally:
            events.get_connection.cache_clear()


async def test_a_follower_gets_what_was_and_what_comes_and_is_told_when_nothing_does() -> None:
    writer = events.Writer(run := uuid.uuid4())
    first = writer.append("step", {"n": 1})
    async with contextlib.aclosing(follow(run, idle=0.2)) as pieces:
        assert [event.id for event in await anext(pieces)] == [first]
        assert await anext(pieces) == []
        second = await asyncio.to_thread(writer.append, "step", {"n": 2})
        assert [event.id for event in await anext(pieces)] == [second]


def event(second: float, of: str, **data: object) -> Event:
    return Event(f"{int(second * 1000)}-0", of, data)


def test_steps_show_their_time_and_the_current_one_the_time_so_far() -> None:
    seen = fold_progress(
        [
            event(100, "step", name="looking", state="started"),
            event(102.5, "step", name="looking", state="finished", seconds=2.5),
            event(103, "step", name="writing", state="started"),
            event(103.5, "chunk", kind="answer", text="<html>"),
            event(104, "chunk", kind="answer", text="</html>"),
        ],
        now=105.0,
    )
    assert [(step.words, step.seconds) for step in seen.steps] == [("Analyzing the mockup", 2.5)]
    assert seen.current is not None
    assert (seen.current.words, seen.current.seconds) == ("The model is writing", 2.0)


def written(*pieces: tuple[float, str, str, int]) -> tuple[Progress, Writing]:
    chunks = [
        event(at, "chunk", kind=kind, text=text, tokens=tokens) for at, kind, text, tokens in pieces
    ]
    seen = fold_progress([event(100, "step", name="writing", state="started"), *chunks], now=105.0)
    assert seen.current is not None
    assert seen.current.writing is not None
    return seen, seen.current.writing


def test_tokens_are_as_the_server_counts_them_and_their_pace_is_from_the_first_piece_to_the_last() -> (
    None
):
    _, writing = written((101, "thinking", "Boats", 3), (103, "answer", "<h1>" * 100, 17))
    assert (writing.tokens, writing.counted, writing.pace) == (20, 20, 10.0)


def test_of_a_server_that_does_not_count_they_are_estimated_from_the_letters() -> None:
    _, writing = written((101, "answer", "x" * 350, 0), (103, "answer", "y" * 350, 0))
    assert (writing.tokens, writing.counted, writing.pace) == (200, 0, 100.0)


def test_one_piece_has_no_pace() -> None:
    assert written((101, "answer", "x", 1))[1].pace is None


def test_what_was_thought_last_stays_to_be_read_while_the_answer_is_written() -> None:
    thinks, writing = written((101, "thinking", "Boats are ", 0), (102, "thinking", "blue", 0))
    assert (writing.thinking, thinks.thought) == (True, "Boats are blue")
    writes, writing = written((101, "thinking", "Boats", 0), (102, "answer", "<h1>", 0))
    assert (writing.thinking, writes.thought) == (False, "Boats")


def test_a_run_that_begins_anew_forgets_its_earlier_steps() -> None:
    seen = fold_progress(
        [
            event(100, "step", name="looking", state="started"),
            event(101, "requeued"),
            event(102, "claimed", claim=2),
            event(102.5, "step", name="looking", state="started"),
        ],
        now=103.0,
    )
    assert seen.steps == ()
    assert seen.current is not None
    assert seen.current.seconds == 0.5


def test_no_events_are_no_progress() -> None:
    assert fold_progress([], now=1.0).current is None
