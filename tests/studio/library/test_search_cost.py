"""A search costs in proportion to its words and to what there is, and it ends.

The cost is counted in SQLite's own instructions, so no clock decides.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from studio.library.selectors import MOST_WORDS
from studio.runs.models import Attempt, Run
from studio.timelimit import QueryTimeout, limit_queries
from tests.e2e.conftest import SERVICES, _answers
from tests.processes import ROOT
from tests.studio.runs.making import queued_run

pytestmark = pytest.mark.django_db
LIBRARY = reverse("library:library")
EACH = 1_000  # instructions between two counts
MOST = 20_000  # counts after which a query is stopped: some 20 million instructions


def a_family(size: int) -> Run:
    """A first run whose `size` changes all hold the same words."""
    first = queued_run(prompt="Something else")
    Run.objects.bulk_create(
        Run(
            project=first.project,
            root=first,
            kind="follow-up",
            prompt="red blue green gold grey pink",
            rounds=1,
            seconds=1,
            tokens=1,
            target=1,
        )
        for _ in range(size)
    )
    return first


def cost(client: Client, words: str) -> int:
    """How many thousand instructions the search takes; its page must show the family."""
    counted = 0

    def count() -> bool:
        nonlocal counted
        counted += 1
        return counted > MOST

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, EACH)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("studio.library.selectors.limit_queries", lambda seconds: _no_limit())
            page = client.get(LIBRARY, {"q": words})
    finally:
        connection.connection.set_progress_handler(None, 0)
    assert page.status_code == 200
    assert page.context["found"] == 1
    return counted


class _no_limit:
    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None: ...


def test_six_words_cost_no_more_than_six_times_one(client: Client) -> None:
    a_family(60)
    one, six = cost(client, "red"), cost(client, "red blue green gold grey pink")
    assert six <= 6 * max(one, 1) + 10


def test_a_family_ten_times_as_large_costs_no_more_than_ten_times(client: Client) -> None:
    words = "red blue green gold grey pink"
    a_family(20)
    small = cost(client, words)
    Run.objects.all().delete()
    a_family(200)
    assert cost(client, words) <= 10 * max(small, 1) + 10


def test_the_newest_likeness_is_found_without_reading_all_attempts(client: Client) -> None:
    first = a_family(1)
    attempt = {"number": 0, "source": "draft", "accepted": True, "bundle": "b.zip"}
    Attempt.objects.create(run=first, likeness=0.25, **attempt)
    small = cost(client, "red")
    other = queued_run(prompt="Another")
    Attempt.objects.bulk_create(
        Attempt(run=other, likeness=0.5, **{**attempt, "number": number}) for number in range(5_000)
    )
    assert cost(client, "red") <= 2 * small + 10
    assert "25" in client.get(LIBRARY, {"q": "red"}).content.decode()


def test_words_beyond_the_eighth_are_not_looked_for_and_that_is_said(client: Client) -> None:
    a_family(1)
    page = client.get(LIBRARY, {"q": "red " * MOST_WORDS + "unfound"})
    assert page.context["found"] == 1
    assert "Only the first words were searched; ignored: unfound" in page.content.decode()


def test_a_search_that_takes_too_long_is_stopped_with_a_sentence(
    client: Client, settings: Settings
) -> None:
    a_family(200)
    settings.SEARCH_SECONDS = 0
    page = client.get(LIBRARY, {"q": "red blue green gold grey pink"})
    assert page.status_code == 503
    assert "The search took longer than 0 s and was stopped" in page.content.decode()
    settings.SEARCH_SECONDS = 60
    assert client.get(LIBRARY, {"q": "red"}).status_code == 200  # the connection goes on


def test_only_a_timeout_reads_as_one() -> None:
    with pytest.raises(QueryTimeout), limit_queries(0), connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        )
    with pytest.raises(ZeroDivisionError), limit_queries(60):
        raise ZeroDivisionError


@pytest.mark.skipif(
    not _answers(SERVICES["PostgreSQL"]), reason="PostgreSQL is not running on 127.0.0.1"
)
def test_postgresql_stops_a_statement_too_and_forgets_the_limit() -> None:
    name = f"likeness_{uuid.uuid4().hex[:8]}"
    code = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "from studio.timelimit import QueryTimeout, limit_queries\n"
        "try:\n"
        "    with limit_queries(0.1), connection.cursor() as cursor:\n"
        "        cursor.execute('SELECT pg_sleep(30)')\n"
        "except QueryTimeout:\n"
        "    print('stopped')\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute('SHOW statement_timeout'); print(cursor.fetchone()[0])\n"
    )
    with psycopg.connect("postgres://postgres@127.0.0.1/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        settings = {
            "DATABASE_URL": f"postgres://postgres@127.0.0.1/{name}",
            "DJANGO_SETTINGS_MODULE": "studio.config.settings",
        }
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert done.stdout.split() == ["stopped", "0"], done.stderr
