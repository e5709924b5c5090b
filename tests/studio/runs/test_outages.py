"""A part that cannot be reached costs a run time, never the run."""

from __future__ import annotations

import threading
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError
from django.db import InterfaceError, OperationalError

from studio.runs import claim_heartbeat, outages, part_probes, worker
from studio.runs.claim_heartbeat import ClaimHeartbeat
from studio.runs.traces import WorkSpans
from tests.studio.runs.making import BEN, claimed_run, queued_run

AWAY = [
    (OperationalError("server closed the connection"), "the database"),
    (InterfaceError("the connection is closed"), "the database"),
    (redis.ConnectionError("refused"), "Redis"),
    (redis.TimeoutError("no answer"), "Redis"),
    (EndpointConnectionError(endpoint_url="http://s3"), "the storage"),
    (ConnectTimeoutError(endpoint_url="http://s3"), "the storage"),
    (outages.CutOff(), "the network"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "part"), AWAY)
def test_the_run_waits_again_and_it_is_not_held_against_it(
    error: Exception, part: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any) -> None:
        raise error

    run = claimed_run(worker=BEN)
    monkeypatch.setattr(worker, "_run_loop", fail)
    monkeypatch.setattr(worker.connection, "close", lambda: None)  # it holds the test's transaction
    monkeypatch.setattr(outages, "wait_for_parts", lambda: True)
    worker._carry_out_run(run, BEN, WorkSpans(None, None))
    run.refresh_from_db()
    assert (run.state, run.claims, run.claimed_by) == ("queued", 0, "")
    assert f"{part} is away" in caplog.text


def test_an_answer_that_refuses_is_no_outage() -> None:
    refused = ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject")
    assert outages.name_missing_part(refused) == ""
    assert outages.name_missing_part(ValueError("ours")) == ""


@pytest.mark.django_db
def test_a_run_that_another_worker_has_taken_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lose(*args: Any) -> None:
        raise worker.events.ClaimLost

    run = claimed_run(worker="cleo:2:bb")
    monkeypatch.setattr(worker, "_run_loop", lose)
    worker._carry_out_run(run, BEN, WorkSpans(None, None))
    run.refresh_from_db()
    assert (run.state, run.claimed_by) == ("running", "cleo:2:bb")


class TestHeartbeat:
    def test_it_goes_on_beating_after_the_database_was_away(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers: list[Any] = [OperationalError("away"), OperationalError("away"), True, True]
        done = threading.Event()

        def keep_claim(**names: Any) -> bool:
            if not answers:
                done.set()
                return True
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return bool(answer)

        monkeypatch.setattr(claim_heartbeat, "BEAT", 0.01)
        monkeypatch.setattr(claim_heartbeat, "keep_claim", keep_claim)
        with ClaimHeartbeat(uuid.uuid4(), BEN) as heart:
            assert done.wait(30)
            assert heart.has_missed()
            assert not heart.lost()

    def test_it_ends_when_the_run_is_anothers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(claim_heartbeat, "BEAT", 0.01)
        monkeypatch.setattr(claim_heartbeat, "keep_claim", lambda **names: False)
        heart = ClaimHeartbeat(uuid.uuid4(), BEN)
        with heart:
            heart._thread.join(30)
            assert heart.lost()
            assert not heart.has_missed()


def test_it_waits_until_every_part_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    away = [redis.ConnectionError("away"), redis.TimeoutError("away")]

    def ask_redis() -> None:
        if away:
            raise away.pop()

    monkeypatch.setattr(outages, "PAUSE", 0.0)
    monkeypatch.setattr(part_probes, "ask_database", lambda: None)
    monkeypatch.setattr(part_probes, "ask_redis", ask_redis)
    monkeypatch.setattr(part_probes, "ask_storage", lambda: None)
    assert outages.wait_for_parts()
    assert away == []


def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def stay_away() -> None:
        raise redis.ConnectionError("away")

    monkeypatch.setattr(outages, "PAUSE", 0.0)
    for name in ("ask_database", "ask_storage"):
        monkeypatch.setattr(part_probes, name, lambda: None)
    monkeypatch.setattr(part_probes, "ask_redis", stay_away)
    assert not outages.wait_for_parts(patience=0.0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("valkey")
def test_a_model_that_was_lost_with_the_network_does_not_end_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who is cut off loses the model, too; the draft alone is not what was asked for."""
    result = SimpleNamespace(stop_reason="model failed", message="The model does not answer.")
    monkeypatch.setattr("studio.pipeline.loop.generate.generate", lambda *args, **more: result)
    monkeypatch.setattr(ClaimHeartbeat, "has_missed", lambda heart: True)
    monkeypatch.setattr(outages, "wait_for_parts", lambda: True)
    run = queued_run()
    worker.process_next_run()
    run.refresh_from_db()
    assert (run.state, run.claims) == ("queued", 0)
