"""The queue's side of exports: a message names one, a heart beats while it is under way, the rounds
find lost ones.
"""

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
from studio.config.topology import EXPORTS
from studio.config.vault import VaultError
from studio.export import services
from studio.export.git import GitError
from studio.export.models import Export
from studio.pipeline.stacks import StackError
from studio.runs import events, worker_presence

ROUND = 10.0
BEAT = 2.0

logger = logging.getLogger(__name__)


def export(export_id: str) -> None:
    """Carry it out in this process; returns at once when it is not waiting."""
    worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    found = services.claim_export(export_id=uuid.UUID(export_id), worker=worker)
    if found is None:
        return
    done = threading.Event()
    heart = threading.Thread(target=_renew_claim, args=(found.pk, worker, done), daemon=True)
    heart.start()
    try:
        _run_export(found, worker)
    finally:
        done.set()
        heart.join()


def _run_export(found: Export, worker: str) -> None:
    from studio.export.steps import Job, Lost

    def keep(**values: Any) -> bool:
        return services.keep_export(export_id=found.pk, worker=worker, **values)

    def tell(data: dict[str, Any]) -> None:
        events.publish_event(found.run_id, "export", data)

    try:
        state = Job(found, keep, tell).carry_out()
        services.end_export(export=found, worker=worker, state=state)
    except Lost:
        logger.info("export %s: cancelled, or another worker's", found.pk)
    except (GitError, StackError, VaultError) as error:
        services.end_export(
            export=found, worker=worker, state=Export.State.FAILED, message=str(error)
        )
    except Exception as error:
        # The trace could hold what was sent; its kind and place are enough to find it.
        logger.error("export %s failed in %s: %s", found.pk, found.step, type(error).__name__)
        message = "Something in the studio broke; its log says what."
        services.end_export(export=found, worker=worker, state=Export.State.FAILED, message=message)


def _renew_claim(export_id: uuid.UUID, worker: str, done: threading.Event) -> None:
    try:
        while not done.wait(BEAT):
            with contextlib.suppress(DatabaseError):  # the next beat may get through
                services.keep_export(export_id=export_id, worker=worker)
    finally:
        connection.close()


def make_rounds(sender: Any, **kwargs: Any) -> None:
    """Look for lost exports, in the worker that exports."""
    if consumes(EXPORTS):
        worker_presence.keep_announcing(sender, EXPORTS)
        sender.timer.call_repeatedly(ROUND, look)


def look() -> None:
    close_old_connections()
    try:
        services.rescue_exports()
    except DatabaseError as error:
        logger.warning("looking for lost exports failed: %s", error)


app.task(name=services.TASK)(export)
worker_ready.connect(make_rounds)
