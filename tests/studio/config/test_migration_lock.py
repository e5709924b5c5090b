"""Machines that start at once migrate one after the other."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

from studio.config.topology import make_databases
from studio.processes.serve import MIGRATION_LOCK, hold_migration_lock
from tests.processes import ROOT

URL = "postgres://postgres@127.0.0.1/postgres"


@pytest.fixture
def postgresql(django_db_blocker: Any) -> Iterator[Any]:
    """Django's connection to the PostgreSQL of this machine."""
    try:
        socket.create_connection(("127.0.0.1", 5432), timeout=1).close()
    except OSError:
        pytest.skip("no PostgreSQL on 127.0.0.1's usual port")
    database = ConnectionHandler(make_databases(URL, ROOT))["default"]
    with django_db_blocker.unblock():
        yield database
        database.close()


def may_lock() -> bool:
    """Return True if another machine would get the lock now."""
    with psycopg.connect(URL, autocommit=True) as other:
        row = other.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATION_LOCK]).fetchone()
        return bool(row and row[0])


def test_another_machine_waits_until_the_first_has_migrated(postgresql: Any) -> None:
    with hold_migration_lock(postgresql):
        assert not may_lock()
    assert may_lock()


def test_a_machine_that_fails_leaves_it_to_the_next(postgresql: Any) -> None:
    with pytest.raises(ValueError), hold_migration_lock(postgresql):
        raise ValueError("a migration failed")
    assert may_lock()


@pytest.mark.django_db
def test_sqlite_needs_none(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0), hold_migration_lock(connection):
        pass
