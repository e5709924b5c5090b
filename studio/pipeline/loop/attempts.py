"""What goes into the loop and what comes out of it.

Plain data that knows neither the database nor the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from inference.types import Usage
from studio.pipeline.bundle import Bundle
from studio.pipeline.design_system.model import DesignSystem
from studio.pipeline.design_system.report import DesignReport
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

# Where an attempt's code comes from: the base version, the layout draft, a model (whole pages and
# edits alike), a version restyled by rules where no model writes, or one in the team's design system.
Source = Literal["start", "draft", "model", "words", "design"]
ANSWERS = ("model", "words")  # sources that answer a person's instructions
StopReason = Literal[
    "no model",
    "good enough",
    "wish carried out",
    "no longer improving",
    "rounds spent",
    "time spent",
    "tokens spent",
    "budget spent",
    "model finished",
    "model failed",
    "cancelled",
]


@dataclass(frozen=True, slots=True)
class LoopOptions:
    """A run's instructions and its budget.

    Args:
        about: The part of the page that the prompt is about.
        added: Places of sections of the base version's outline that a model has to write; `brief` is
            then what the page is about.
        candidates: How many answers compete in each round.
        sections: A tall mockup is first written in at most this many sections, all at once; 0 writes
            it in one go.
        fit: Correct the numbers of drafts and of answers without tokens.
        refit: Also correct those of the base version, as an attempt of its own.
        target: The likeness that is good enough to stop.
        quality_target: The code quality that is good enough to stop; both must be reached.
    """

    prompt: str = ""
    about: str = ""
    added: tuple[int, ...] = ()
    brief: str = ""
    stack: str = "html-css"
    rounds: int = 3
    candidates: int = 1
    sections: int = 16
    fit: bool = True
    refit: bool = False
    seconds: float = 300.0
    tokens: int = 100_000
    target: float = 0.98
    quality_target: float = 0.9  # authors of 42 pages score .84 in the mean
    thinking: bool = False
    agent: bool = False  # the model may call tools: it works on the page instead of answering once
    scale: float | None = None  # the first mockup's device pixel ratio; None: it is found
    design: DesignSystem | None = None  # the team's, that the result is mapped onto


@dataclass(frozen=True, slots=True)
class View:
    """The page at a further width, compared with the mockup of that width."""

    width: int
    render: Render
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """One attempt, immutable.

    `error` says why there is no render. `accepted`: it beat all attempts before it. Without a mockup
    there is no comparison, and code quality alone decides.
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
    round: int = 0  # the model's round; attempts of one round competed
    fitted: bool = False  # the previous attempt with its numbers corrected
    views: tuple[View, ...] = ()

    @property
    def likeness(self) -> float:
        """The mean over all widths; 0 without a comparison.

        A page that looks right on a desktop and wrong on a phone is half right.
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
    """Something that a watcher may show.

    `data` holds, by kind: step (name, state), chunk (kind, text, `tokens` where the model's server
    counts them while it streams, and `restarts` where the answer so far was thinking), attempt (its
    scores, with the attempt itself in `attempt`), part (one of several answers written at the same
    time: name "candidate" or "section", number, of, state), tool (a model's call: name, words, state,
    and `outcome` once it is finished), hints (what was seen in the first mockup: see `sightings`),
    outline (the outline of a page from words alone, and how many of its sections are written).
    """

    kind: Literal["step", "chunk", "part", "attempt", "tool", "hints", "outline"]
    data: Mapping[str, Any]
    attempt: AttemptResult | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a run returns.

    `best` is the number of the accepted attempt; None when none could be rendered.
    """

    attempts: tuple[AttemptResult, ...]
    best: int | None
    stop_reason: StopReason
    hints: Hints | None
    usage: Usage
    seconds: Mapping[str, float]
    design: DesignReport | None = None  # what the team's design system was used for
    message: str = ""  # explains the reason where needed, such as the model server's error

    @property
    def winner(self) -> AttemptResult | None:
        return next((a for a in self.attempts if a.number == self.best), None)
