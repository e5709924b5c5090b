"""A worker process that no longer answers is ended, so its run's hostile page costs that process
and no more.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.runs import tasks, worker
from studio.runs.models import Run
from tests.studio.runs.making import queued_run

pytestmark = pytest.mark.django_db


def claimed(by: int, seconds: float) -> Run:
    """A run that this pool's process claimed, and was last heard of some seconds ago."""
    run = queued_run()
    name = f"{worker.get_worker_prefix(os.getpid())}{by}:abcdef01"
    heard = timezone.now() - timedelta(seconds=seconds)
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING, claimed_by=name, heartbeat=heard)
    return run


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    """A child that does not end by itself."""
    child = subprocess.Popen(["sleep", "1000"])
    yield child
    child.kill()
    child.wait()


def test_a_process_without_a_heartbeat_is_ended(process: subprocess.Popen[bytes]) -> None:
    claimed(process.pid, 60)
    tasks.kill_stuck()
    assert process.wait(20) == -9


def test_one_that_was_just_heard_of_is_left_alone(process: subprocess.Popen[bytes]) -> None:
    claimed(process.pid, 1)
    tasks.kill_stuck()
    assert process.poll() is None


def test_a_process_that_is_no_child_of_the_pool_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    killed: list[int] = []
    monkeypatch.setattr(os, "kill", lambda process, signal: killed.append(process))
    claimed(1, 60)
    tasks.kill_stuck()
    assert killed == []


def test_the_process_is_in_the_workers_name() -> None:
    assert worker.parse_process_id("host.example:17:42:abcdef01") == 42
