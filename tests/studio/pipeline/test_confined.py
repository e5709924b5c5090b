"""Functions in processes with limits: what they return, what they raise, and what ends them."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.pipeline.bundle import BundleError
from studio.pipeline.isolation.confined import ConfinedFunction, LargeData, LimitHit, Limits
from tests.processes import wait_for

SMALL = Limits(megabytes=200, seconds=2.0, wait=50.0)
HERE = "tests.studio.pipeline.confined_functions"


@contextlib.contextmanager
def confined(name: str, limits: Limits = SMALL, lanes: int = 1) -> Iterator[ConfinedFunction]:
    function = ConfinedFunction(f"{HERE}:{name}", limits, lanes=lanes, errors=(BundleError,))
    try:
        yield function
    finally:
        function.close()


def hit(name: str, *args: object) -> str:
    with confined(name) as function, pytest.raises(LimitHit) as caught:
        function(*args)
    return caught.value.kind


def test_it_returns_what_the_function_returns() -> None:
    with confined("add") as add:
        assert (add(1, 2), add("a", "b")) == (3, "ab")


def test_one_process_serves_many_calls() -> None:
    with confined("process") as process:
        assert process() == process() != os.getpid()


def test_errors_that_are_named_are_raised_and_others_are_ours() -> None:
    with confined("fail") as fail:
        with pytest.raises(BundleError, match="no good"):
            fail("bundle")
        with pytest.raises(RuntimeError, match="KeyError"):
            fail("key")
        assert fail("nothing") == "nothing"  # the process goes on


def test_memory_is_limited() -> None:
    assert hit("take_memory") == "memory"


def test_a_regular_expression_that_never_ends_is_ended() -> None:
    assert hit("match_for_ever") == "time"


def test_time_is_counted_by_call() -> None:
    """Three calls of more than half the limit each: together they are over it, and none of them is."""
    with confined("burn") as burn:
        assert [burn(1.2) for _ in range(3)] == [1.2] * 3


def test_a_process_that_breaks_down_costs_its_own_call() -> None:
    with confined("break_down") as break_down:
        with pytest.raises(LimitHit, match="crash"):
            break_down(True)
        assert break_down(False) == "whole"


def test_a_process_that_grew_is_not_kept() -> None:
    limits = Limits(megabytes=600, seconds=10.0, wait=50.0, keep_megabytes=100)
    with confined("keep_memory", limits) as keep_memory:
        assert keep_memory(150) != keep_memory(1)
        assert keep_memory(1) == keep_memory(1)


def test_memory_that_earlier_calls_left_does_not_count_against_a_call() -> None:
    """Each call takes 150 MB and keeps it: two would be over the limit of one process."""
    limits = Limits(megabytes=300, seconds=10.0, wait=50.0, keep_megabytes=400)
    with confined("keep_memory", limits) as keep_memory:
        first = keep_memory(150)
        assert keep_memory(150) != first


def test_data_beyond_the_limit_is_a_matter_of_memory() -> None:
    data = LargeData(2**30, lambda: iter((b"",)))
    with confined("add") as add, pytest.raises(LimitHit) as caught:
        add(1, data=data)
    assert caught.value.kind == "memory"


def test_it_sees_nothing_of_this_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush")
    with confined("environment") as environment:
        assert "SECRET_KEY" not in environment()


def test_it_cannot_hand_back_what_would_run_code_here() -> None:
    with confined("evil") as evil, pytest.raises(Exception, match="may not hand back posix"):
        evil()


def test_a_call_beyond_the_lanes_waits_and_gives_up() -> None:
    """The only lane is held by a call that ends when its process is told to."""
    holding = Limits(megabytes=200, seconds=20.0, wait=50.0)
    with confined("wait_for_file", holding) as held, tempfile.TemporaryDirectory() as folder:
        begun, end = Path(folder, "begun"), Path(folder, "end")
        first = threading.Thread(target=lambda: held(str(begun), str(end)))
        first.start()
        wait_for(begun.exists, seconds=50, what="the first call")
        held.limits = replace(holding, wait=0.05)
        assert kind_of(held) == "busy"
        end.touch()
        first.join()


def test_a_call_that_never_ends_is_given_up() -> None:
    limits = Limits(megabytes=200, seconds=20.0, wait=1.0)
    with confined("wait", limits) as wait:
        assert kind_of(wait) == "time"


def kind_of(function: ConfinedFunction) -> str:
    with pytest.raises(LimitHit) as caught:
        function()
    return caught.value.kind


def test_a_child_that_ended_of_itself_is_replaced() -> None:
    limits = Limits(megabytes=200, seconds=2.0, wait=50.0, idle_seconds=0.0)
    with confined("add", limits) as add:
        assert [add(1, n) for n in range(3)] == [1, 2, 3]
