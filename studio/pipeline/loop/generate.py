"""The spine: look, begin with a draft or a version, then write, render, compare and keep what is better, until there
is a reason to stop.

The one place where the pipeline (renders, measures) meets the model (writes). Knows no database and no socket:
it tells what happens through `emit` and asks `cancelled` between steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from PIL import Image

from inference.types import Message, ModelClient, ModelError, Usage
from studio.pipeline.bundle import Bundle, BundleError
from studio.pipeline.codegen.draft import Draft, layout_draft
from studio.pipeline.editing.restyling import steered
from studio.pipeline.editing.restyling.requests import NOT_READ, Steering, read_words
from studio.pipeline.fitting.css.fit_css import fit_code
from studio.pipeline.fitting.draft.fit import fit
from studio.pipeline.fitting.draft.regularity import on_scale
from studio.pipeline.labelling.model.label_page import walked
from studio.pipeline.loop.attempts import ANSWERS, AttemptResult, LoopEvent, LoopOptions, Result, Source, StopReason
from studio.pipeline.loop.judge import Judge, Perceive, look
from studio.pipeline.loop.sections import Swarm
from studio.pipeline.loop.watch import Cancelled, Watch
from studio.pipeline.loop.write import requests, written
from studio.pipeline.perception import crop_assets, find_hints
from studio.pipeline.prompting.messages import Telling
from studio.pipeline.prompting.mockup_slices import Slice, cut
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.perceived_mockup import Sight
from studio.pipeline.types import Render
from studio.runs.version_files import written_in

# Two rounds in a row without an accepted attempt: a further one helps seldom (such loops gain in rounds 1–2).
PATIENCE = 2
NOTHING_TO_GO_BY = "There is neither a mockup nor a model: send a mockup, or set MODEL_URL to a model that can write."
ONLY_LABELS = "The model {name} labels the parts of a mockup and cannot write a page: set MODEL_URL to another."
NOT_USED = "Your words were not used: only a model that writes can follow them (MODEL_URL)."
NOT_OURS = "This version's code is written for {stack}: only a model that writes can change it as words say."


def generate(
    mockup: Image.Image | None,
    *,
    options: LoopOptions,
    renderer: Renderer,
    client: ModelClient | None = None,
    emit: Callable[[LoopEvent], None] = lambda event: None,
    cancelled: Callable[[], bool] = lambda: False,
    start: Bundle | None = None,
    also: Mapping[int, Image.Image] | None = None,
    spent: Callable[[Usage], bool] = lambda usage: False,
    perceive: Perceive = find_hints,
) -> Result:
    """Turn `mockup` (any size, RGB) into the best code the budget allows; never raises for a bad attempt.

    `mockup` None: the prompt is all there is, and quality the only measure. `start`: a version to go on from, which
    the prompt asks to change; without a prompt it is refined like a draft. `also`: mockups of the same page at further
    widths (CSS px → picture). `spent`: whether, after so much, nothing more may be used (the team's budget).
    `perceive`: how a mockup is read; what it raises ends the run.
    """
    run = _Run(options, renderer, client, Watch(emit, cancelled, options.seconds), start)
    run.watch.spent = lambda: spent(run.usage)
    try:
        run.look(mockup, also or {}, perceive)
        run.begin()
        while (reason := run.reason_to_stop()) is None:
            run.attempt_round()
        run.carry_out_words()
    except Cancelled:
        return run.result("cancelled")
    except ModelError as error:
        return run.result("model failed", message=str(error))
    finally:
        spent(run.usage)  # however it ended: what was used is counted
    return run.result(reason, message=run.lack if reason == "no model" and run.lack else " ".join(run.remarks))


class _Run:
    """One run's memory: what was seen, what was tried, what was spent."""

    def __init__(
        self, options: LoopOptions, renderer: Renderer, client: ModelClient | None, watch: Watch, start: Bundle | None
    ) -> None:
        self.options, self.client, self.watch, self.start = options, client, watch, start
        self.judge = Judge((), renderer, watch, options.stack)
        self.attempts: list[AttemptResult] = []
        self.rounds, self.usage = 0, Usage()
        self.assets: Mapping[str, bytes] = start.assets if start else {}
        self.draft: Draft | None = None
        self.telling = Telling((), options.prompt, self.wished, options.stack)
        self.failures: tuple[str, ...] = ()  # of the last round: changes that could not be applied
        self.remarks: list[str] = []  # what of a person's words was not carried out

    def look(self, mockup: Image.Image | None, also: Mapping[int, Image.Image], perceive: Perceive) -> None:
        if mockup is None:
            return
        with self.watch.step("looking"):
            self.judge.sights = self.telling.sights = look(mockup, also, perceive)
            self.assets = {**crop_assets(self.seen.mockup, self.seen.hints), **self.assets}

    def begin(self) -> None:
        """Attempt zero: the version to go on from, else the layout draft; with neither mockup nor version none."""
        if self.start is not None:
            self.judge_and_keep("start", self.start, {})
            if self.options.refit and self.judge.sights:
                self.attempt_fit(self.attempts[0])
        elif self.judge.sights:
            self.attempt_draft()

    def attempt_draft(self) -> None:
        timings: dict[str, float] = {}
        with self.watch.step("drafting", timings):
            self.draft = layout_draft(self.seen.hints, self.assets)
            bundle = self.draft.bundle
        if self.options.fit:
            with self.watch.step("fitting", timings):
                self.draft = fit(self.draft, self.seen.hints, self.seen.mockup, self.render)
                bundle = self.fitted(self.draft.bundle, measured=True)
        self.judge_and_keep("draft", bundle, timings)

    def fitted(self, bundle: Bundle, *, measured: bool = False) -> Bundle:
        """In the stack it is written in: the draft, and what walks over it, is HTML + CSS in every run."""
        stack = written_in(bundle, self.options.stack)
        sights, renderer = self.judge.sights, self.judge.renderer
        return fit_code(bundle, sights, renderer, measured=measured, stop=self.watch.should_stop, stack=stack)

    def attempt_round(self) -> None:
        """One walk, or candidates that compete: each is judged as it comes, and one that is good enough ends them."""
        self.rounds += 1
        if self.wished and self.steering is not None:
            return self.attempt_words(self.wished, self.steering)
        assert self.client is not None
        if self.walks:
            return self.attempt_walk(self.client)
        if slices := self.slices():
            return self.attempt_swarm(self.client, slices)
        base, messages = self.told()
        asked = requests(messages, self.options, self.tokens_left())
        coming = written(self.client, asked, base, self.watch)
        self.failures = ()
        for number in range(len(asked)):
            timings: dict[str, float] = {}
            with self.watch.step("competing" if number else "writing", timings):
                one = next(coming, None)
            if one is None:
                break
            self.usage += one.usage
            self.watch.stop_if_cancelled()
            if one.page is None:
                self.failures = (one.error,)
                self.keep(AttemptResult(len(self.attempts), "model", Bundle({}), seconds=timings, error=one.error))
            else:
                self.failures = one.page.failures
                self.judge_and_keep("model", Bundle(one.page.bundle.files, self.assets), timings)
            if self.satisfied:
                return coming.close()
        self.attempt_fit_of_round()

    def attempt_fit_of_round(self) -> None:
        """The likest answer of a round with its numbers corrected; a wish is left as it was carried out."""
        answers = [a for a in self.attempts if a.round == self.rounds and a.comparison]
        if answers and self.options.fit and not self.wished and not self.watch.late:
            self.attempt_fit(max(answers, key=lambda a: a.likeness))

    def attempt_fit(self, attempt: AttemptResult) -> None:
        timings: dict[str, float] = {}
        with self.watch.step("fitting", timings):
            bundle = self.fitted(attempt.bundle)
        if bundle is not attempt.bundle:
            self.judge_and_keep(attempt.source, bundle, timings, fitted=True)

    def attempt_swarm(self, client: ModelClient, slices: Sequence[Slice]) -> None:
        """All sections of a tall mockup at once; the rounds after it refine the whole."""
        swarm, timings = Swarm(self.seen, slices, self.assets, self.options), dict[str, float]()
        try:
            with self.watch.step("writing", timings):
                bundle = swarm.write(client, self.watch, self.tokens_left())
        finally:
            self.usage += swarm.usage
        self.judge_and_keep("model", Bundle(bundle.files, self.assets), timings)
        self.attempt_fit_of_round()

    def attempt_walk(self, client: ModelClient) -> None:
        """The draft's tree as the model labels it, its spaces on a scale as far as the page goes on looking right."""
        timings: dict[str, float] = {}
        try:
            with self.watch.step("writing", timings):
                bundle = self.walk(client)
            if self.options.fit:
                with self.watch.step("fitting", timings):
                    bundle = self.fitted(bundle, measured=True)
        except BundleError as error:
            self.keep(AttemptResult(len(self.attempts), "model", Bundle({}), seconds=timings, error=str(error)))
        else:
            self.judge_and_keep("model", bundle, timings)

    def carry_out_words(self) -> None:
        """What was said beside a mockup, once its page is there and no model has read it."""
        if not self.best or self.start or self.steering is None:
            return
        if self.steering:
            self.attempt_words(self.best.bundle, self.steering)
        else:
            self.remarks.append(NOT_USED)

    def attempt_words(self, page: Bundle, wishes: Steering) -> None:
        """The page changed as far as words can change it where no model writes."""
        timings: dict[str, float] = {}
        with self.watch.step("writing", timings):
            done = steered(page, wishes)
        self.remarks += done.vain
        if wishes.left:
            self.remarks.append(f"Not understood: {', '.join(wishes.left)}. A model that writes may (MODEL_URL).")
        if done.bundle is not page:
            self.judge_and_keep("words", done.bundle, timings)

    def reason_to_stop(self) -> StopReason | None:
        if self.lack or (self.client is None and not self.wished):
            return "no model"
        by_model = [a for a in self.attempts if a.source in ANSWERS]
        # A walk of the same tree says the same again, and so do words.
        rounds = 1 if self.walks or self.client is None else self.options.rounds
        recent = [a for a in by_model if a.round > self.rounds - PATIENCE]
        spent = self.usage.prompt_tokens + self.usage.completion_tokens
        reasons: list[tuple[bool, StopReason]] = [
            (self.satisfied and self.wished is None, "good enough"),
            (self.satisfied and self.wished is not None, "wish carried out"),
            (self.rounds >= rounds, "rounds spent"),
            (self.rounds >= PATIENCE and not any(a.accepted for a in recent), "no longer improving"),
            (self.watch.late, "time spent"),
            (self.watch.spent(), "budget spent"),
            (spent >= self.options.tokens, "tokens spent"),
        ]
        return next((reason for holds, reason in reasons if holds), None)

    @property
    def satisfied(self) -> bool:
        """A wish is once an answer carried it out; else in both measures: what looks right can still be better code."""
        best = self.best
        if best is None:
            return False
        if self.wished:
            return best.source in ANSWERS
        looks = not self.judge.sights or best.likeness >= self.options.target
        return looks and best.quality >= self.options.quality_target

    def result(self, reason: StopReason, message: str = "") -> Result:
        hints = self.seen.hints if self.judge.sights else None
        best = self.best.number if self.best else None
        return Result(tuple(self.attempts), best, reason, hints, self.usage, self.watch.seconds, message)

    @property
    def walks(self) -> bool:
        return self.client is not None and self.client.task == "walk"

    @property
    def wished(self) -> Bundle | None:
        """The version that the person's words ask to change."""
        return self.start if self.options.prompt.strip() else None

    @cached_property
    def steering(self) -> Steering | None:
        """What a person's words ask of the page, read by rule; None where a model reads them or nothing is asked."""
        if not self.options.prompt.strip() or not (self.client is None or self.walks):
            return None
        return Steering() if self.options.about else read_words(self.options.prompt)

    @property
    def lack(self) -> str:
        """Why no model can go on, in words; empty where one can, or where what there is is a result."""
        if self.wished and self.steering is not None:
            stack = written_in(self.wished, self.options.stack)
            return NOT_OURS.format(stack=stack) if stack != "html-css" else "" if self.steering else NOT_READ
        if self.client is None:
            return "" if self.attempts else NOTHING_TO_GO_BY
        return ONLY_LABELS.format(name=self.client.name) if self.walks and self.draft is None else ""

    @property
    def seen(self) -> Sight:
        assert self.judge.sights, "look() comes first"
        return self.judge.sights[0]

    @property
    def best(self) -> AttemptResult | None:
        return next((a for a in reversed(self.attempts) if a.accepted), None)

    def render(self, bundle: Bundle) -> Render:
        return self.judge.render(bundle, *self.seen.window)

    def judge_and_keep(
        self, source: Source, bundle: Bundle, timings: dict[str, float], *, fitted: bool = False
    ) -> None:
        attempt = AttemptResult(len(self.attempts), source, bundle, seconds=timings, fitted=fitted)
        self.keep(self.judge.judged(attempt, timings))

    def keep(self, attempt: AttemptResult) -> None:
        kept = [a for a in self.attempts if a.accepted]
        answers = attempt.source == "words" or (self.wished is not None and attempt.source == "model")
        accepted = attempt.carries_out(kept) if answers else attempt.beats(kept)
        attempt = replace(attempt, round=self.rounds, accepted=attempt.error is None and accepted)
        self.attempts.append(attempt)
        data = {
            "number": attempt.number,
            "source": attempt.source,
            "round": attempt.round,
            "fitted": attempt.fitted,
            "likeness": attempt.likeness,
            "quality": attempt.quality,
            "accepted": attempt.accepted,
            "error": attempt.error,
        }
        self.watch.emit(LoopEvent("attempt", data, attempt))

    def walk(self, client: ModelClient) -> Bundle:
        assert self.draft is not None
        labelled: Draft | None = None
        sights = self.seen.mockup, self.seen.hints.scale
        for item in walked(self.draft, client, *sights, cancelled=self.watch.should_stop):
            if isinstance(item, Draft):
                labelled = item
            elif isinstance(item, Usage):
                self.usage += item
        self.watch.stop_if_cancelled()
        if labelled is None:
            raise BundleError("The time was spent before the model had labelled the page.")
        likeness = self.judge.likeness(self.draft.bundle)  # before its code was fitted, as this one is not yet
        return on_scale(labelled, self.seen.hints, self.seen.mockup, self.render, likeness).bundle

    def slices(self) -> Sequence[Slice]:
        """The sections to begin with; none once there is a page to go on from, or where it is written in one go."""
        fresh = self.rounds == 1 and self.start is None and self.judge.sights
        return cut(self.seen.hints, self.options.sections) if fresh else ()

    def told(self) -> tuple[Bundle | None, tuple[Message, ...]]:
        """What the model is told, and the version that its answer may change in blocks.

        From the second round on that is the best attempt, with its differences.
        """
        best, tried = self.best, any(a.source == "model" for a in self.attempts)
        if tried and best and not self.wished:
            return self.telling.told(best.bundle), self.telling.again(best, self.failures)
        wished = self.telling.told(self.wished) if self.wished else None
        return wished, self.telling.first(self.attempts[0].bundle if self.attempts else None)

    def tokens_left(self) -> int:
        return max(1, self.options.tokens - self.usage.prompt_tokens - self.usage.completion_tokens)
