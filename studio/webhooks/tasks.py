"""Celery tasks of webhooks: deliver one, and periodically send messages for due ones."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from celery.signals import worker_ready
from django.db import DatabaseError, close_old_connections

from studio.config.celery import app, consumes
from studio.config.topology import DELIVERIES
from studio.runs import worker_presence
from studio.webhooks import services

ROUND = 10.0  # seconds

logger = logging.getLogger(__name__)


def deliver(delivery_id: str) -> None:
    services.deliver(delivery_id=uuid.UUID(delivery_id))


def make_rounds(sender: Any, **kwargs: Any) -> None:
    """Start periodic checks, in the worker that delivers."""
    if consumes(DELIVERIES):
        worker_presence.keep_announcing(sender, DELIVERIES)
        sender.timer.call_repeatedly(ROUND, look)


def look() -> None:
    """Send messages only: receivers are slow, and this thread also sends heartbeats."""
    close_old_connections()
    try:
        services.ring_due()
        services.forget_old()
    except DatabaseError as error:
        logger.warning("looking for webhooks that are due failed: %s", error)


app.task(name=services.TASK)(deliver)
worker_ready.connect(make_rounds)
