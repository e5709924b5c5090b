"""Daily removal of runs and projects that were deleted a month ago.

Every export worker tries to set one Redis key that expires after a day; the worker that sets it queues
the purge. So no single scheduler process is needed. `manage.py purge` does the same by hand.
"""

from __future__ import annotations

import logging
import os
import socket
from typing import Any

import redis
from django.core.management import call_command

from studio.config.celery import app
from studio.runs import events

TASK = "studio.export.purge_daily"
CHECK_EVERY = 600.0  # seconds between two attempts to set the key
KEY_SECONDS = 23 * 3600  # less than a day, so that the hour of the day does not drift far
KEY = "purged"

logger = logging.getLogger(__name__)


def schedule_purge(sender: Any) -> None:
    """Queue the purge whenever it is due, from now on; `sender`: Celery's worker."""
    queue_if_due()
    sender.timer.call_repeatedly(CHECK_EVERY, queue_if_due)


def queue_if_due() -> None:
    """Queue the purge if no worker has queued one within the last day."""
    try:
        taken = events.get_connection().set(KEY, _get_name(), nx=True, ex=KEY_SECONDS)
        if taken:
            app.send_task(TASK)
    except (redis.RedisError, OSError) as error:
        logger.warning("The daily purge was not queued (%s)", type(error).__name__)


def purge_daily() -> None:
    """Purge; after a failure delete the key, so that it is queued again."""
    try:
        call_command("purge")
        call_command("clearsessions")
    except Exception:
        logger.exception("The daily purge failed; it is tried again")
        events.get_connection().delete(KEY)


def _get_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
