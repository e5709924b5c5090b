"""The queue's application. Messages carry ids and nothing else; `topology` says which queue each
goes to.
"""

from __future__ import annotations

import os

from celery import Celery

from studio.config.topology import queue_name

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")
app = Celery("studio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def consumes(kind: str) -> bool:
    """Say whether this worker takes messages of that kind; one that was started without `-Q` takes
    all.
    """
    return queue_name(app.conf.task_default_queue, kind) in app.amqp.queues.consume_from
