"""The worker process: claims the next run, runs the loop and stores the results.

Each process has one browser, opened by its first run and closed at exit.
"""

from __future__ import annotations

import io
import logging
import os
import socket
import uuid
from functools import cache

import redis
from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image

from inference.types import ModelError
from studio.config.logging import run_in_log
from studio.pipeline.bundle import Bundle
from studio.pipeline.bundle_zip import read_bundle
from studio.pipeline.editing.file_edits import apply_file_edits
from studio.pipeline.editing.manual_edits import ManualEdit, apply_changes
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions
from studio.pipeline.loop.report import build_report
from studio.pipeline.perception.confined_hints import ConfinedPerception, PerceptionLimit
from studio.pipeline.rendering.render import BrowserMissing, Renderer
from studio.pipeline.stacks.sources import make_readable_sources
from studio.processes.writer_server import find_writer
from studio.runs import events, version_files
from studio.runs.budget_meter import BudgetMeter
from studio.runs.claim_heartbeat import ClaimHeartbeat
from studio.runs.model_choices import can_write
from studio.runs.model_client import explain_missing_model, open_model_client
from studio.runs.models import Run
from studio.runs.services import (
    claim_next,
    fail_run,
    finish_run,
    import_name,
    record_attempt,
    record_page_title,
    release_runs,
    wake_next_worker,
)
from studio.runs.usage import compute_costs
from studio.teams.budgets import read_today
from studio.teams.models import Connection
from studio.uploads.models import Upload

logger = logging.getLogger(__name__)


def process_next_run() -> None:
    """Process the next run in this process; return at once when none waits."""
    name = f"{get_worker_prefix(os.getppid())}{os.getpid()}:{uuid.uuid4().hex[:8]}"
    run = claim_next(worker=name)
    if run is None:
        return
    with run_in_log(run.pk):
        _carry_out_run(run, name)
    wake_next_worker()


def _carry_out_run(run: Run, worker: str) -> None:
    try:
        _run_loop(run, worker)
    except redis.ConnectionError as error:
        logger.warning("the run goes back to the queue: Redis is away (%s)", error)
        release_runs(workers=worker)
    except (ModelError, BrowserMissing, PerceptionLimit, events.StoreFull) as error:
        fail_run(run_id=run.pk, worker=worker, message=str(error))
    except Exception:
        logger.exception("the run failed")
        fail_run(
            run_id=run.pk,
            worker=worker,
            message="An internal error stopped this run; see the studio's log.",
        )


def get_worker_prefix(parent: int) -> str:
    """Return the common prefix of the names of all workers in one pool."""
    return f"{socket.gethostname()}:{parent}:"


def parse_process_id(worker: str) -> int:
    """Return the process id in a worker's name."""
    return int(worker.rsplit(":", 2)[1])


def warm_up() -> None:
    """Load cv2 and onnxruntime before the first run needs them; this takes seconds."""
    from studio.pipeline.loop import generate as loop

    get_perception().start()

    logger.debug("loaded %s", loop.__name__)


def close() -> None:
    """Close the browser and the perception process; the next run opens new ones."""
    if get_perception.cache_info().currsize:
        get_perception().close()
    if get_renderer.cache_info().currsize:
        get_renderer().close()
        get_renderer.cache_clear()


def _run_loop(run: Run, worker: str) -> None:
    from studio.pipeline.loop.generate import generate

    writer = events.Writer(run.pk)
    trace = Trace()
    writer.append("claimed", {"claim": run.claims})

    def emit(event: LoopEvent) -> None:
        """Save the attempt before publishing the event, so subscribers can load it."""
        trace.hear(event)
        if event.kind == "hints":
            record_page_title(run_id=run.pk, worker=worker, title=event.data["title"])
        attempt = event.attempt
        if attempt is not None and attempt.source == "start" and run.kind == Run.Kind.FOLLOW_UP:
            return  # the base version is already stored
        if attempt and not record_attempt(
            run_id=run.pk, worker=worker, attempt=attempt, thinking=trace.take()
        ):
            return
        if not heart.lost():
            writer.append(event.kind, event.data)

    url, connection = choose_model(run)
    missing_model = "" if connection else explain_missing_model(url)
    with (
        ClaimHeartbeat(run.pk, worker) as heart,
        BudgetMeter(run.project.team_id) as meter,
        open_model_client("" if missing_model else url, connection) as client,
    ):
        result = generate(
            _load_picture(run.upload),
            options=_make_options(run),
            renderer=get_renderer(),
            client=client,
            emit=emit,
            cancelled=heart.lost,
            start=load_base_version(run),
            also=_load_further_mockups(run),
            spent=meter.spent,
            perceive=get_perception(),
        )
        report = build_report(result, mockup=run.mockup_name, model=client.name if client else None)
        report |= compute_costs(run, result.usage)
    reason: str = result.stop_reason
    if run.kind == Run.Kind.EDIT and result.best is not None:
        reason = "edited"
    finish_run(
        run_id=run.pk,
        worker=worker,
        stop_reason=reason,
        message=result.message or missing_model,
        report=report,
    )


class Trace:
    """Collects the model's thinking between attempts; the next attempt stores it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def hear(self, event: LoopEvent) -> None:
        if event.kind == "chunk" and event.data["kind"] == "thinking":
            self._pieces.append(event.data["text"])

    def take(self) -> str:
        text = "".join(self._pieces)
        self._pieces.clear()
        return text


def _make_options(run: Run) -> LoopOptions:
    names = ("stack", "rounds", "candidates", "seconds", "target", "thinking", "scale")
    left = read_today(run.project.team_id).tokens_left
    tokens = run.tokens if left is None else max(1, min(run.tokens, left))
    wishes = {name: getattr(run, name) for name in names}
    return LoopOptions(
        prompt=_get_instructions(run),
        about=run.element,
        tokens=tokens,
        sections=settings.RUN_SECTIONS,
        agent=settings.RUN_TOOLS,
        **wishes,
    )


def _get_instructions(run: Run) -> str:
    """Return the model's instructions; "" for an edit, whose prompt is only a description."""
    if run.kind == Run.Kind.EDIT:
        return ""
    if not run.element:
        return run.prompt
    return f"{run.prompt}\n\nThis is about one part of the page: {run.element}."


def choose_model(run: Run) -> tuple[str, Connection | None]:
    """Return the studio's address and the team's connection, which has priority; none for an edit.

    Words alone go to the small writer where MODEL_URL's model only labels.
    """
    if run.kind == Run.Kind.EDIT:
        return "", None
    is_words_only = run.upload is None and run.base is None
    if is_words_only and run.connection is None and not can_write(settings.MODEL_URL):
        return find_writer(settings.DATA_DIR), None
    return settings.MODEL_URL, run.connection


def load_base_version(run: Run) -> Bundle | None:
    """Load the version to continue, with a person's edits applied; None for a new page."""
    if run.kind == Run.Kind.IMPORT:
        with default_storage.open(import_name(run.pk)) as stored:
            return read_bundle(stored.read())
    if run.base is None:
        return None
    bundle = version_files.read_bundle_of(run.base)
    texts = {change["file"]: change["text"] for change in run.changes if "file" in change}
    if texts:
        return apply_file_edits(make_readable_sources(bundle, run.stack), texts)
    pictures = version_files.read_pictures(run.project.team_id, run.changes)
    return apply_changes(bundle, [ManualEdit(**change) for change in run.changes], pictures)


def _load_further_mockups(run: Run) -> dict[int, Image.Image]:
    """The mockups of further widths, by their width in CSS pixels."""
    from studio.pipeline.perception.pixels import find_css_width

    pictures = [_load_picture(one.upload) for one in run.further.select_related("upload")]
    return {find_css_width(picture): picture for picture in pictures if picture}


def _load_picture(upload: Upload | None) -> Image.Image | None:
    if upload is None:
        return None
    with upload.file.open() as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB")


@cache
def get_renderer() -> Renderer:
    return Renderer(settings.BROWSER, user=settings.BROWSER_USER)


@cache
def get_perception() -> ConfinedPerception:
    return ConfinedPerception(settings.PERCEPTION_MEGABYTES, settings.PERCEPTION_SECONDS)
