"""The queue's side: a message wakes a worker, which takes whatever run is next; its life begins and ends tidily."""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from celery.signals import worker_process_init, worker_process_shutdown, worker_ready, worker_shutting_down
from django.db import DatabaseError, close_old_connections, connection

from studio.config.celery import app, consumes
from studio.config.topology import RUNS
from studio.processes.parent_death import die_with_parent
from studio.runs import worker
from studio.runs import worker_presence as alive
from studio.runs.services import TASK, release_runs, rescue_runs

ROUND = 5.0  # seconds between looks for runs that a dead worker or a lost message left behind

logger = logging.getLogger(__name__)


def run(run_id: str) -> None:
    """`run_id`: whose message this is. Teams take turns, so it need not be the run that is next."""
    worker.work()


def join(**kwargs: Any) -> None:
    """A process of the pool begins: it must not outlive its parent, and should be ready when the first run comes."""
    die_with_parent()
    if consumes(RUNS):
        threading.Thread(target=worker.warm_up, daemon=True).start()


def leave(**kwargs: Any) -> None:
    worker.close()


def make_rounds(sender: Any, **kwargs: Any) -> None:
    """The worker is ready: from now on it looks after what others left behind. `/health` counts workers of runs."""
    if not consumes(RUNS):
        return
    alive.beat(_name())
    sender.timer.call_repeatedly(alive.EVERY, alive.beat, (_name(),))
    look()
    sender.timer.call_repeatedly(ROUND, look)


def hand_back(**kwargs: Any) -> None:
    """The worker was asked to stop: its runs go back to the queue, and its processes notice within a heartbeat.

    In a thread, for a signal handler may have interrupted a query of this one.
    """
    threading.Thread(target=release).start()


def release() -> None:
    release_runs(workers=worker.workers_of(os.getpid()))
    connection.close()
    alive.forget(_name())


def look() -> None:
    close_old_connections()
    try:
        rescue_runs()
    except DatabaseError as error:
        logger.warning("looking for lost runs failed: %s", error)


def _name() -> str:
    return worker.workers_of(os.getpid()).rstrip(":")


app.task(name=TASK)(run)
worker_process_init.connect(join)
worker_process_shutdown.connect(leave)
worker_ready.connect(make_rounds)
worker_shutting_down.connect(hand_back)
