"""The Celery task of jobs. They share the workers and the queue of runs."""

from __future__ import annotations

from studio.config.celery import app
from studio.jobs.services import TASK
from studio.jobs.work import carry_out

# After which Celery ends the process: an expression or parser that never returns holds it else.
MOST_SECONDS = 300


def work(job: str) -> None:
    """Carry out one job in this process."""
    carry_out(job)


app.task(name=TASK, time_limit=MOST_SECONDS)(work)
