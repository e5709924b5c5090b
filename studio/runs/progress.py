"""Folds a run's events into its progress and the files being written. No I/O.

`static/src/run-live.js` and `pace.js` do the same in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_noop

from studio.pipeline.bundle import BundleError, BundleParser
from studio.runs.events import Event

WORDS = {
    "capturing": gettext_noop("Capturing the page"),
    "looking": gettext_noop("Analyzing the mockup"),
    "outlining": gettext_noop("Planning the page"),
    "drafting": gettext_noop("Drafting the layout"),
    "fitting": gettext_noop("Fitting sizes and gaps"),
    "writing": gettext_noop("The model is writing"),
    "competing": gettext_noop("Waiting for the other candidates"),
    "rendering": gettext_noop("Rendering"),
    "comparing": gettext_noop("Comparing with the mockup"),
    "reading": gettext_noop("Checking the code quality"),
}


# Characters per token where the server reports no counts: an estimate for code, so the page says
# "about".
LETTERS = 3.5
MEASURED = 0.5  # seconds of writing before the speed is meaningful


@dataclass(slots=True)
class Writing:
    """What the model wrote in one step so far; mutable while events are folded.

    Its times are those of its chunks.
    """

    began: float
    last: float = 0.0
    letters: int = 0
    counted: int = 0  # tokens reported by the server; 0 if it reports none before the end
    thoughts: list[str] = field(default_factory=list)
    thinking: bool = False  # True while the latest chunk is thinking

    @property
    def thought(self) -> str:
        return "".join(self.thoughts)

    @property
    def tokens(self) -> int:
        return self.counted or round(self.letters / LETTERS)

    @property
    def pace(self) -> float | None:
        """Return tokens per second; None while there is too little data."""
        took = self.last - self.began
        return self.tokens / took if took >= MEASURED else None

    def take(self, event: Event) -> None:
        text = event.data["text"]
        self.last = event.at
        self.letters += len(text)
        self.counted += event.data.get("tokens", 0)
        self.thinking = event.data["kind"] == "thinking"
        if self.thinking:
            self.thoughts.append(text)


@dataclass(frozen=True, slots=True)
class RunStep:
    name: str
    began: float
    seconds: float | None = None  # None: still running
    writing: Writing | None = None

    @property
    def words(self) -> str:
        if self.writing and self.writing.thinking:
            return gettext_noop("The model is thinking")
        return WORDS.get(self.name, self.name.capitalize())

    def at(self, now: float) -> RunStep:
        """Return the step with `seconds` set; a running step gets the time since it began."""
        if self.seconds is not None:
            return self
        return replace(self, seconds=max(0.0, now - self.began))


@dataclass(frozen=True, slots=True)
class Progress:
    """`outline`: the latest one of a page from words, as JSON values; `written` counts its sections
    that have texts.
    """

    steps: tuple[RunStep, ...]
    current: RunStep | None
    outline: Mapping[str, Any] | None = None
    written: int = 0

    @property
    def thought(self) -> str:
        """Return the latest thinking: of the current step, or else of the newest finished one."""
        written = [step.writing for step in (*self.steps, self.current) if step and step.writing]
        return next((writing.thought for writing in reversed(written) if writing.thoughts), "")


def fold_progress(events: Iterable[Event], now: float) -> Progress:
    """Fold events into the steps in order; `now` is by the clock of the events."""
    steps: list[RunStep] = []
    current: RunStep | None = None
    outline: Mapping[str, Any] = {}
    for event in events:
        if event.kind in ("claimed", "requeued"):
            steps = []  # the run starts again
            current = None
            outline = {}
        elif event.kind == "outline":
            outline = event.data
        elif event.kind == "step" and event.data["state"] == "started":
            current = RunStep(event.data["name"], event.at)
        elif event.kind == "step" and current is not None:
            steps.append(replace(current, seconds=event.data["seconds"]))
            current = None
        elif event.kind == "chunk" and current is not None:
            writing = current.writing or Writing(event.at)
            writing.take(event)
            current = replace(current, writing=writing)
    return Progress(
        tuple(steps),
        current.at(now) if current else None,
        outline.get("outline"),
        outline.get("written", 0),
    )


def fold_written_files(events: Iterable[Event]) -> dict[str, bytes]:
    """Return the files of the answer being written; empty while it contains no page."""
    parser = BundleParser()
    try:
        for event in events:
            if (
                event.kind == "step"
                and event.data["name"] == "writing"
                and event.data["state"] == "started"
            ):
                parser = BundleParser()
            elif event.kind == "chunk" and event.data["kind"] == "answer":
                if event.data.get("restarts"):  # what came before was thinking
                    parser = BundleParser()
                parser.feed(event.data["text"])
        bundle = parser.finish()
    except BundleError:
        return {}
    return {name: text.encode() for name, text in bundle.files.items()} if bundle else {}
