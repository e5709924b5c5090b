"""The Celery task of jobs. They share the workers of runs and have a queue of their own."""

from __future__ import annotations

from studio.config.celery import app
from studio.jobs.services import TASK
from studio.jobs.turns import claim_next_job
from studio.jobs.work import carry_out

# After which Celery ends the process: an expression or parser that never returns holds it else.
MOST_SECONDS = 300


def work(job: str) -> None:
    """Carry out the next job in this process; teams take turns, so it may be another than `job`.

    A message that comes again, because its worker was lost, may find no other job waiting: then its
    own is carried out unless it has a result.
    """
    carry_out(claim_next_job() or job)


app.task(name=TASK, time_limit=MOST_SECONDS)(work)
