"""Runs on this machine, without a studio: the loop in a thread, one run at a time, in memory."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from PIL import Image

from inference.types import ModelClient, ModelError
from studio.pipeline.bundle import Bundle, list_files
from studio.pipeline.loop.attempts import AttemptResult, LoopEvent, LoopOptions, Result
from studio.pipeline.loop.report import build_report, collect_proof_files, summarize_attempt
from studio.pipeline.loop.terminal import DOING
from studio.pipeline.perception.confined_hints import PerceptionLimit
from studio.pipeline.rendering.render import BrowserMissing, Renderer
from studio.pipeline.stacks.kinds import parse_stack
from studio.pipeline.stacks.sources import make_readable_sources
from studio.pipeline.tools.inputs import FollowUpInput, GenerateInput
from studio.pipeline.tools.results import ToolError
from studio.pipeline.tools.runs import choose_version
from studio.pipeline.tools.workbench import Perceive, Sources, compute_scale

MOST_RUNS = 20  # in memory; the oldest finished one is forgotten
USUAL = LoopOptions(agent=True, seconds=1800.0)

Connect = Callable[[], ModelClient | None]


@dataclass
class LocalRun:
    """One run: what was asked, and what came of it so far."""

    id: str
    mockup: Image.Image | None
    options: LoopOptions
    start: Bundle | None = None
    note: str = ""  # on the mockup
    state: str = "queued"
    doing: str = ""
    message: str = ""
    attempts: list[AttemptResult] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)


class LocalRuns:
    """See `studio.pipeline.tools.workbench.Runs`. A version's number is its attempt's plus one."""

    def __init__(
        self, sources: Sources, renderer: Renderer, perceive: Perceive, connect: Connect
    ) -> None:
        self.sources, self.renderer, self.perceive = sources, renderer, perceive
        self.connect = connect
        self.closing = threading.Event()
        self._runs: dict[str, LocalRun] = {}
        self._pool = ThreadPoolExecutor(1, "run")

    @property
    def ids(self) -> list[str]:
        return list(self._runs)

    def close(self) -> None:
        """Stop the run in progress and wait for its end."""
        self.closing.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def start(self, request: GenerateInput) -> dict[str, Any]:
        options = replace(USUAL, prompt=request.prompt, stack=request.stack)
        mockup, note = None, ""
        if request.mockup:
            opened = self.sources.open_mockup(request.mockup, request.width)
            mockup, note = opened.picture, opened.note
            options = replace(options, scale=compute_scale(mockup.width, opened.width))
        if request.rounds is not None:
            options = replace(options, rounds=request.rounds)
        return self._submit(LocalRun(uuid.uuid4().hex, mockup, options, note=note))

    def follow_up(self, request: FollowUpInput) -> dict[str, Any]:
        old = self._find(request.run)
        number = choose_version(self, request.run, request.version)
        scale, stack = old.options.scale, old.options.stack
        options = replace(USUAL, prompt=request.prompt, stack=stack, scale=scale)
        start = old.attempts[number - 1].bundle
        return self._submit(LocalRun(uuid.uuid4().hex, old.mockup, options, start))

    def describe(self, run: str) -> dict[str, Any]:
        found = self._find(run)
        names = ("id", "state", "doing", "message")
        described = {name: getattr(found, name) for name in names}
        described |= {"stack": found.options.stack, "prompt": found.options.prompt}
        scores = ("stop_reason", "likeness", "quality", "tokens")
        return described | {name: found.report.get(name) for name in scores}

    def list_versions(self, run: str) -> list[dict[str, Any]]:
        return [_describe_version(attempt) for attempt in list(self._find(run).attempts)]

    def read_files(self, run: str, number: int) -> Mapping[str, bytes]:
        found = self._find(run)
        attempt = _find_attempt(found, number)
        sources = make_readable_sources(attempt.bundle, found.options.stack)
        return {**list_files(sources), **collect_proof_files(attempt)}

    def export(self, run: str, number: int) -> Mapping[str, bytes]:
        from studio.pipeline.tools.draft import write_in_stack

        found = self._find(run)
        attempt = _find_attempt(found, number)
        files = write_in_stack(attempt.bundle, parse_stack(found.options.stack))
        return {**files, **collect_proof_files(attempt)}

    def _find(self, run: str) -> LocalRun:
        if run not in self._runs:
            raise ToolError(f"There is no run {run[:80]!r} here; start one with generate.")
        return self._runs[run]

    def _submit(self, run: LocalRun) -> dict[str, Any]:
        over = [one.id for one in self._runs.values() if one.state not in ("queued", "running")]
        if len(self._runs) >= MOST_RUNS and not over:
            raise ToolError(f"{MOST_RUNS} runs wait already, the limit; wait for one to end.")
        if len(self._runs) >= MOST_RUNS:
            del self._runs[over[0]]
        self._runs[run.id] = run
        self._pool.submit(self._carry_out, run)
        return self.describe(run.id)

    def _carry_out(self, run: LocalRun) -> None:
        run.state = "running"
        try:
            client = self.connect()
            try:
                result = self._generate(run, client)
            finally:
                if client is not None:
                    client.close()
        except (ModelError, BrowserMissing, PerceptionLimit) as error:
            run.state, run.message = "failed", str(error)
            return
        except Exception as error:  # a thread's exception would be lost, and its run never end
            run.state = "failed"
            run.message = f"The run failed ({type(error).__name__}: {error})."
            return
        run.message = " ".join(filter(None, (run.note, result.message)))
        run.report = build_report(result, mockup=None, model=client.name if client else None)
        run.state = "cancelled" if result.stop_reason == "cancelled" else "finished"

    def _generate(self, run: LocalRun, client: ModelClient | None) -> Result:
        # Loaded with the first run: perception and scoring take a second, and agents do not wait
        # long for a server to answer.
        from studio.pipeline.loop.generate import generate

        def hear(event: LoopEvent) -> None:
            if event.kind == "step" and event.data["state"] == "started":
                run.doing = DOING.get(event.data["name"], event.data["name"])
            if event.attempt is not None:
                run.attempts.append(event.attempt)

        return generate(
            run.mockup,
            options=run.options,
            renderer=self.renderer,
            client=client,
            emit=hear,
            cancelled=self.closing.is_set,
            start=run.start,
            perceive=self.perceive,
        )


def _find_attempt(run: LocalRun, number: int) -> AttemptResult:
    if not 1 <= number <= len(run.attempts):
        raise ToolError(f"This run has no version {number}; it has {len(run.attempts)}.")
    return run.attempts[number - 1]


def _describe_version(attempt: AttemptResult) -> dict[str, Any]:
    summary = summarize_attempt(attempt)
    names = ("source", "parts", "quality_parts", "error")
    comparison = attempt.comparison
    return {
        "number": attempt.number + 1,
        "kept": attempt.accepted,
        "likeness": summary["likeness"] if comparison else None,
        "quality": summary["quality"] if attempt.keep else None,
        "differences": [one.words for one in comparison.differences] if comparison else [],
        **{name: summary[name] for name in names},
    }
