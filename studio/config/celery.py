"""The Celery application. Messages contain only ids; `topology` routes them to queues."""

from __future__ import annotations

import os

from celery import Celery

from studio.config.topology import queue_name

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")
app = Celery("studio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def consumes(kind: str) -> bool:
    """Return True if this worker takes messages of that kind; without `-Q` it takes all."""
    return queue_name(app.conf.task_default_queue, kind) in app.amqp.queues.consume_from
