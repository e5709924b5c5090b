"""One purge a day for all export workers, with a real Redis."""

from __future__ import annotations

from typing import Any

import pytest

from studio.config.celery import app
from studio.config.topology import EXPORTS, queue_name
from studio.export import daily_purge
from studio.runs import events


@pytest.fixture(autouse=True)
def sent(valkey: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    events.get_connection().delete(daily_purge.KEY)
    names: list[str] = []
    monkeypatch.setattr(app, "send_task", names.append)
    return names


def test_only_the_first_worker_queues_it(sent: list[str]) -> None:
    daily_purge.queue_if_due()
    daily_purge.queue_if_due()
    assert sent == [daily_purge.TASK]
    assert 0 < events.get_connection().ttl(daily_purge.KEY) <= daily_purge.KEY_SECONDS


def test_its_message_goes_to_the_workers_of_exports() -> None:
    queue = app.amqp.router.route({}, daily_purge.TASK)["queue"].name
    assert queue == queue_name("likeness", EXPORTS)
    assert daily_purge.TASK in app.tasks


def test_a_purge_that_fails_is_queued_again(
    sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, **options: Any) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(daily_purge, "call_command", fail)
    daily_purge.queue_if_due()
    daily_purge.purge_daily()
    daily_purge.queue_if_due()
    assert sent == [daily_purge.TASK, daily_purge.TASK]


@pytest.mark.django_db
def test_it_purges_and_clears_sessions() -> None:
    daily_purge.purge_daily()
    assert events.get_connection().get(daily_purge.KEY) is None


def test_a_redis_that_is_away_is_no_error(sent: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ConnectionError

    monkeypatch.setattr(events, "get_connection", fail)
    daily_purge.queue_if_due()
    assert sent == []
