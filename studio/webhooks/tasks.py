"""The queue's side: a message delivers one, and a round looks for those that are due."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from celery.signals import worker_ready
from django.db import DatabaseError, close_old_connections

from studio.config.celery import app
from studio.webhooks import services

ROUND = 10.0  # seconds
ROUNDS = "studio.webhooks.round"

logger = logging.getLogger(__name__)


def deliver(delivery_id: str) -> None:
    services.deliver(delivery_id=uuid.UUID(delivery_id))


def deliver_due() -> None:
    services.deliver_due()


def make_rounds(sender: Any, **kwargs: Any) -> None:
    sender.timer.call_repeatedly(ROUND, look)


def look() -> None:
    """Wakes a process of the pool only when something is due: receivers are slow, and this one has a heart to beat."""
    close_old_connections()
    try:
        if services.anything_due():
            app.send_task(ROUNDS)
    except DatabaseError as error:
        logger.warning("looking for webhooks that are due failed: %s", error)
    except Exception as error:
        logger.warning("webhooks wait: the queue does not answer (%s)", type(error).__name__)


app.task(name=services.TASK)(deliver)
app.task(name=ROUNDS)(deliver_due)
worker_ready.connect(make_rounds)
