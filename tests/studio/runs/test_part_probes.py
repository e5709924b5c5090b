"""A part answers, or its probe raises what its client does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from django.core.files.storage import default_storage
from django.db import OperationalError, connection

from studio.config.health import check_parts
from studio.runs import events, part_probes


@pytest.mark.django_db
@pytest.mark.usefixtures("valkey")
def test_parts_that_are_there_answer() -> None:
    part_probes.ask_database()
    part_probes.ask_redis()
    part_probes.ask_storage()


@pytest.mark.django_db
def test_a_connection_that_was_kept_says_nothing_of_a_database_that_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @contextmanager
    def lose_connection(*args: Any) -> Iterator[None]:
        raise OperationalError("server closed the connection")
        yield

    connection.ensure_connection()
    monkeypatch.setattr(connection, "cursor", lose_connection)
    with pytest.raises(OperationalError):
        part_probes.ask_database()
    assert check_parts()["database"] == "OperationalError"


def test_a_redis_that_is_away_is_told_by_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> redis.Redis:
        raise redis.ConnectionError("away")

    monkeypatch.setattr(events, "get_connection", refuse)
    with pytest.raises(redis.ConnectionError):
        part_probes.ask_redis()


def test_a_storage_that_is_away_is_told_by_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> bool:
        raise OSError(f"cannot look for {name}")

    monkeypatch.setattr(default_storage, "exists", refuse)
    with pytest.raises(OSError, match="cannot look for"):
        part_probes.ask_storage()
