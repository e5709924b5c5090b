"""The spine: look, draft, then write, render, compare and keep what is better, until there is a reason to stop.

The one place where the pipeline (renders, measures) meets the model (writes). Knows no database and no socket:
it tells what happens through `emit` and asks `cancelled` between steps.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from PIL import Image

from inference.task.bundle import Bundle, BundleError, BundleParser
from inference.task.draft import Draft, layout_draft
from inference.task.hints import crop_assets, find_hints
from inference.task.prompt import first_messages, refine_messages
from inference.task.types import Hints
from inference.task.walk.ask import walked
from inference.types import Chunk, Message, ModelClient, ModelError, ModelRequest, Usage
from studio.generation.attempts import AttemptResult, LoopEvent, LoopOptions, Result, Source, StopReason
from studio.pipeline.compare import compare
from studio.pipeline.fit import fit
from studio.pipeline.keep import keepability
from studio.pipeline.render import Renderer
from studio.pipeline.rhythm import on_scale
from studio.pipeline.types import Render, RenderError

# Two rejected attempts in a row: a further round helps seldom (Design2Code-style loops gain in rounds 1–2).
PATIENCE = 2
TALLEST_WINDOW = 800  # px; a mockup less tall than a window was taken in one that size
MAX_ANSWER = 16_384  # tokens; a long page with its styles is about 8,000


def generate(
    mockup: Image.Image,
    *,
    options: LoopOptions,
    renderer: Renderer,
    client: ModelClient | None = None,
    emit: Callable[[LoopEvent], None] = lambda event: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Result:
    """Turn `mockup` (any size, RGB) into the best code the budget allows; never raises for a bad attempt."""
    run = _Run(mockup.convert("RGB"), options, renderer, client, emit, cancelled)
    try:
        run.look()
        run.attempt_draft()
        while (reason := run.reason_to_stop()) is None:
            run.attempt_model()
    except _Cancelled:
        reason = "cancelled"
    except ModelError as error:
        return run.result("model failed", message=str(error))
    return run.result(reason)


class _Cancelled(Exception):
    pass


class _Run:
    """One run's memory: what was seen, what was tried, what was spent."""

    def __init__(
        self,
        mockup: Image.Image,
        options: LoopOptions,
        renderer: Renderer,
        client: ModelClient | None,
        emit: Callable[[LoopEvent], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self.mockup, self.options, self.renderer, self.client = mockup, options, renderer, client
        self.emit, self.cancelled = emit, cancelled
        self.started = time.monotonic()
        self.attempts: list[AttemptResult] = []
        self.usage = Usage()
        self.seconds: dict[str, float] = {}
        self.hints: Hints | None = None
        self.assets: dict[str, bytes] = {}
        self.opening: tuple[Message, ...] = ()
        self.draft: Draft | None = None

    def look(self) -> None:
        with self.step("looking"):
            self.hints = find_hints(self.mockup)
            self.assets = crop_assets(self.mockup, self.hints)

    def attempt_draft(self) -> None:
        timings: dict[str, float] = {}
        with self.step("drafting", timings):
            draft = layout_draft(self.seen, self.assets)
        with self.step("fitting", timings):
            draft = self.draft = self.fitted(draft)
        self.judge("draft", draft.bundle, timings)

    def attempt_model(self) -> None:
        timings: dict[str, float] = {}
        try:
            with self.step("writing", timings):
                bundle = self.walk() if self.walks else self.write()
        except BundleError as error:
            self.keep(AttemptResult(len(self.attempts), "model", Bundle({}), seconds=timings, error=str(error)))
        else:
            self.judge("model", bundle, timings)

    def reason_to_stop(self) -> StopReason | None:
        if self.client is None:
            return "no model"
        by_model = [a for a in self.attempts if a.source == "model"]
        rounds = 1 if self.walks else self.options.rounds  # a walk of the same tree says the same again
        recent = by_model[-PATIENCE:]
        spent = self.usage.prompt_tokens + self.usage.completion_tokens
        reasons: list[tuple[bool, StopReason]] = [
            (self.best is not None and self.good_enough(self.best), "good enough"),
            (len(by_model) >= rounds, "rounds spent"),
            (len(recent) == PATIENCE and not any(a.accepted for a in recent), "no longer improving"),
            (time.monotonic() - self.started >= self.options.seconds, "time spent"),
            (spent >= self.options.tokens, "tokens spent"),
        ]
        return next((reason for holds, reason in reasons if holds), None)

    def good_enough(self, attempt: AttemptResult) -> bool:
        """In both: a draft often looks right at once, and its code can still be better."""
        return attempt.likeness >= self.options.target and attempt.keepability >= self.options.keep_target

    def result(self, reason: StopReason, message: str = "") -> Result:
        best = self.best.number if self.best else None
        return Result(tuple(self.attempts), best, reason, self.hints, self.usage, self.seconds, message)

    @property
    def walks(self) -> bool:
        return self.client is not None and self.client.task == "walk"

    @property
    def seen(self) -> Hints:
        assert self.hints is not None, "look() comes first"
        return self.hints

    @property
    def best(self) -> AttemptResult | None:
        return next((a for a in reversed(self.attempts) if a.accepted), None)

    def fitted(self, draft: Draft) -> Draft:
        return fit(draft, self.seen, self.mockup, self.render)

    def render(self, bundle: Bundle) -> Render:
        self.stop_if_cancelled()
        return self.renderer.render(bundle, width=self.seen.width, height=min(self.seen.height, TALLEST_WINDOW))

    def judge(self, source: Source, bundle: Bundle, timings: dict[str, float]) -> None:
        """Render and compare one attempt, and accept it only if it beats the best so far."""
        attempt = AttemptResult(len(self.attempts), source, bundle, seconds=timings)
        try:
            with self.step("rendering", timings):
                attempt = replace(attempt, render=self.render(bundle))
        except RenderError as error:
            return self.keep(replace(attempt, error=str(error)))
        assert attempt.render is not None
        with self.step("comparing", timings):
            attempt = replace(attempt, comparison=compare(self.mockup, self.seen, attempt.render))
        try:
            with self.step("reading", timings):
                attempt = replace(attempt, keep=keepability(self.renderer, bundle))
        except RenderError as error:
            return self.keep(replace(attempt, error=str(error)))
        self.keep(replace(attempt, accepted=attempt.beats([a for a in self.attempts if a.accepted])))

    def keep(self, attempt: AttemptResult) -> None:
        self.attempts.append(attempt)
        data = {
            "number": attempt.number,
            "source": attempt.source,
            "likeness": attempt.likeness,
            "keepability": attempt.keepability,
            "accepted": attempt.accepted,
            "error": attempt.error,
        }
        self.emit(LoopEvent("attempt", data, attempt))

    def write(self) -> Bundle:
        """One turn of the model, streamed; raises BundleError when the answer holds no page."""
        assert self.client is not None
        request = ModelRequest(self.messages(), thinking=self.options.thinking, max_tokens=self.tokens_left())
        parser = BundleParser()
        for item in self.client.stream(request, cancelled=self.should_stop_writing):
            if isinstance(item, Chunk):
                self.emit(LoopEvent("chunk", {"kind": item.kind, "text": item.text}))
                if item.kind == "answer":
                    parser.feed(item.text)
            else:
                self.usage += item.usage
        self.stop_if_cancelled()
        bundle = parser.finish()
        if bundle is None:
            raise BundleError("The model's answer holds no HTML page.")
        return Bundle(bundle.files, {**self.assets, **bundle.assets})

    def walk(self) -> Bundle:
        """The draft's tree as the model labels it, its spaces on a scale as far as the page goes on looking right."""
        assert self.client is not None
        assert self.draft is not None
        labelled: Draft | None = None
        for item in walked(self.draft, self.client, cancelled=self.should_stop_writing):
            if isinstance(item, Draft):
                labelled = item
            elif isinstance(item, Usage):
                self.usage += item
        self.stop_if_cancelled()
        if labelled is None:
            raise BundleError("The time was spent before the model had labelled the page.")
        likeness = self.best.likeness if self.best else 0.0
        return on_scale(labelled, self.seen, self.mockup, self.render, likeness).bundle

    def messages(self) -> tuple[Message, ...]:
        """The opening, and from the second round on the best attempt with its differences (never a worse one)."""
        if not self.opening:
            draft = self.attempts[0].bundle if self.attempts else None
            picture = _png(self.mockup, self.seen)
            self.opening = first_messages(picture, self.seen, prompt=self.options.prompt, draft=draft)
        tried = any(a.source == "model" for a in self.attempts)
        if not tried or self.best is None or self.best.comparison is None:
            return self.opening
        words = [difference.words for difference in self.best.comparison.differences]
        return refine_messages(self.opening, self.best.bundle, words, self.best.likeness)

    def tokens_left(self) -> int:
        spent = self.usage.prompt_tokens + self.usage.completion_tokens
        return max(1, min(self.options.tokens - spent, MAX_ANSWER))

    def should_stop_writing(self) -> bool:
        return self.cancelled() or time.monotonic() - self.started >= self.options.seconds

    def stop_if_cancelled(self) -> None:
        if self.cancelled():
            raise _Cancelled

    @contextmanager
    def step(self, name: str, timings: dict[str, float] | None = None) -> Iterator[None]:
        self.stop_if_cancelled()
        self.emit(LoopEvent("step", {"name": name, "state": "started"}))
        begun = time.monotonic()
        try:
            yield
        finally:
            took = time.monotonic() - begun
            self.seconds[name] = self.seconds.get(name, 0.0) + took
            if timings is not None:
                timings[name] = took
            self.emit(LoopEvent("step", {"name": name, "state": "finished", "seconds": round(took, 3)}))


def _png(mockup: Image.Image, hints: Hints) -> bytes:
    """The mockup at CSS size, as the hints' coordinates mean it."""
    out = io.BytesIO()
    mockup.resize((hints.width, hints.height)).save(out, "PNG")
    return out.getvalue()
