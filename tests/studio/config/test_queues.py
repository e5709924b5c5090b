"""Runs, deliveries and exports have queues of their own, and `serve` a process for each."""

from __future__ import annotations

import pytest

from studio.config.celery import app, consumes
from studio.config.topology import DELIVERIES, EXPORTS, KINDS, RUNS, queue_name, queues
from studio.export.services import TASK as EXPORT
from studio.processes.serve import list_worker_children, worker_command
from studio.runs.services import TASK as RUN
from studio.webhooks.services import TASK as DELIVER


@pytest.mark.parametrize(
    ("task", "queue"),
    [(RUN, "likeness"), (DELIVER, "likeness-deliveries"), (EXPORT, "likeness-exports")],
)
def test_each_kind_of_message_goes_to_its_queue(task: str, queue: str) -> None:
    assert app.amqp.router.route({}, task)["queue"].name == queue


def test_a_worker_that_was_started_by_hand_without_a_queue_takes_all() -> None:
    """As those that were started before there were three."""
    assert set(app.amqp.queues.consume_from) == set(queues("likeness"))
    assert all(consumes(kind) for kind in (RUNS, DELIVERIES, EXPORTS))


def test_serve_has_a_process_for_each() -> None:
    names = [child.name for child in list_worker_children(KINDS)]
    assert names == ["worker", "delivery worker", "export worker"]
    for kind in KINDS:
        command = worker_command(kind)
        assert command[command.index("--queues") + 1] == queue_name("likeness", kind)
