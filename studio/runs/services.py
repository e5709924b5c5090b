"""The verbs of a run's life, and the only writers of runs and attempts.

A worker owns a run through a claim: a name in `claimed_by` that every later write must still find
there, so a worker that was cancelled, or given up for dead, can no longer change anything.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from studio.config.celery import app
from studio.pipeline.bundle_zip import zip_bundle
from studio.pipeline.loop.attempts import AttemptResult, View
from studio.pipeline.loop.report import collect_stored_pictures
from studio.projects.models import Project
from studio.runs import events, metrics
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
# A heart beats twice a second; this long without one, the worker is dead or stopped.
STALE = timedelta(seconds=10)
# A message lost on the way is sent again after this; a needless second one finds the run claimed
# and ends.
UNHEARD = timedelta(seconds=20)
# A run that took three workers down with it will take the fourth.
MOST_CLAIMS = 3
SAID = 80  # letters of a run's title in the activity log

# How a run of each kind reads in the team's activity log.
BEGAN = {
    Run.Kind.GENERATE: "started",
    Run.Kind.TEXT: "started from words alone",
    Run.Kind.FOLLOW_UP: "asked for the change",
    Run.Kind.EDIT: "made by hand the change",
    Run.Kind.RESTORE: "restored a version of",
    Run.Kind.IMPORT: "imported",
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
    **revision: Any,
) -> Run:
    """A queued run; its id goes to the queue once the row is there for good.

    `also`: the same page at other widths, in order. `scale`: the first mockup's device pixel ratio;
    None: it is found. No `upload`: the prompt alone says what is wanted. `revision` is for
    `revising`: kind, root, base, element, changes. Raises TeamError when the team's budget of today
    is spent or its storage is full.
    """
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
            candidates=candidates,
            rounds=settings.RUN_ROUNDS if rounds is None else rounds,
            seconds=settings.RUN_SECONDS if seconds is None else seconds,
            tokens=settings.RUN_TOKENS if tokens is None else tokens,
            target=settings.RUN_TARGET,
            sent_at=timezone.now(),
            **{"kind": Run.Kind.GENERATE if upload else Run.Kind.TEXT, **revision},
        )
        Mockup.objects.bulk_create(
            Mockup(run=run, upload=one, position=i) for i, one in enumerate(also, start=1)
        )
        record_activity(run, by, BEGAN[Run.Kind(run.kind)])
        transaction.on_commit(lambda: _send_to_queue(run.pk))
    return run


def import_name(run_id: uuid.UUID) -> str:
    """Where an import lies until its run is over."""
    return f"imports/{run_id}.zip"


def record_activity(run: Run, by: User | None, verb: str, how: str = "") -> None:
    """What was done with a run, for the team's activity log."""
    called = f"“{run.title[:SAID]}”" if run.name or run.prompt else "a run without words"
    record(
        team=run.project.team,
        actor=by,
        verb=verb,
        target=f"{called} in {run.project.name} {how}".rstrip(),
    )


def claim_next(*, worker: str) -> Run | None:
    """The run whose turn it is, now `worker`'s; None when none waits whose team may have one more
    under way.
    """
    running = _count_running()
    for one in may_start(order_fairly(_list_waiting(), running), running, settings.TEAM_RUNS):
        with transaction.atomic():
            Team.objects.select_for_update().get(
                pk=one.team
            )  # two workers must not both count the last free place
            if _count_running().get(one.team, 0) < settings.TEAM_RUNS and (
                run := claim_run(run_id=one.run, worker=worker)
            ):
                return run
    return None


def claim_run(*, run_id: uuid.UUID, worker: str) -> Run | None:
    """The run, now `worker`'s; None when it is not waiting (somebody got there first, or it was
    cancelled).
    """
    now = timezone.now()
    taken = Run.objects.filter(pk=run_id, state=Run.State.QUEUED).update(
        state=Run.State.RUNNING,
        claimed_by=worker,
        claims=F("claims") + 1,
        started_at=now,
        heartbeat=now,
    )
    return (
        Run.objects.select_related("upload", "base", "connection", "project").get(pk=run_id)
        if taken
        else None
    )


def ring_next() -> None:
    """A place is free: wake a worker for whoever waited for it (its own message may be used up)."""
    running = _count_running()
    for one in may_start(order_fairly(_list_waiting(), running), running, settings.TEAM_RUNS)[:1]:
        _send_to_queue(one.run)


def count_runs_before(run_id: uuid.UUID) -> int:
    """How many of the waiting runs have their turn before this one."""
    order = order_fairly(_list_waiting(), _count_running())
    return next((place for place, one in enumerate(order) if one.run == run_id), 0)


def places_in_queue() -> dict[uuid.UUID, int]:
    """Of every waiting run, how many have their turn before it."""
    return {
        one.run: place for place, one in enumerate(order_fairly(_list_waiting(), _count_running()))
    }


def keep_claim(*, run_id: uuid.UUID, worker: str) -> bool:
    """One heartbeat; False when the run is no longer this worker's."""
    return bool(_filter_claimed(run_id, worker).update(heartbeat=timezone.now()))


def cancel_run(*, run_id: uuid.UUID) -> bool:
    """Stop it now; what exists stays. False when it was over already."""
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


def record_attempt(
    *, run_id: uuid.UUID, worker: str, attempt: AttemptResult, thinking: str = ""
) -> Attempt | None:
    """The attempt as a row with its files; None when the run is no longer this worker's."""
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
    """Give back, unfinished, what the workers with this prefix hold: they are being stopped.
    Returns how many.
    """
    held = Run.objects.filter(state=Run.State.RUNNING, claimed_by__startswith=workers)
    return sum(_give_back_run(run, claims=run.claims - 1, sent_at=None) for run in held)


def rescue_runs() -> int:
    """Queue again what a dead worker left and what the queue lost; returns how many. Safe to call
    from many workers.
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


def stuck_workers(*, workers: str) -> list[str]:
    """The names, of the workers with this prefix, whose run has not been heard of for too long."""
    lost = Run.objects.filter(
        state=Run.State.RUNNING,
        heartbeat__lt=timezone.now() - STALE,
        claimed_by__startswith=workers,
    )
    return list(lost.values_list("claimed_by", flat=True))


def _requeue_run(run: Run) -> bool:
    """Give a lost run back to the queue from its start (its draft is the same again), or give it
    up.
    """
    claim = _filter_claimed(run.pk, run.claimed_by).filter(heartbeat=run.heartbeat)
    if run.claims >= MOST_CLAIMS:
        message = f"The worker died {run.claims} times in the middle of this run; it will not be tried again."
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
    """Ring the queue's bell. A queue that is away costs nothing but time: `rescue_runs` sends it
    again.
    """
    try:
        app.send_task(TASK, args=[str(run_id)])
    except Exception as error:
        logger.warning("run %s waits: the queue does not answer (%s)", run_id, type(error).__name__)
        Run.objects.filter(pk=run_id, state=Run.State.QUEUED).update(sent_at=None)


def _list_waiting() -> list[Waiting]:
    """Every waiting run, the oldest first."""
    queued = Run.objects.filter(state=Run.State.QUEUED).order_by("created_at")
    return [Waiting(run, team) for run, team in queued.values_list("pk", "project__team")]


def _count_running() -> dict[int, int]:
    """How many runs each team has under way."""
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
    """Once per run: whoever changed its state to one that is over."""
    run = Run.objects.get(pk=run_id)
    if run.kind == Run.Kind.IMPORT:  # its first version holds what was imported
        delete_files([import_name(run_id)])
    metrics.count_run(run)
    events.publish_event(run_id, "over", {"state": run.state})
    run_over.send_robust(sender=Run, run=run)


def _store_view(team_id: int, folder: str, view: View) -> dict[str, str]:
    """The pictures at a further width, stored; their names."""
    pictures = {"render": view.render.png, "heatmap": view.comparison.heatmap}
    return {
        name: store_file(team_id=team_id, name=f"{folder}/{name}-{view.width}.png", data=data)
        for name, data in pictures.items()
    }
