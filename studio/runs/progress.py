"""Folds a run's events into what a person wants to see of it: the steps so far, the page being
written. Pure.

`static/src/run-live.js` and `pace.js` do the same in the browser while events come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from studio.pipeline.bundle import BundleError, BundleParser
from studio.runs.events import Event

WORDS = {
    "looking": "Analyzing the mockup",
    "drafting": "Drafting the layout",
    "fitting": "Fitting sizes and gaps",
    "writing": "The model is writing",
    "competing": "Waiting for the other candidates",
    "rendering": "Rendering",
    "comparing": "Comparing with the mockup",
    "reading": "Checking the code quality",
}


# Of a token, where the server does not count: a rule of thumb for code, so the page says "about".
LETTERS = 3.5
MEASURED = 0.5  # seconds of writing before its pace means something


@dataclass(slots=True)
class Writing:
    """What the model wrote in a step so far; grows while events are folded. Its times are those of
    its pieces.
    """

    began: float
    last: float = 0.0
    letters: int = 0
    counted: int = 0  # tokens that the server reported; 0 where it reports none before the end
    thoughts: list[str] = field(default_factory=list)
    thinking: bool = False  # just now

    @property
    def thought(self) -> str:
        return "".join(self.thoughts)

    @property
    def tokens(self) -> int:
        return self.counted or round(self.letters / LETTERS)

    @property
    def pace(self) -> float | None:
        """Tokens a second; None while too little came to tell."""
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
    seconds: float | None = None  # None: still going on
    writing: Writing | None = None

    @property
    def words(self) -> str:
        if self.writing and self.writing.thinking:
            return "The model is thinking"
        return WORDS.get(self.name, self.name.capitalize())

    def at(self, now: float) -> RunStep:
        """A step that goes on shows the time since it began."""
        return (
            self if self.seconds is not None else replace(self, seconds=max(0.0, now - self.began))
        )


@dataclass(frozen=True, slots=True)
class Progress:
    steps: tuple[RunStep, ...]
    current: RunStep | None

    @property
    def thought(self) -> str:
        """What the model thought last: in the step going on, or in the newest that is over."""
        written = [step.writing for step in (*self.steps, self.current) if step and step.writing]
        return next((writing.thought for writing in reversed(written) if writing.thoughts), "")


def fold_progress(events: Iterable[Event], now: float) -> Progress:
    """The steps in order; `now` by the clock of the events."""
    steps: list[RunStep] = []
    current: RunStep | None = None
    for event in events:
        if event.kind in ("claimed", "requeued"):
            steps, current = [], None  # it begins anew
        elif event.kind == "step" and event.data["state"] == "started":
            current = RunStep(event.data["name"], event.at)
        elif event.kind == "step" and current is not None:
            steps.append(replace(current, seconds=event.data["seconds"]))
            current = None
        elif event.kind == "chunk" and current is not None:
            writing = current.writing or Writing(event.at)
            writing.take(event)
            current = replace(current, writing=writing)
    return Progress(tuple(steps), current.at(now) if current else None)


def fold_written_files(events: Iterable[Event]) -> dict[str, bytes]:
    """The files of the answer that the model is writing, as far as they go; empty while there is no
    page among them.
    """
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
                parser.feed(event.data["text"])
        bundle = parser.finish()
    except BundleError:
        return {}
    return {name: text.encode() for name, text in bundle.files.items()} if bundle else {}
