"""The daily removal of what was deleted a month ago, by whichever worker of exports is first.

All machines ask Redis for the day's turn, so there is no scheduler that has to run somewhere and
only once. `manage.py purge` does the same by hand.
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
ASK_EVERY = 600.0  # seconds between two questions for the day's turn
TURN = 23 * 3600  # seconds; less than a day, so that the hour of the day does not drift far
KEY = "purged"

logger = logging.getLogger(__name__)


def keep_asking(sender: Any) -> None:
    """Ask for the day's turn now and from now on; `sender`: Celery's worker."""
    ask_for_turn()
    sender.timer.call_repeatedly(ASK_EVERY, ask_for_turn)


def ask_for_turn() -> None:
    """Queue the purge if it is due and no other worker has taken this day's turn."""
    try:
        taken = events.get_connection().set(KEY, _get_name(), nx=True, ex=TURN)
        if taken:
            app.send_task(TASK)
    except (redis.RedisError, OSError) as error:
        logger.warning("The daily purge was not queued (%s)", type(error).__name__)


def purge_daily() -> None:
    """Purge; after a failure the turn is free again."""
    try:
        call_command("purge")
        call_command("clearsessions")
    except Exception:
        logger.exception("The daily purge failed; it is tried again")
        events.get_connection().delete(KEY)


def _get_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
