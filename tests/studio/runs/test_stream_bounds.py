"""What one run may write to its stream is bounded, and a Redis that is full costs a run words
first, and is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis

from studio.processes import valkey as embedded
from studio.runs import events, worker
from studio.runs.events import StoreFull, Writer, get_connection, read_events
from tests.studio.runs.making import queued_run

KEPT = ("step", "attempt", "over")


def kinds(run: uuid.UUID) -> list[str]:
    return [event.kind for event in read_events(run)]


@pytest.mark.usefixtures("valkey")
class TestOneRun:
    def test_endless_thinking_is_no_longer_shown_and_the_rest_is(self, settings: Any) -> None:
        settings.STREAM_BYTES = 50_000
        writer = Writer(run := uuid.uuid4())
        written = [
            writer.append("chunk", {"kind": "thinking", "text": "x" * 1_000}) for _ in range(500)
        ]
        for kind in KEPT:
            assert writer.append(kind, {})
        assert 40 < sum(map(bool, written)) < 50
        assert kinds(run)[-4:] == ["silent", *KEPT]
        [told] = [event.data["message"] for event in read_events(run) if event.kind == "silent"]
        assert "STREAM_MEGABYTES" in told
        assert get_connection().memory_usage(f"run:{run}:events") < 70_000  # type: ignore[operator]

    def test_so_are_endless_small_pieces(self, settings: Any) -> None:
        settings.STREAM_EVENTS = events.RESERVED + 20
        writer = Writer(run := uuid.uuid4())
        for _ in range(100):
            writer.append("chunk", {})
        writer.append("over", {})
        assert kinds(run) == ["chunk"] * 20 + ["silent", "over"]

    def test_a_worker_that_takes_the_run_over_counts_what_is_there(self, settings: Any) -> None:
        settings.STREAM_EVENTS = events.RESERVED + 20
        for _ in range(3):
            writer = Writer(run := uuid.uuid4()) if _ == 0 else Writer(run)
            for _ in range(15):
                writer.append("chunk", {})
        assert kinds(run).count("chunk") == 20

    def test_the_stream_itself_has_an_end(self, settings: Any) -> None:
        """Whoever writes: what is far beyond the bound pushes out the oldest."""
        settings.STREAM_EVENTS = 1_000
        writer = Writer(run := uuid.uuid4())
        for _ in range(2_000):
            writer.append("step", {})
        assert 1_000 <= get_connection().xlen(f"run:{run}:events") < 1_300


@pytest.fixture
def small_store(tmp_path: Path, settings: Any) -> Iterator[redis.Redis]:
    """A real Valkey that holds more than it may, and nothing that may go."""
    server = embedded.start(tmp_path, megabytes=16)
    settings.REDIS_URL = f"unix://{embedded.get_socket_path(tmp_path)}"
    get_connection.cache_clear()
    client = get_connection()
    client.set("for good", "x" * 2_000_000)
    client.config_set("maxmemory", "1mb")
    yield client
    server.kill()
    server.wait()
    get_connection.cache_clear()


def test_of_a_full_store_a_run_hears_in_a_sentence(small_store: redis.Redis) -> None:
    writer = Writer(uuid.uuid4(), patience=0.2)
    assert writer.append("chunk", {"kind": "answer", "text": "x" * 1_000}) == ""
    with pytest.raises(StoreFull, match=r"full \(raise VALKEY_MEGABYTES\)"):
        writer.append("step", {"name": "x" * 10_000})


def test_a_run_goes_on_when_there_is_room_again(small_store: redis.Redis) -> None:
    writer = Writer(run := uuid.uuid4(), patience=0.2)
    with pytest.raises(StoreFull):
        writer.append("step", {"name": "x" * 10_000})
    small_store.config_set("maxmemory", "64mb")
    assert writer.append("step", {"name": "looking"})
    assert kinds(run) == ["step"]


def test_who_only_tells_is_not_stopped_by_it(small_store: redis.Redis) -> None:
    events.publish_event(uuid.uuid4(), "over", {"state": "finished", "more": "x" * 10_000})


@pytest.mark.django_db(transaction=True)
def test_a_run_that_cannot_tell_what_happens_fails_with_that_sentence(
    small_store: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queued_run()
    monkeypatch.setattr(worker.events, "Writer", partial(Writer, patience=0.2))
    worker.process_next_run()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "full (raise VALKEY_MEGABYTES)" in run.message
