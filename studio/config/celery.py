"""The Celery application. Messages contain only ids; `topology` routes them to queues."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import task_prerun

from studio.config.topology import queue_name

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")
app = Celery("studio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def start_links_with_base_path(**details: Any) -> None:
    """Make `reverse` add BASE_PATH in a worker's threads: Django keeps the path of links by thread."""
    from django.conf import settings
    from django.urls import set_script_prefix

    set_script_prefix(settings.FORCE_SCRIPT_NAME or "/")


task_prerun.connect(start_links_with_base_path)


def consumes(kind: str) -> bool:
    """Return True if this worker takes messages of that kind; without `-Q` it takes all."""
    return queue_name(app.conf.task_default_queue, kind) in app.amqp.queues.consume_from
