"""Runs, jobs, deliveries and exports have queues of their own, and `serve` a process for each but jobs."""

from __future__ import annotations

import pytest

from studio.config.celery import app, consumes
from studio.config.topology import DELIVERIES, EXPORTS, KINDS, RUNS, list_worker_queues, queues
from studio.export.services import TASK as EXPORT
from studio.jobs.services import TASK as JOB
from studio.processes.serve import list_worker_children, worker_command
from studio.runs.services import TASK as RUN
from studio.webhooks.services import TASK as DELIVER


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        (RUN, "likeness"),
        (JOB, "likeness-jobs"),
        (DELIVER, "likeness-deliveries"),
        (EXPORT, "likeness-exports"),
    ],
)
def test_each_kind_of_message_goes_to_its_queue(task: str, queue: str) -> None:
    assert app.amqp.router.route({}, task)["queue"].name == queue


def test_a_worker_that_was_started_by_hand_without_a_queue_takes_all() -> None:
    """As those that were started before there were several."""
    assert set(app.amqp.queues.consume_from) == set(queues("likeness"))
    assert all(consumes(kind) for kind in (RUNS, DELIVERIES, EXPORTS))


def test_serve_has_a_process_for_each() -> None:
    names = [child.name for child in list_worker_children(KINDS)]
    assert names == ["worker", "delivery worker", "export worker", "writer"]
    for kind in KINDS:
        command = worker_command(kind)
        queues = command[command.index("--queues") + 1].split(",")
        assert queues == list_worker_queues("likeness", kind)


def test_workers_of_runs_take_jobs_as_well() -> None:
    assert list_worker_queues("likeness", RUNS) == ["likeness", "likeness-jobs"]
    assert list_worker_queues("likeness", EXPORTS) == ["likeness-exports"]
