"""A run's message wakes a worker, which takes whichever run is next."""

from __future__ import annotations

import pytest

from studio.config.celery import app
from studio.runs import worker
from studio.runs.models import Run
from studio.runs.services import TASK


def test_a_message_makes_the_worker_claim_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def claim_nothing(*, worker: str) -> Run | None:
        asked.append(worker)
        return None

    monkeypatch.setattr(worker, "claim_next", claim_nothing)
    app.loader.import_default_modules()
    app.tasks[TASK]("the id of a run that another worker has taken meanwhile")
    assert len(asked) == 1
