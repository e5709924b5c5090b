"""What all parts of a run share: the clock, the events and the request to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from studio.pipeline.loop.attempts import LoopEvent


class Cancelled(Exception):
    """The run was cancelled."""

    pass


class RunWatch:
    """Emits events and adds up the seconds of each step; `budget` is the run's time in seconds."""

    def __init__(
        self, emit: Callable[[LoopEvent], None], cancelled: Callable[[], bool], budget: float
    ) -> None:
        self.emit = emit
        self.cancelled = cancelled
        self.budget = budget
        self.spent: Callable[[], bool] = lambda: False  # True when the team's budget is used up
        self.started = time.monotonic()
        self.seconds: dict[str, float] = {}

    @property
    def late(self) -> bool:
        return time.monotonic() - self.started >= self.budget

    def should_stop(self) -> bool:
        return self.cancelled() or self.late or self.spent()

    def stop_if_cancelled(self) -> None:
        if self.cancelled():
            raise Cancelled

    def tell(self, kind: Any, /, **data: Any) -> None:
        self.emit(LoopEvent(kind, data))

    @contextmanager
    def step(self, name: str, timings: dict[str, float] | None = None) -> Iterator[None]:
        self.stop_if_cancelled()
        self.tell("step", name=name, state="started")
        started = time.monotonic()
        try:
            yield
        finally:
            elapsed = time.monotonic() - started
            self.seconds[name] = self.seconds.get(name, 0.0) + elapsed
            if timings is not None:
                timings[name] = timings.get(name, 0.0) + elapsed
            self.tell("step", name=name, state="finished", seconds=round(elapsed, 3))
