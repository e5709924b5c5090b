"""The services of runs and attempts, and the only code that writes their rows.

A worker owns a run through a claim, the name in `claimed_by`. Every later write checks it, so a
worker that was cancelled or presumed dead can no longer change anything.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from studio.config.celery import app
from studio.pipeline.bundle_zip import zip_bundle
from studio.pipeline.loop.attempts import AttemptResult, View
from studio.pipeline.loop.report import collect_stored_pictures
from studio.projects.models import Project
from studio.runs import events, metrics, traces
from studio.runs.attempt_rows import make_attempt_columns, make_view_columns
from studio.runs.models import Attempt, Mockup, Run, WidthView
from studio.runs.queue import Waiting, may_start, order_fairly
from studio.runs.signals import run_over
from studio.teams.activity import record
from studio.teams.budgets import check_budget
from studio.teams.models import Connection, Team, User
from studio.teams.storage import check_storage, delete_files, store_file
from studio.uploads.models import Upload

TASK = "studio.runs.run"
# Heartbeats come twice a second; after this time without one, the worker is presumed dead.
STALE = timedelta(seconds=10)
# A lost queue message is sent again after this time. A duplicate finds the run claimed and ends.
UNHEARD = timedelta(seconds=20)
# A run that killed three workers would probably kill the fourth.
MOST_CLAIMS = 3
# Teams that started no run for so long are served alike: runs older than that are not looked at.
LATELY = timedelta(days=1)
# Started runs that are read to find who was served last. All 864,000 of a day (78 workers) took 530 ms of
# PostgreSQL for each claim, these take 0.5 ms (2026-11-30, a shared machine).
NEWEST = 1_000
SAID = 80  # characters of a run's title in the activity log

DOWNLOADED = gettext_noop("downloaded")
# Verbs of the activity log for each kind of run.
BEGAN = {
    Run.Kind.GENERATE: gettext_noop("started"),
    Run.Kind.TEXT: gettext_noop("started from instructions alone"),
    Run.Kind.FOLLOW_UP: gettext_noop("requested the change"),
    Run.Kind.EDIT: gettext_noop("edited by hand:"),
    Run.Kind.RESTORE: gettext_noop("restored a version of"),
    Run.Kind.IMPORT: gettext_noop("imported"),
}

logger = logging.getLogger(__name__)


def start_run(
    *,
    project: Project,
    by: User | None,
    upload: Upload | None,
    also: Sequence[Upload] = (),
    prompt: str = "",
    stack: str = Run.Stack.HTML_CSS,
    thinking: bool = False,
    candidates: int = 1,
    rounds: int | None = None,
    seconds: float | None = None,
    tokens: int | None = None,
    connection: Connection | None = None,
    scale: float | None = None,
    address: str = "",
    address_width: int | None = None,
    **revision: Any,
) -> Run:
    """Create a queued run and send its id to the queue on commit.

    `also`: the same page at other widths, in order. `scale`: the first mockup's device pixel ratio;
    None: it is found. `address`: of the page or picture that the worker makes the mockup of, in a
    window of `address_width`. Neither `upload` nor `address`: the prompt alone says what is wanted.
    `revision` is for `revising`: kind, root, base, element, changes. Raises TeamError when the team's
    budget of today is spent or its storage is full.
    """
    begun = time.time_ns()
    check_budget(team=project.team, model=rounds != 0)
    check_storage(project.team)
    with transaction.atomic():
        run = Run.objects.create(
            project=project,
            created_by=by,
            upload=upload,
            prompt=prompt,
            stack=stack,
            thinking=thinking,
            connection=connection,
            scale=scale,
            address=address,
            address_width=address_width,
            candidates=candidates,
            rounds=settings.RUN_ROUNDS if rounds is None else rounds,
            seconds=settings.RUN_SECONDS if seconds is None else seconds,
            tokens=settings.RUN_TOKENS if tokens is None else tokens,
            target=settings.RUN_TARGET,
            sent_at=timezone.now(),
            **{"kind": Run.Kind.GENERATE if upload or address else Run.Kind.TEXT, **revision},
        )
        Mockup.objects.bulk_create(
            Mockup(run=run, upload=upload_of_width, position=i)
            for i, upload_of_width in enumerate(also, start=1)
        )
        record_activity(run, by, BEGAN[Run.Kind(run.kind)])
        transaction.on_commit(lambda: _send_to_queue(run.pk))
    traces.record_start(run.pk, begun, kind=run.kind, stack=run.stack)
    return run


def import_name(run_id: uuid.UUID) -> str:
    """Return the name of an import's file, kept until its run is over."""
    return f"imports/{run_id}.zip"


def record_activity(run: Run, by: User | None, verb: str, suffix: str = "") -> None:
    """Record an action on a run in the team's activity log."""
    called = (
        f"“{run.title[:SAID]}”" if run.name or run.prompt or run.address else "a run without words"
    )
    record(
        team=run.project.team,
        actor=by,
        verb=verb,
        target=f"{called} in {run.project.name} {suffix}".rstrip(),
    )


def claim_next(*, worker: str) -> Run | None:
    """Claim the next run for `worker`; None when no waiting run's team may start another one."""
    running = _count_running()
    for waiting in may_start(_order_waiting(running), running, settings.TEAM_RUNS):
        with transaction.atomic():
            Team.objects.select_for_update().get(
                pk=waiting.team
            )  # lock the team: two workers must not both take its last free place
            if _count_running().get(waiting.team, 0) < settings.TEAM_RUNS and (
                run := claim_run(run_id=waiting.id, worker=worker)
            ):
                return run
    return None


def claim_run(*, run_id: uuid.UUID, worker: str) -> Run | None:
    """Claim one run for `worker`; None when it is no longer waiting."""
    now = timezone.now()
    updated = Run.objects.filter(pk=run_id, state=Run.State.QUEUED).update(
        state=Run.State.RUNNING,
        claimed_by=worker,
        claims=F("claims") + 1,
        started_at=now,
        heartbeat=now,
    )
    if not updated:
        return None
    return Run.objects.select_related("upload", "base", "connection", "project").get(pk=run_id)


def wake_next_worker() -> None:
    """Wake a worker for the next waiting run, whose own message may already be consumed."""
    running = _count_running()
    for waiting in may_start(_order_waiting(running), running, settings.TEAM_RUNS)[:1]:
        _send_to_queue(waiting.id)


def count_runs_before(run_id: uuid.UUID) -> int:
    """Return how many waiting runs come before this one."""
    return count_queue_places().get(run_id, 0)


def count_queue_places() -> dict[uuid.UUID, int]:
    """Return for every waiting run how many come before it."""
    return {waiting.id: place for place, waiting in enumerate(_order_waiting(_count_running()))}


def keep_claim(*, run_id: uuid.UUID, worker: str) -> bool:
    """Write one heartbeat; return False when the run is no longer this worker's."""
    return bool(_filter_claimed(run_id, worker).update(heartbeat=timezone.now()))


def cancel_run(*, run_id: uuid.UUID) -> bool:
    """Cancel the run and keep what exists; return False when it was already over."""
    live = Q(state=Run.State.QUEUED) | Q(state=Run.State.RUNNING)
    changed = Run.objects.filter(live, pk=run_id).update(
        state=Run.State.CANCELLED,
        stop_reason="cancelled",
        claimed_by="",
        finished_at=timezone.now(),
    )
    if changed:
        transaction.on_commit(lambda: _announce_end(run_id))
    return bool(changed)


def record_page_title(*, run_id: uuid.UUID, worker: str, title: str) -> None:
    """Name the run after what its mockup says; a name that a person gave is shown instead."""
    longest = Run._meta.get_field("page_title").max_length
    _filter_claimed(run_id, worker).update(page_title=title[:longest])


def record_capture(*, run_id: uuid.UUID, worker: str, upload: Upload) -> bool:
    """Make the captured picture the run's mockup; False when the run is no longer this worker's."""
    return bool(_filter_claimed(run_id, worker).update(upload=upload))


def record_attempt(
    *, run_id: uuid.UUID, worker: str, attempt: AttemptResult, thinking: str = ""
) -> Attempt | None:
    """Store the attempt's files and row; None when the run is no longer this worker's."""
    folder = f"runs/{run_id}/{attempt.number}"
    team_id = Run.objects.values_list("project__team_id", flat=True).get(pk=run_id)
    names = {
        "bundle": store_file(
            team_id=team_id, name=f"{folder}/bundle.zip", data=zip_bundle(attempt.bundle)
        )
    }
    for name, data in collect_stored_pictures(attempt).items():
        names[name.partition(".")[0]] = store_file(
            team_id=team_id, name=f"{folder}/{name}", data=data
        )
    views = [
        {**make_view_columns(view), **_store_view(team_id, folder, view)} for view in attempt.views
    ]
    with transaction.atomic():
        if not keep_claim(run_id=run_id, worker=worker):
            return None
        row = Attempt.objects.create(
            run_id=run_id, thinking=thinking, **names, **make_attempt_columns(attempt)
        )
        WidthView.objects.bulk_create(WidthView(attempt=row, **view) for view in views)
        return row


def finish_run(
    *, run_id: uuid.UUID, worker: str, stop_reason: str, message: str, report: dict[str, Any]
) -> bool:
    state = Run.State.CANCELLED if stop_reason == "cancelled" else Run.State.FINISHED
    return _end_run(
        run_id, worker, state=state, stop_reason=stop_reason, message=message, report=report
    )


def fail_run(*, run_id: uuid.UUID, worker: str, message: str) -> bool:
    return _end_run(run_id, worker, state=Run.State.FAILED, stop_reason="failed", message=message)


def release_runs(*, workers: str) -> int:
    """Requeue the runs of stopping workers whose names have this prefix; return how many."""
    held = Run.objects.filter(state=Run.State.RUNNING, claimed_by__startswith=workers)
    return sum(_give_back_run(run, claims=run.claims - 1, sent_at=None) for run in held)


def rescue_runs() -> int:
    """Requeue runs of dead workers and resend lost messages; return how many.

    Safe to call from many workers at once.
    """
    now = timezone.now()
    lost = Run.objects.filter(state=Run.State.RUNNING, heartbeat__lt=now - STALE)
    unheard = Run.objects.filter(
        Q(sent_at=None) | Q(sent_at__lt=now - UNHEARD), state=Run.State.QUEUED
    )
    rescued = [run.pk for run in lost if _requeue_run(run)]
    rescued += [
        run.pk
        for run in unheard
        if Run.objects.filter(pk=run.pk, sent_at=run.sent_at).update(sent_at=now)
    ]
    for run_id in rescued:
        _send_to_queue(run_id)
    return len(rescued)


def list_stuck_workers(*, workers: str) -> list[str]:
    """Return the names of workers with this prefix whose run has a stale heartbeat."""
    lost = Run.objects.filter(
        state=Run.State.RUNNING,
        heartbeat__lt=timezone.now() - STALE,
        claimed_by__startswith=workers,
    )
    return list(lost.values_list("claimed_by", flat=True))


def _requeue_run(run: Run) -> bool:
    """Requeue a lost run from its start, or fail it after too many claims."""
    claim = _filter_claimed(run.pk, run.claimed_by).filter(heartbeat=run.heartbeat)
    if run.claims >= MOST_CLAIMS:
        message = f"The worker died {run.claims} times during this run; it will not be retried."
        if claim.update(
            state=Run.State.FAILED,
            stop_reason="failed",
            message=message,
            finished_at=timezone.now(),
        ):
            _announce_end(run.pk)
        return False
    return _give_back_run(run, claims=run.claims, sent_at=timezone.now())


def _give_back_run(run: Run, **values: Any) -> bool:
    with transaction.atomic():
        claim = _filter_claimed(run.pk, run.claimed_by)
        if not claim.update(state=Run.State.QUEUED, claimed_by="", started_at=None, **values):
            return False
        run.attempts.all().delete()
    events.publish_event(run.pk, "requeued", {})
    return True


def _send_to_queue(run_id: uuid.UUID) -> None:
    """Send a message that wakes a worker.

    A queue that is away only causes delay: `rescue_runs` sends it again.
    """
    try:
        app.send_task(TASK, args=[str(run_id)])
    except Exception as error:
        logger.warning("run %s waits: the queue is unavailable (%s)", run_id, type(error).__name__)
        Run.objects.filter(pk=run_id, state=Run.State.QUEUED).update(sent_at=None)


def _order_waiting(running: Mapping[int, int]) -> list[Waiting]:
    """Return all waiting runs in the order in which they are served."""
    queued = Run.objects.filter(state=Run.State.QUEUED).order_by("created_at")
    waiting = [Waiting(run, team) for run, team in queued.values_list("pk", "project__team")]
    return order_fairly(waiting, running, _find_last_starts()) if waiting else []


def _find_last_starts() -> dict[int, float]:
    """Return when (seconds) a run of each team was started last, of the newest runs of the last day."""
    lately = Run.objects.filter(created_at__gte=timezone.now() - LATELY, started_at__isnull=False)
    newest = lately.order_by("-created_at").values_list("project__team", "started_at")[:NEWEST]
    last: dict[int, float] = {}
    for team, moment in newest:
        assert moment is not None
        last[team] = max(last.get(team, 0.0), moment.timestamp())
    return last


def _count_running() -> dict[int, int]:
    """Count each team's active runs."""
    teams = Run.objects.filter(state=Run.State.RUNNING).order_by().values_list("project__team")
    return dict(teams.annotate(count=Count("pk")))


def _filter_claimed(run_id: uuid.UUID, worker: str) -> Any:
    return Run.objects.filter(pk=run_id, state=Run.State.RUNNING, claimed_by=worker)


def _end_run(run_id: uuid.UUID, worker: str, **values: Any) -> bool:
    ended = bool(_filter_claimed(run_id, worker).update(finished_at=timezone.now(), **values))
    if ended:
        _announce_end(run_id)
    return ended


def _announce_end(run_id: uuid.UUID) -> None:
    """Announce the end of a run; called once, by the code that changed its state."""
    run = Run.objects.get(pk=run_id)
    if run.kind == Run.Kind.IMPORT:  # its first version contains the import
        delete_files([import_name(run_id)])
    metrics.count_run(run)
    events.publish_event(run_id, "over", {"state": run.state})
    run_over.send_robust(sender=Run, run=run)


def _store_view(team_id: int, folder: str, view: View) -> dict[str, str]:
    """Store the pictures of a further width and return their names."""
    pictures = {"render": view.render.png, "heatmap": view.comparison.heatmap}
    return {
        name: store_file(team_id=team_id, name=f"{folder}/{name}-{view.width}.png", data=data)
        for name, data in pictures.items()
    }
