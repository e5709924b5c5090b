"""A limit on how long database queries may take, for searches that people type."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

CHECK_EVERY = (
    1_000  # SQLite's virtual machine instructions between looks at the clock: below 0.1 ms
)


class QueryTimeout(Exception):
    """A query took longer than it may."""


@contextmanager
def limit_queries(seconds: float) -> Iterator[None]:
    """Stop the queries of this block after `seconds`; raises QueryTimeout.

    PostgreSQL limits each statement, SQLite the whole block.
    """
    limit = _limit_statements if connection.vendor == "postgresql" else _limit_block
    with limit(seconds):
        yield


@contextmanager
def _limit_statements(seconds: float) -> Iterator[None]:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Until the transaction ends: a connection goes back to others without it.
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))]
                )
            yield
    except OperationalError as error:
        if type(error.__cause__).__name__ == "QueryCanceled":
            raise QueryTimeout from None
        raise


@contextmanager
def _limit_block(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    raw = connection.connection
    deadline = time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > deadline, CHECK_EVERY)
    try:
        yield
    except OperationalError as error:
        if "interrupted" in str(error):
            raise QueryTimeout from None
        raise
    finally:
        raw.set_progress_handler(None, 0)
