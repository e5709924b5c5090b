"""A run's life in the database: who may change it, and when."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from studio.pipeline.bundle_zip import read_bundle
from studio.runs import services
from studio.runs.models import Attempt, Run
from studio.runs.services import (
    cancel_run,
    claim_run,
    fail_run,
    finish_run,
    keep_claim,
    record_attempt,
    release_runs,
    rescue_runs,
)
from tests.studio.runs.making import BEN, attempt, claimed_run, queued_run

pytestmark = pytest.mark.django_db
CLEO = "cleo:2:bb"  # another worker


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def age(run: Run, **ages: timedelta) -> None:
    Run.objects.filter(pk=run.pk).update(**{name: timezone.now() - by for name, by in ages.items()})


class TestStart:
    def test_it_takes_the_budget_from_the_settings(self, settings: object) -> None:
        run = queued_run(prompt="Use a grid", rounds=1)
        assert (run.state, run.prompt, run.rounds) == ("queued", "Use a grid", 1)
        assert (run.seconds, run.tokens, run.target) == (300.0, 100_000, 0.98)

    def test_a_queue_that_is_away_leaves_the_run_waiting(
        self, django_capture_on_commit_callbacks: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*args: object, **kwargs: object) -> None:
            raise OperationalError("nobody listens there")

        monkeypatch.setattr("studio.runs.services.app.send_task", away)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            run = queued_run()
        assert fresh(run).state == "queued"
        assert fresh(run).sent_at is None

    def test_nothing_is_sent_before_the_row_is_there_for_good(
        self, django_capture_on_commit_callbacks: object
    ) -> None:
        with django_capture_on_commit_callbacks() as sent:  # type: ignore[operator]
            run = queued_run()
            assert fresh(run).sent_at is not None
        assert len(sent) == 1


class TestClaim:
    def test_the_first_gets_the_run(self) -> None:
        run = claim_run(run_id=queued_run().pk, worker=BEN)
        assert run is not None
        assert (run.state, run.claimed_by, run.claims) == ("running", BEN, 1)
        assert run.started_at is not None

    def test_the_second_gets_nothing(self) -> None:
        run = claimed_run()
        assert claim_run(run_id=run.pk, worker=CLEO) is None
        assert fresh(run).claimed_by == BEN

    def test_nobody_gets_what_is_over_or_never_was(self) -> None:
        run = queued_run()
        cancel_run(run_id=run.pk)
        assert claim_run(run_id=run.pk, worker=BEN) is None
        assert claim_run(run_id=uuid.uuid4(), worker=BEN) is None

    def test_only_the_owner_keeps_the_claim(self) -> None:
        run = claimed_run()
        assert keep_claim(run_id=run.pk, worker=BEN)
        assert not keep_claim(run_id=run.pk, worker=CLEO)


class TestRecordAttempt:
    def test_it_keeps_code_pictures_and_account(self) -> None:
        run = claimed_run()
        made = attempt()
        row = record_attempt(run_id=run.pk, worker=BEN, attempt=made)
        assert row is not None
        row.refresh_from_db()
        assert (row.number, row.source, row.accepted, row.likeness) == (0, "draft", True, 0.9)
        assert (row.width, row.height) == (40, 30)
        assert row.parts == {"text": 0.97, "position": 0.8}
        assert row.differences[0]["words"] == "'Sign in' 14 px too low"
        assert row.differences[0]["box"] == [1, 2, 3, 4]
        assert read_bundle(row.bundle.read()) == made.bundle
        assert made.render is not None
        assert row.render.read() == made.render.png

    def test_one_that_could_not_be_rendered_keeps_its_reason(self) -> None:
        row = record_attempt(
            run_id=claimed_run().pk, worker=BEN, attempt=attempt(likeness=None, accepted=False)
        )
        assert row is not None
        assert (row.likeness, row.error, row.render.name) == (None, "The page hung.", "")

    @pytest.mark.parametrize("worker", [CLEO, ""])
    def test_a_worker_that_lost_the_run_writes_nothing(self, worker: str) -> None:
        run = claimed_run()
        assert record_attempt(run_id=run.pk, worker=worker, attempt=attempt()) is None
        assert Attempt.objects.count() == 0

    def test_a_number_is_given_once(self) -> None:
        run = claimed_run()
        record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
        with pytest.raises(IntegrityError), transaction.atomic():
            record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())


class TestCancel:
    def test_a_waiting_run_ends_at_once(self) -> None:
        run = queued_run()
        assert cancel_run(run_id=run.pk)
        assert fresh(run).state == "cancelled"
        assert fresh(run).finished_at is not None

    def test_a_running_one_keeps_its_attempts_and_gets_no_more(self) -> None:
        run = claimed_run()
        record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
        assert cancel_run(run_id=run.pk)
        assert not keep_claim(run_id=run.pk, worker=BEN)
        assert record_attempt(run_id=run.pk, worker=BEN, attempt=attempt(1)) is None
        assert [a.number for a in fresh(run).attempts.all()] == [0]

    def test_what_is_over_stays_as_it_is(self) -> None:
        run = claimed_run()
        finish_run(run_id=run.pk, worker=BEN, stop_reason="good enough", message="", report={})
        assert not cancel_run(run_id=run.pk)
        assert fresh(run).state == "finished"


class TestEnd:
    def test_the_owner_finishes_it_with_a_report(self) -> None:
        run = claimed_run()
        assert finish_run(
            run_id=run.pk, worker=BEN, stop_reason="no model", message="", report={"best": 0}
        )
        assert (fresh(run).state, fresh(run).stop_reason, fresh(run).report) == (
            "finished",
            "no model",
            {"best": 0},
        )

    def test_nobody_else_does(self) -> None:
        run = claimed_run()
        assert not finish_run(
            run_id=run.pk, worker=CLEO, stop_reason="no model", message="", report={}
        )
        assert not fail_run(run_id=run.pk, worker=CLEO, message="no")
        assert fresh(run).state == "running"


class TestRelease:
    def test_a_stopped_workers_runs_wait_again_and_it_is_not_held_against_them(self) -> None:
        mine, other = claimed_run("host:7:1:aa"), claimed_run("host:77:1:aa")
        record_attempt(run_id=mine.pk, worker="host:7:1:aa", attempt=attempt())
        assert release_runs(workers="host:7:") == 1
        assert (fresh(mine).state, fresh(mine).claims, fresh(mine).attempts.count()) == (
            "queued",
            0,
            0,
        )
        assert fresh(mine).sent_at is None  # whoever looks next sends it
        assert fresh(other).state == "running"


class TestRescue:
    def test_a_dead_workers_run_is_queued_from_its_start(self) -> None:
        run = claimed_run()
        record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
        age(run, heartbeat=services.STALE + timedelta(seconds=1))
        assert rescue_runs() == 1
        assert fresh(run).state == "queued"
        assert fresh(run).attempts.count() == 0
        assert not keep_claim(run_id=run.pk, worker=BEN)
        assert claim_run(run_id=run.pk, worker=CLEO) is not None

    def test_a_living_workers_run_is_left_alone(self) -> None:
        run = claimed_run()
        assert rescue_runs() == 0
        assert fresh(run).claimed_by == BEN

    def test_a_run_that_kills_every_worker_is_given_up(self) -> None:
        run = claimed_run()
        age(run, heartbeat=services.STALE + timedelta(seconds=1))
        Run.objects.filter(pk=run.pk).update(claims=services.MOST_CLAIMS)
        assert rescue_runs() == 0
        assert fresh(run).state == "failed"
        assert "died 3 times" in fresh(run).message

    def test_what_the_queue_lost_is_sent_again_but_not_at_once(self) -> None:
        lost, waiting = queued_run(), queued_run()
        age(lost, sent_at=services.UNHEARD + timedelta(seconds=1))
        assert rescue_runs() == 1
        assert fresh(waiting).state == "queued"
