"""What goes into the loop and what comes out of it. Plain data; knows neither the database nor the
model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from inference.types import Usage
from studio.pipeline.bundle import Bundle
from studio.pipeline.perception.hints import Hints
from studio.pipeline.scoring.quality.measure import CodeQuality
from studio.pipeline.types import MISSED, Comparison, Render

# Likeness. A person calls two attempts that differ by less equally like (half a grade is 0.03 to
# 0.1, docs/results.md); only then may code quality decide.
EQUAL = 0.01
# CodeQuality. So much may be paid for carrying out a person's wish.
PRICE = 0.10
# CodeQuality. A rise that is more than one warning gone.
RISE = 0.005

# Where its code is from: a version to start from, the layout draft, a model (whole pages and edits
# alike), or a version changed as words say where no model writes.
Source = Literal["start", "draft", "model", "words"]
ANSWERS = ("model", "words")  # to a person's wish
StopReason = Literal[
    "no model",
    "good enough",
    "wish carried out",
    "no longer improving",
    "rounds spent",
    "time spent",
    "tokens spent",
    "budget spent",
    "model failed",
    "cancelled",
]


@dataclass(frozen=True, slots=True)
class LoopOptions:
    """A run's wishes and its budget; `target` (likeness) and `quality_target` (quality) are good
    enough to stop.

    `candidates` answers compete in each round. A tall mockup is first written in sections, at most
    `sections` of them and all at once (0: in one go). `fit`: numbers of drafts and of answers are
    corrected without tokens; `refit`: those of a version to start from too, as an attempt of its
    own. `about`: the part of the page that the prompt means.
    """

    prompt: str = ""
    about: str = ""
    stack: str = "html-css"
    rounds: int = 3
    candidates: int = 1
    sections: int = 16
    fit: bool = True
    refit: bool = False
    seconds: float = 300.0
    tokens: int = 100_000
    target: float = 0.98
    quality_target: float = 0.95
    thinking: bool = False
    scale: float | None = None  # the first mockup's device pixel ratio; None: it is found


@dataclass(frozen=True, slots=True)
class View:
    """The page at a further width than its first mockup's, against the mockup of that width."""

    width: int
    render: Render
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """One attempt, immutable. `error` says why there is no render; `accepted`: it beat all before
    it.

    Without a mockup there is no comparison, and quality alone decides.
    """

    number: int
    source: Source
    bundle: Bundle
    render: Render | None = None
    comparison: Comparison | None = None
    keep: CodeQuality | None = None
    accepted: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None
    round: int = 0  # of the model; those of one round competed
    fitted: bool = False  # the attempt before it with its numbers corrected
    views: tuple[View, ...] = ()

    @property
    def likeness(self) -> float:
        """Over all widths alike: a page that is right on the desk and wrong in the hand is half
        right.
        """
        found = [
            c.likeness for c in (self.comparison, *(view.comparison for view in self.views)) if c
        ]
        return sum(found) / len(found) if found else 0.0

    @property
    def quality(self) -> float:
        return self.keep.score if self.keep else 0.0

    @property
    def missing(self) -> float:
        """Return the likeness that elements named as missing cost, over all widths."""
        found = [c for c in (self.comparison, *(view.comparison for view in self.views)) if c]
        return sum(comparison.missing_cost for comparison in found) / max(1, len(found))

    def beats(self, kept: Sequence[AttemptResult]) -> bool:
        """Whether it is to be kept instead of the last of `kept`, the attempts accepted so far.

        The likelier one wins. Among equally like ones the better code does, unless it lacks an
        element that the other has. Likeness is measured from the highest that was reached, so that
        small losses cannot add up over the rounds.
        """
        if not kept:
            return True
        last, highest = kept[-1], max(attempt.likeness for attempt in kept)
        if self.likeness > highest + EQUAL:
            return True
        if self.likeness < highest - EQUAL or self.missing > last.missing + MISSED:
            return False
        rise = self.quality - last.quality
        return rise > RISE or (abs(rise) <= RISE and self.likeness > last.likeness)

    def carries_out(self, kept: Sequence[AttemptResult]) -> bool:
        """Whether it is to be kept as the answer to a person's wish: what they asked for need not
        look like the mockup.

        It may cost a bearable price in code; of several answers the one that beats the others
        stays.
        """
        answers = [a for a in kept if a.source in ANSWERS]
        finest = max((a.quality for a in kept), default=0.0)
        return self.beats(answers) if answers else self.quality >= finest - PRICE


@dataclass(frozen=True, slots=True)
class LoopEvent:
    """Something a watcher may show: `step` (name, state), `chunk` (kind, text), `attempt` (and the
    attempt itself).

    A chunk has `tokens` too where the model's server counts them as it goes. `part`: one of several
    that are written side by side (name: candidate or section, number, of, state).
    """

    kind: Literal["step", "chunk", "part", "attempt"]
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
