"""The queue's side: a message wakes a worker, which takes whatever run is next; its life begins and
ends tidily.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path
from typing import Any

from celery.signals import (
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutting_down,
)
from django.db import DatabaseError, close_old_connections, connection

from studio.config.celery import app, consumes
from studio.config.topology import RUNS
from studio.processes.parent_death import die_with_parent
from studio.runs import worker, worker_presence
from studio.runs.services import TASK, release_runs, rescue_runs, stuck_workers

ROUND = 5.0  # seconds between looks for runs that a dead worker or a lost message left behind

logger = logging.getLogger(__name__)


def run(run_id: str) -> None:
    """`run_id`: whose message this is. Teams take turns, so it need not be the run that is next."""
    worker.process_next_run()


def join(**kwargs: Any) -> None:
    """A process of the pool begins: it must not outlive its parent, and should be ready when the
    first run comes.
    """
    die_with_parent()
    if consumes(RUNS):
        threading.Thread(target=worker.warm_up, daemon=True).start()


def leave(**kwargs: Any) -> None:
    worker.close()


def make_rounds(sender: Any, **kwargs: Any) -> None:
    """The worker is ready: from now on it looks after what others left behind."""
    if not consumes(RUNS):
        return
    worker_presence.keep_announcing(sender, RUNS)
    look()
    sender.timer.call_repeatedly(ROUND, look)


def release_own_runs(**kwargs: Any) -> None:
    """The worker was asked to stop: its runs go back to the queue, and its processes notice within
    a heartbeat.

    In a thread, for a signal handler may have interrupted a query of this one.
    """
    threading.Thread(target=release).start()


def release() -> None:
    release_runs(workers=worker.get_worker_prefix(os.getpid()))
    connection.close()
    worker_presence.forget_worker(RUNS)


def look() -> None:
    close_old_connections()
    try:
        kill_stuck()
        rescue_runs()
    except DatabaseError as error:
        logger.warning("looking for lost runs failed: %s", error)


def kill_stuck() -> None:
    """End the processes of this pool that no longer answer: their run is given up, and they would
    burn on.

    A regular expression or a parser in C that does not come back holds the interpreter's lock, and
    with it the thread that beats for the run; nothing inside the process can end that.
    """
    for name in stuck_workers(workers=worker.get_worker_prefix(os.getpid())):
        process = worker.process_of(name)
        if _is_child(process):
            logger.warning("ending a worker process that no longer answers (%s)", name)
            os.kill(process, signal.SIGKILL)


def _is_child(process: int) -> bool:
    """Whether the process is one of this pool's, and no other that got its number since."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return int(fields[1]) == os.getpid()


app.task(name=TASK)(run)
worker_process_init.connect(join)
worker_process_shutdown.connect(leave)
worker_ready.connect(make_rounds)
worker_shutting_down.connect(release_own_runs)
