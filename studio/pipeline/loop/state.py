"""The state of one run of the loop: what was perceived, attempted and used so far."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from inference.types import ModelClient, Usage
from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen.draft import Draft
from studio.pipeline.design_system.report import DesignReport
from studio.pipeline.editing.restyling.requests import RestyleRequests, read_words
from studio.pipeline.loop.attempts import (
    AttemptResult,
    LoopEvent,
    LoopOptions,
    Result,
    Source,
    StopReason,
)
from studio.pipeline.loop.judge import Judge
from studio.pipeline.loop.watch import RunWatch
from studio.pipeline.outline.schema import Outline
from studio.pipeline.outline.stored import load_outline
from studio.pipeline.outline.wish_choice import WishReading
from studio.pipeline.outline.writer_model import WRITER_NAME
from studio.pipeline.prompting.messages import MessageBuilder
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.sections.page import is_page_of
from studio.pipeline.types import Render


class RunState:
    """What the strategies of one run read and change.

    Only `add_attempt` and `judge_bundle` write attempts.
    """

    def __init__(
        self,
        options: LoopOptions,
        client: ModelClient | None,
        watch: RunWatch,
        judge: Judge,
        base_version: Bundle | None,
    ) -> None:
        self.options = options
        self.client = client
        self.watch = watch
        self.judge = judge
        self.base_version = base_version
        self.attempts: list[AttemptResult] = []
        self.rounds = 0
        self.usage = Usage()
        self._usage_lock = threading.Lock()
        self.assets: Mapping[str, bytes] = base_version.assets if base_version else {}
        self.draft: Draft | None = None
        # What a page from words alone is made from.
        self.outline: Outline | None = None
        self.messages = MessageBuilder((), options.prompt, self.version_to_change, options.stack)
        # The changes of a version's outline that the instructions ask for; None where there is no
        # outline, or the instructions are about one element.
        self.wish_reading: WishReading | None = None
        # Blocks of the last round that could not be applied.
        self.failed_changes: tuple[str, ...] = ()
        self.design_report: DesignReport | None = None
        # What a person should know: parts of instructions that were not carried out, pictures that
        # a model did not see.
        self.remarks: list[str] = []
        self.refuses_tools = False  # its server refuses them, or the model does not call any
        # Why a model's work with tools ended, unless a budget that is looked at elsewhere ended it.
        self.agent_stop: StopReason | None = None

    def set_mockups(self, sights: tuple[PerceivedMockup, ...]) -> None:
        """Set the perceived mockups, the first one's width first."""
        self.judge.sights = sights
        self.messages.sights = sights

    def add_usage(self, usage: Usage) -> None:
        """Add what one request used; requests end in threads of their own."""
        with self._usage_lock:
            self.usage += usage

    def add_remarks(self, remarks: Iterable[str]) -> None:
        """Add the remarks that were not made before."""
        self.remarks += [remark for remark in remarks if remark not in self.remarks]

    @property
    def has_mockup(self) -> bool:
        return bool(self.judge.sights)

    @property
    def first_mockup(self) -> PerceivedMockup:
        assert self.judge.sights, "set_mockups() comes first"
        return self.judge.sights[0]

    @property
    def renderer(self) -> Renderer:
        return self.judge.renderer

    @property
    def version_to_change(self) -> Bundle | None:
        """The base version when the prompt asks to change it, else None."""
        return self.base_version if self.options.prompt.strip() else None

    @property
    def is_labeller(self) -> bool:
        """The model labels the layout tree and cannot write a page."""
        return self.client is not None and self.client.task == "walk"

    @property
    def is_words_only(self) -> bool:
        """There are only instructions: neither a mockup nor a version to change."""
        return not self.has_mockup and self.base_version is None

    @property
    def is_small_writer(self) -> bool:
        """The model writes an outline's texts and no whole page."""
        return self.client is not None and self.client.name == WRITER_NAME

    @cached_property
    def restyling(self) -> RestyleRequests | None:
        """The instructions read by rule; None when a model reads them or there are none."""
        if not self.options.prompt.strip():
            return None
        if self.writes_pages:
            return None
        if self.options.about:
            return RestyleRequests()
        return read_words(self.options.prompt)

    @cached_property
    def version_outline(self) -> Outline | None:
        """The outline that the base version was made from; None where it has none or was edited.

        A page that differs from its outline would lose what somebody changed by hand.
        """
        if self.base_version is None:
            return None
        outline = load_outline(self.base_version)
        if outline is None or not is_page_of(outline, self.base_version):
            return None
        return outline

    @property
    def writes_pages(self) -> bool:
        """There is a model that can write and change whole pages."""
        return self.client is not None and not self.is_labeller and not self.is_small_writer

    @property
    def can_carry_out_wishes(self) -> bool:
        """The instructions were read as operations on the outline; what fits none is left to a model
        that writes pages, as a whole.
        """
        reading = self.wish_reading
        if reading is None or (self.writes_pages and reading.unfit):
            return False
        return bool(reading.wishes or reading.unfit)

    @property
    def best(self) -> AttemptResult | None:
        accepted = [attempt for attempt in self.attempts if attempt.accepted]
        return accepted[-1] if accepted else None

    @property
    def used_tokens(self) -> int:
        """What the server computed: every turn sends the conversation again, mostly from its cache."""
        return self.usage.computed_tokens

    @property
    def tokens_left(self) -> int:
        """At least 1, which a model server accepts as a limit."""
        return max(1, self.options.tokens - self.used_tokens)

    def render_first_width(self, bundle: Bundle) -> Render:
        """Render at the first mockup's width; raises RenderError."""
        return self.judge.render(bundle, *self.first_mockup.window)

    def judge_bundle(
        self, source: Source, bundle: Bundle, timings: dict[str, float], *, fitted: bool = False
    ) -> None:
        """Render and score `bundle`, then add it as an attempt."""
        attempt = AttemptResult(
            len(self.attempts), source, bundle, seconds=timings, fitted=fitted, round=self.rounds
        )
        self.add_attempt(self.judge.judged(attempt, timings))

    def add_failed_attempt(self, error: str, timings: dict[str, float]) -> None:
        """Add an attempt by the model that produced no page."""
        number = len(self.attempts)
        self.add_attempt(AttemptResult(number, "model", Bundle({}), seconds=timings, error=error))

    def add_attempt(self, attempt: AttemptResult) -> None:
        """Decide whether the attempt is accepted, add it and notify watchers."""
        accepted = attempt.error is None and self._is_accepted(attempt)
        attempt = replace(attempt, round=self.rounds, accepted=accepted)
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

    def _is_accepted(self, attempt: AttemptResult) -> bool:
        if attempt.source == "design":
            return True  # the team asked for its own tokens, whatever the mockup shows
        earlier = [accepted for accepted in self.attempts if accepted.accepted]
        if self.is_words_only and attempt.source == "model":
            # A page with placeholders has better code than any other, and says nothing.
            return attempt.beats([one for one in earlier if one.source == "model"])
        changes_as_asked = attempt.source == "words" or (
            attempt.source == "model"
            and (self.version_to_change is not None or bool(self.options.added))
        )
        if changes_as_asked:
            return attempt.carries_out(earlier)
        return attempt.beats(earlier)

    def to_result(self, reason: StopReason, message: str = "") -> Result:
        """Return the run's result."""
        hints = self.first_mockup.hints if self.has_mockup else None
        best = self.best.number if self.best else None
        return Result(
            tuple(self.attempts),
            best,
            reason,
            hints,
            self.usage,
            self.watch.seconds,
            design=self.design_report,
            message=message,
        )
