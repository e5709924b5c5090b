"""Signal handlers of a pool of workers: start, periodic checks and shutdown.

The task itself, which takes the next run, is `worker.process_next_run`.
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

from studio.config.celery import consumes
from studio.config.topology import RUNS
from studio.processes.parent_death import die_with_parent
from studio.runs import worker, worker_presence
from studio.runs.services import list_stuck_workers, release_runs, rescue_runs

ROUND = 5.0  # seconds between checks for runs of dead workers and lost messages

logger = logging.getLogger(__name__)


def join(**kwargs: Any) -> None:
    """Prepare a new pool process: it ends with its parent and loads what the first run needs."""
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
    """Requeue this worker's runs when it is asked to stop; its processes notice by the heartbeat.

    In a thread, because the signal handler may have interrupted a query of this thread.
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
    """Kill this pool's processes that no longer answer; their runs were requeued or failed.

    A regular expression or a C parser that never returns holds the interpreter's lock, and so the
    heartbeat thread as well. Nothing inside the process can end that.
    """
    for name in list_stuck_workers(workers=worker.get_worker_prefix(os.getpid())):
        process = worker.parse_process_id(name)
        if _is_child(process):
            logger.warning("ending a worker process that no longer answers (%s)", name)
            os.kill(process, signal.SIGKILL)


def _is_child(process: int) -> bool:
    """Return True if the process belongs to this pool and its number was not reused."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return int(fields[1]) == os.getpid()


worker_process_init.connect(join)
worker_process_shutdown.connect(leave)
worker_ready.connect(make_rounds)
worker_shutting_down.connect(release_own_runs)
