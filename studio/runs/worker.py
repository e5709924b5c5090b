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
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image

from inference.types import ModelError
from studio.capture.addresses import CaptureCancelled, CaptureError
from studio.config import tracing
from studio.config.celery import app
from studio.config.logging import run_in_log
from studio.designs.services import load_design_system
from studio.pipeline.bundle import Bundle
from studio.pipeline.bundle_zip import read_bundle
from studio.pipeline.design_system.model import DesignSystem
from studio.pipeline.editing.file_edits import apply_file_edits
from studio.pipeline.editing.manual_edits import ManualEdit, apply_changes
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions
from studio.pipeline.loop.report import build_report
from studio.pipeline.outline.schema import read_outline
from studio.pipeline.outline.stored import store_outline
from studio.pipeline.perception.confined_hints import ConfinedPerception, PerceptionLimit
from studio.pipeline.picture_files import PictureError
from studio.pipeline.rendering.render import BrowserMissing, Renderer
from studio.pipeline.sections.page import build_page
from studio.pipeline.stacks.sources import make_readable_sources
from studio.processes.writer_server import find_writer
from studio.runs import events, outages, version_files
from studio.runs.address_mockups import capture_mockup
from studio.runs.budget_meter import BudgetMeter
from studio.runs.claim_heartbeat import ClaimHeartbeat
from studio.runs.model_choices import can_write
from studio.runs.model_client import explain_missing_model, open_model_client
from studio.runs.models import Run
from studio.runs.services import (
    TASK,
    claim_next,
    fail_run,
    finish_run,
    import_name,
    keep_claim,
    record_attempt,
    record_page_title,
    release_runs,
    wake_next_worker,
)
from studio.runs.traces import WorkSpans, trace_work
from studio.runs.usage import compute_costs
from studio.teams.budgets import read_today
from studio.teams.errors import TeamError
from studio.teams.models import Connection
from studio.uploads.models import Upload

# What ends a run with a sentence for people.
FAILURES = (
    ModelError,
    BrowserMissing,
    PerceptionLimit,
    CaptureError,
    PictureError,
    TeamError,
    events.StoreFull,
)

logger = logging.getLogger(__name__)


def process_next_run(woken_by: str = "") -> None:
    """Process the next run in this process; return at once when none waits.

    `woken_by`: the run whose start woke this worker. Teams take turns, so it may not be the next.
    """
    name = f"{get_worker_prefix(os.getppid())}{os.getpid()}:{uuid.uuid4().hex[:8]}"
    run = claim_next(worker=name)
    if run is None:
        return
    work = trace_work("run", run.pk, claim=run.claims, kind=run.kind)
    with run_in_log(run.pk), work as spans:
        _carry_out_run(run, name, spans)
    wake_next_worker()


def _carry_out_run(run: Run, worker: str, spans: WorkSpans) -> None:
    try:
        _run_loop(run, worker, spans)
    except events.ClaimLost:
        logger.warning("the run belongs to another worker now")
    except (*outages.DATABASE, *outages.REDIS, *outages.STORAGE, outages.CutOff) as error:
        _give_back(worker, error)
    except FAILURES as error:
        fail_run(run_id=run.pk, worker=worker, message=str(error))
    except Exception as error:
        logger.exception("the run failed")
        spans.note_failure(error)
        fail_run(
            run_id=run.pk,
            worker=worker,
            message="An internal error stopped this run; see the studio's log.",
        )
    finally:
        _release_memory()


def _give_back(worker: str, error: Exception) -> None:
    """Give the run back to the queue once the studio's parts can be reached again.

    If the database stays away, its rows say in time that nobody works on the run. A run that another
    worker has taken over meanwhile stays there.
    """
    part = outages.name_missing_part(error)
    logger.warning("the run goes back to the queue: %s is away (%s)", part, type(error).__name__)
    connection.close()  # a broken one would refuse every further query
    outages.wait_for_parts()
    release_runs(workers=worker)


def _release_memory() -> None:
    from studio.pipeline.isolation.memory import release_free_memory
    from studio.pipeline.scoring.likeness.compare import forget_mockups

    forget_mockups()
    release_free_memory()


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
    tracing.flush()
    if get_perception.cache_info().currsize:
        get_perception().close()
    if get_renderer.cache_info().currsize:
        get_renderer().close()
        get_renderer.cache_clear()


def _run_loop(run: Run, worker: str, spans: WorkSpans) -> None:
    from studio.pipeline.loop.generate import generate

    writer = events.Writer(run.pk, keeps_claim=lambda: keep_claim(run_id=run.pk, worker=worker))
    trace = Trace()
    writer.append("claimed", {"claim": run.claims})

    def emit(event: LoopEvent) -> None:
        """Save the attempt before publishing the event, so subscribers can load it."""
        trace.hear(event)
        if event.kind == "step":
            spans.hear_step(event.data)
        if event.kind == "hints":
            record_page_title(run_id=run.pk, worker=worker, title=event.data["title"])
        attempt = event.attempt
        if attempt is not None and attempt.source == "start" and run.kind == Run.Kind.FOLLOW_UP:
            return  # the base version is already stored
        if attempt and not record_attempt(
            run_id=run.pk, worker=worker, attempt=attempt, thinking=trace.take()
        ):
            return
        if heart.lost():
            return
        try:
            writer.append(event.kind, event.data)
        except events.ClaimLost:
            heart.give_up()

    capture_note = _capture_mockup(run, worker, writer)
    if capture_note is None:
        return
    url, team_connection = choose_model(run)
    missing_model = "" if team_connection else explain_missing_model(url)
    with (
        ClaimHeartbeat(run.pk, worker) as heart,
        BudgetMeter(run.project.team_id) as meter,
        open_model_client("" if missing_model else url, team_connection) as client,
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
        if result.stop_reason == "model failed" and heart.has_missed():
            raise outages.CutOff
        report = build_report(result, mockup=run.mockup_name, model=client.name if client else None)
        report |= compute_costs(run, result.usage)
    reason: str = result.stop_reason
    if run.kind == Run.Kind.EDIT and result.best is not None:
        reason = "edited"
    spans.note_facts(stop_reason=reason, likeness=report.get("likeness"))
    finish_run(
        run_id=run.pk,
        worker=worker,
        stop_reason=reason,
        message=" ".join(filter(None, (capture_note, result.message or missing_model))),
        report=report,
    )


def _capture_mockup(run: Run, worker: str, writer: events.Writer) -> str | None:
    """Capture the mockup of a run that has an address; None when the run is no longer ours."""
    if not run.needs_capture:
        return ""
    with ClaimHeartbeat(run.pk, worker) as heart:
        try:
            note = capture_mockup(run, worker, writer, get_renderer(), heart.lost)
        except CaptureCancelled:
            return None
        return None if heart.lost() else note


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
    outline_edit = find_outline_edit(run)
    if outline_edit is not None and run.rounds:
        wishes |= {"added": tuple(outline_edit["write"]), "brief": _get_brief(run)}
    return LoopOptions(
        prompt=_get_instructions(run),
        about=run.element,
        tokens=tokens,
        sections=settings.RUN_SECTIONS,
        agent=settings.RUN_TOOLS,
        design=_load_design(run),
        **wishes,
    )


def _load_design(run: Run) -> DesignSystem | None:
    """Return the team's design system; None for an edit of the code, which a person made as it is."""
    if run.kind == Run.Kind.EDIT and find_outline_edit(run) is None:
        return None
    return load_design_system(run.project.team_id)


def find_outline_edit(run: Run) -> dict[str, Any] | None:
    """Return what a person made of the base version's outline; None for other runs.

    `outline`: as JSON values; `write`: the places of the sections that a model has to write.
    """
    return next((change for change in run.changes if "outline" in change), None)


def _get_brief(run: Run) -> str:
    """Return what the family's page is about: the instructions of its first run."""
    return Run.objects.values_list("prompt", flat=True).get(pk=run.family)


def _get_instructions(run: Run) -> str:
    """Return the model's instructions; "" for an edit, whose prompt is only a description."""
    if run.kind == Run.Kind.EDIT:
        return ""
    if not run.element:
        return run.prompt
    return f"{run.prompt}\n\nThis is about one part of the page: {run.element}."


def choose_model(run: Run) -> tuple[str, Connection | None]:
    """Return the studio's address and the team's connection, which has priority; none for an edit
    that leaves nothing to write.

    Words alone go to the small writer where MODEL_URL's model only labels, and so does what continues
    a page from words.
    """
    if run.kind == Run.Kind.EDIT and not run.rounds:
        return "", None
    if run.upload is not None or run.connection is not None or can_write(settings.MODEL_URL):
        return settings.MODEL_URL, run.connection
    writer = find_writer(settings.DATA_DIR)
    if writer or run.base is None:
        return writer, None
    return settings.MODEL_URL, None


def load_base_version(run: Run) -> Bundle | None:
    """Load the version to continue, with a person's edits applied; None for a new page."""
    if run.kind == Run.Kind.IMPORT:
        with default_storage.open(import_name(run.pk)) as stored:
            return read_bundle(stored.read())
    if run.base is None:
        return None
    outline_edit = find_outline_edit(run)
    if outline_edit is not None:
        outline = read_outline(outline_edit["outline"])
        return store_outline(build_page(outline), outline)
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


app.task(name=TASK)(process_next_run)
