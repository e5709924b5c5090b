"""Folds a run's events into what a person wants to see of it: the steps so far, the page being written. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from inference.task.bundle import BundleError, BundleParser
from studio.generation.events import Event

WORDS = {
    "looking": "Looking at the mockup",
    "drafting": "Drafting the layout",
    "fitting": "Fitting sizes and gaps",
    "writing": "The model is writing",
    "rendering": "Rendering",
    "comparing": "Comparing with the mockup",
    "reading": "Reading the code",
}


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    began: float
    seconds: float | None = None  # None: still going on
    written: int = 0  # characters the model wrote in it

    @property
    def words(self) -> str:
        return WORDS.get(self.name, self.name.capitalize())

    def at(self, now: float) -> Step:
        """A step that goes on shows the time since it began."""
        return self if self.seconds is not None else replace(self, seconds=max(0.0, now - self.began))


@dataclass(frozen=True, slots=True)
class Progress:
    steps: tuple[Step, ...]
    current: Step | None


def progress_of(events: Iterable[Event], now: float) -> Progress:
    """The steps in order; `now` by the clock of the events."""
    steps: list[Step] = []
    current: Step | None = None
    for event in events:
        if event.kind in ("claimed", "requeued"):
            steps, current = [], None  # it begins anew
        elif event.kind == "step" and event.data["state"] == "started":
            current = Step(event.data["name"], event.at)
        elif event.kind == "step" and current is not None:
            steps.append(replace(current, seconds=event.data["seconds"]))
            current = None
        elif event.kind == "chunk" and current is not None:
            current = replace(current, written=current.written + len(event.data["text"]))
    return Progress(tuple(steps), current.at(now) if current else None)


def writing_of(events: Iterable[Event]) -> dict[str, bytes]:
    """The files of the answer that the model is writing, as far as they go; empty while there is no page among them."""
    parser = BundleParser()
    try:
        for event in events:
            if event.kind == "step" and event.data["name"] == "writing" and event.data["state"] == "started":
                parser = BundleParser()
            elif event.kind == "chunk" and event.data["kind"] == "answer":
                parser.feed(event.data["text"])
        bundle = parser.finish()
    except BundleError:
        return {}
    return {name: text.encode() for name, text in bundle.files.items()} if bundle else {}
