"""Ask the parts that the studio is made of whether they answer.

Each function raises whatever the part's client does where it cannot be reached.
"""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import connection

from studio.config.celery import app
from studio.runs import events

QUEUE_PATIENCE = 2  # seconds for one connection to the broker
PROBE = "health"  # a file's name; whether there is such a file does not matter


def ask_database() -> None:
    """Ask for a value, because a connection that was kept says nothing of the server."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_redis() -> None:
    events.get_connection().ping()


def ask_queue() -> None:
    """Connect to the broker."""
    with app.connection_for_write() as queue:
        queue.ensure_connection(max_retries=1, timeout=QUEUE_PATIENCE)


def ask_storage() -> None:
    default_storage.exists(PROBE)
