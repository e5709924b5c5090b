"""Celery tasks of exports: run one, keep its claim alive, and find lost ones."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import uuid
from typing import Any

from celery.signals import worker_ready
from django.db import DatabaseError, close_old_connections, connection

from studio.config.celery import app, consumes
from studio.config.logging import run_in_log
from studio.config.topology import EXPORTS
from studio.config.vault import VaultError
from studio.export import daily_purge, services
from studio.export.git import GitError
from studio.export.models import Export
from studio.pipeline.stacks.kinds import StackError
from studio.runs import events, worker_presence
from studio.runs.traces import WorkSpans, trace_work

ROUND = 10.0  # seconds between checks for lost exports
BEAT = 2.0  # seconds between heartbeats

logger = logging.getLogger(__name__)


def export(export_id: str) -> None:
    """Run the export in this process; return at once if it is not waiting."""
    worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    claimed = services.claim_export(export_id=uuid.UUID(export_id), worker=worker)
    if claimed is None:
        return
    done = threading.Event()
    heart = threading.Thread(target=_renew_claim, args=(claimed.pk, worker, done), daemon=True)
    heart.start()
    work = trace_work("export", claimed.run_id, claim=claimed.claims, kind=claimed.repository.kind)
    try:
        with run_in_log(claimed.run_id), work as spans:
            _run_export(claimed, worker, spans)
    finally:
        done.set()
        heart.join()


def _run_export(export: Export, worker: str, spans: WorkSpans) -> None:
    from studio.export.steps import Job, Lost

    def keep(**values: Any) -> bool:
        return services.keep_export(export_id=export.pk, worker=worker, **values)

    def tell(data: dict[str, Any]) -> None:
        events.publish_event(export.run_id, "export", data)

    try:
        state = Job(export, keep, tell, spans.record_step).carry_out()
        spans.note_facts(state=state)
        services.end_export(export=export, worker=worker, state=state)
    except Lost:
        spans.note_facts(state="lost")
        logger.info("export %s: cancelled, or claimed by another worker", export.pk)
    except (GitError, StackError, VaultError) as error:
        _note_failure(spans, error)
        services.end_export(
            export=export, worker=worker, state=Export.State.FAILED, message=str(error)
        )
    except Exception as error:
        # A traceback could contain what was sent; kind and step are enough.
        _note_failure(spans, error)
        logger.error("export %s failed in %s: %s", export.pk, export.step, type(error).__name__)
        message = "An internal error stopped this export; see the studio's log."
        services.end_export(
            export=export, worker=worker, state=Export.State.FAILED, message=message
        )


def _note_failure(spans: WorkSpans, error: Exception) -> None:
    spans.note_facts(state=Export.State.FAILED.value)
    spans.note_failure(error)


def _renew_claim(export_id: uuid.UUID, worker: str, done: threading.Event) -> None:
    try:
        while not done.wait(BEAT):
            with contextlib.suppress(DatabaseError):  # the next heartbeat may succeed
                services.keep_export(export_id=export_id, worker=worker)
    finally:
        connection.close()


def make_rounds(sender: Any, **kwargs: Any) -> None:
    """Start periodic checks for lost exports, in the worker that exports."""
    if consumes(EXPORTS):
        worker_presence.keep_announcing(sender, EXPORTS)
        sender.timer.call_repeatedly(ROUND, look)
        daily_purge.schedule_purge(sender)


def look() -> None:
    close_old_connections()
    try:
        services.rescue_exports()
    except DatabaseError as error:
        logger.warning("looking for lost exports failed: %s", error)


app.task(name=services.TASK)(export)
app.task(name=daily_purge.TASK)(daily_purge.purge_daily)
worker_ready.connect(make_rounds)
