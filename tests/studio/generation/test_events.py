"""Events are kept in order, resumed by id, folded into steps, and gone after a day."""

from __future__ import annotations

import uuid

import pytest

from studio.generation import events
from studio.generation.events import Event
from studio.generation.progress import progress_of

pytestmark = pytest.mark.usefixtures("valkey")


def test_they_come_back_in_order_and_a_reader_resumes_after_the_last_it_saw() -> None:
    run = uuid.uuid4()
    ids = [events.append(run, "chunk", {"text": str(i)}) for i in range(5)]
    assert [event.data["text"] for event in events.read(run)] == ["0", "1", "2", "3", "4"]
    assert [event.id for event in events.read(run, after=ids[2])] == ids[3:]
    assert events.read(run, after=ids[-1]) == []


def test_runs_do_not_hear_each_other() -> None:
    events.append(ada := uuid.uuid4(), "step", {"name": "looking"})
    assert events.read(uuid.uuid4()) == []
    assert len(events.read(ada)) == 1


def test_they_expire_after_a_day() -> None:
    events.append(run := uuid.uuid4(), "step", {})
    assert 86_000 < events.connect().ttl(f"run:{run}:events") <= 86_400  # type: ignore[operator]


def test_forgotten_they_are_gone() -> None:
    events.append(run := uuid.uuid4(), "step", {})
    events.forget(run)
    assert events.read(run) == []


def event(second: float, of: str, **data: object) -> Event:
    return Event(f"{int(second * 1000)}-0", of, data)


def test_steps_show_their_time_and_the_current_one_the_time_so_far() -> None:
    seen = progress_of(
        [
            event(100, "step", name="looking", state="started"),
            event(102.5, "step", name="looking", state="finished", seconds=2.5),
            event(103, "step", name="writing", state="started"),
            event(103.5, "chunk", kind="answer", text="<html>"),
            event(104, "chunk", kind="answer", text="</html>"),
        ],
        now=105.0,
    )
    assert [(step.words, step.seconds) for step in seen.steps] == [("Looking at the mockup", 2.5)]
    assert seen.current is not None
    assert (seen.current.words, seen.current.seconds, seen.current.written) == ("The model is writing", 2.0, 13)


def test_no_events_are_no_progress() -> None:
    assert progress_of([], now=1.0).current is None
