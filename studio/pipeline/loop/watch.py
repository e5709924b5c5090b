"""What all parts of a run share: the clock, the way to tell what happens, and the wish of others
that it stops.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from studio.pipeline.loop.attempts import LoopEvent


class Cancelled(Exception):
    pass


class RunWatch:
    """Tells steps through `emit` and adds up their seconds; `seconds` is the run's budget."""

    def __init__(
        self, emit: Callable[[LoopEvent], None], cancelled: Callable[[], bool], budget: float
    ) -> None:
        self.emit, self.cancelled, self.budget = emit, cancelled, budget
        self.spent: Callable[[], bool] = lambda: False  # what the run's team may use is used up
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
        begun = time.monotonic()
        try:
            yield
        finally:
            took = time.monotonic() - begun
            self.seconds[name] = self.seconds.get(name, 0.0) + took
            if timings is not None:
                timings[name] = timings.get(name, 0.0) + took
            self.tell("step", name=name, state="finished", seconds=round(took, 3))
