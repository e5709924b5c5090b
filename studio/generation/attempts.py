"""What goes into the loop and what comes out of it. Plain data; knows neither the database nor the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from inference.task.bundle import Bundle
from inference.task.types import Hints
from inference.types import Usage
from studio.pipeline.keep import Keepability
from studio.pipeline.types import Comparison, Render

# Likeness that differs by less is taken for the same; the better code then decides.
EQUAL = 0.02
# So much keepability may be paid for looking clearly more like the mockup.
PRICE = 0.10
# A rise in keepability that is more than one warning gone.
RISE = 0.005

Source = Literal["draft", "model"]
StopReason = Literal[
    "no model",
    "good enough",
    "no longer improving",
    "rounds spent",
    "time spent",
    "tokens spent",
    "model failed",
    "cancelled",
]


@dataclass(frozen=True, slots=True)
class LoopOptions:
    """A run's wishes and its budget; `target` (likeness) and `keep_target` (keepability) are good enough to stop."""

    prompt: str = ""
    rounds: int = 3
    seconds: float = 300.0
    tokens: int = 100_000
    target: float = 0.98
    keep_target: float = 0.95
    thinking: bool = False


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """One attempt, immutable. `error` says why there is no render; `accepted`: it beat all before it."""

    number: int
    source: Source
    bundle: Bundle
    render: Render | None = None
    comparison: Comparison | None = None
    keep: Keepability | None = None
    accepted: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None

    @property
    def likeness(self) -> float:
        return self.comparison.likeness if self.comparison else 0.0

    @property
    def keepability(self) -> float:
        return self.keep.score if self.keep else 0.0

    def beats(self, kept: Sequence[AttemptResult]) -> bool:
        """Whether it is to be kept instead of the last of `kept`, the attempts accepted so far.

        More like the mockup at a bearable price in code, or better code that looks the same. Both are measured from the
        highest that was reached, so that small losses cannot add up over the rounds.
        """
        if not kept:
            return True
        highest, finest = max(a.likeness for a in kept), max(a.keepability for a in kept)
        if self.likeness > highest + EQUAL:
            return self.keepability >= finest - PRICE
        if self.likeness < highest - EQUAL:
            return False
        rise = self.keepability - kept[-1].keepability
        return rise > RISE or (abs(rise) <= RISE and self.likeness > kept[-1].likeness)


@dataclass(frozen=True, slots=True)
class LoopEvent:
    """Something a watcher may show: `step` (name, state), `chunk` (kind, text), `attempt` (and the attempt itself)."""

    kind: Literal["step", "chunk", "attempt"]
    data: Mapping[str, Any]
    attempt: AttemptResult | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """`best` is the number of the attempt that won; None when not one could be rendered."""

    attempts: tuple[AttemptResult, ...]
    best: int | None
    stop_reason: StopReason
    hints: Hints | None
    usage: Usage
    seconds: Mapping[str, float]
    message: str = ""  # in words, where the reason needs them (what the model's server said)

    @property
    def winner(self) -> AttemptResult | None:
        return next((a for a in self.attempts if a.number == self.best), None)
