"""A longer list takes no more queries: every list there is, with two entries and with nine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.collaboration.services import add_comment, share_run
from studio.export.models import Export, Repository
from studio.projects.services import create_project
from studio.runs.models import Run
from studio.runs.services import claim_run, finish_run, record_attempt, start_run
from studio.teams import invitations, membership
from studio.teams.activity import record
from studio.teams.models import Connection, Role
from studio.teams.tokens import create_token
from studio.webhooks.services import create_webhook
from tests.people import adas_team, cast
from tests.studio.api.calling import program
from tests.studio.runs.making import BEN, attempt, finished_run, project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
# The run's page: 2 of them for the conversation of its family, 1 for who operates the studio.
MOST = 18


def the_run() -> Run:
    """The one that all versions, comments, links and exports here are of."""
    return Run.objects.filter(root=None).order_by("created_at").first() or a_run(0)


def a_run(number: int) -> Run:
    return finished_run()


def a_project(number: int) -> None:
    create_project(team=adas_team(), name=f"P{number}")


def a_version(number: int) -> None:
    first = the_run()
    run = start_run(
        project=project(), by=cast(f"m{number}"), upload=first.upload, prompt=f"And {number}"
    )
    Run.objects.filter(pk=run.pk).update(root=first)
    claim_run(run_id=run.pk, worker=BEN)
    record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
    finish_run(run_id=run.pk, worker=BEN, stop_reason="rounds spent", message="", report={})


def a_comment(number: int) -> None:
    add_comment(run=the_run(), by=cast(f"m{number}"), text=f"Number {number}")


def a_link(number: int) -> None:
    share_run(run=the_run(), by=cast("ada"), days=1)


def a_repository(number: int) -> Repository:
    where = f"https://forge.example/team/site-{number}"
    known = {"base": "main", "can_write": True, "checked_at": timezone.now()}
    return Repository.objects.create(team=adas_team(), kind="git", url=where, **known)


def an_export(number: int) -> None:
    run = the_run()
    where = {
        "repository": a_repository(number),
        "branch": "likeness/x",
        "address": "http://studio.example/",
    }
    Export.objects.create(
        run=run, attempt=run.attempts.get(), created_by=cast(f"m{number}"), state="done", **where
    )


def a_webhook(number: int) -> None:
    create_webhook(team=adas_team(), by=cast("ada"), url=f"https://hooks.example/{number}")


def a_connection(number: int) -> None:
    Connection.objects.create(team=adas_team(), name=f"C{number}", url="https://models.example/v1")


def someone(number: int) -> None:
    membership.add_member(team=adas_team(), user=cast(f"m{number}"), role=Role.VIEWER)


def someone_invited(number: int) -> None:
    invitations.invite(
        team=adas_team(), by=cast("ada"), role=Role.VIEWER, days=1, email=f"m{number}@example.org"
    )


def a_team(number: int) -> None:
    membership.create_team(name=f"T{number}", by=cast("ada"))


def a_token(number: int) -> None:
    membership.add_member(team=adas_team(), user=cast(f"m{number}"), role=Role.VIEWER)
    create_token(team=adas_team(), user=cast(f"m{number}"), name=f"T{number}", role=Role.VIEWER)


def a_line(number: int) -> None:
    record(team=adas_team(), actor=cast("ada"), verb=f"counted {number}")


def a_browser(number: int) -> None:
    Client().force_login(cast("ada"))


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/", a_run),
        ("/", a_project),
        ("/projects/{project}/", a_run),
        ("/library", a_run),
        ("/runs/{run}/", a_version),
        ("/runs/{run}/", a_comment),
        ("/runs/{run}/share", a_link),
        ("/runs/{run}/export", an_export),
        ("/runs/{run}/export", a_repository),
        ("/teams/{team}/repositories", a_repository),
        ("/teams/{team}/models", a_connection),
        ("/teams/", a_team),
        ("/teams/{team}/", someone),
        ("/teams/{team}/", someone_invited),
        ("/teams/{team}/tokens", a_token),
        ("/teams/{team}/activity", a_line),
        ("/account", a_browser),
        ("/api/v1/projects", a_project),
        ("/api/v1/runs", a_run),
        ("/api/v1/runs/{run}/versions", a_version),
        ("/api/v1/webhooks", a_webhook),
    ],
)
def test_a_longer_list_takes_no_more_queries(path: str, more: Callable[[int], object]) -> None:
    client = program(role=Role.OWNER) if path.startswith("/api/") else Client()
    if not path.startswith("/api/"):
        client.force_login(cast("ada"))
    address = path.format(team=adas_team().pk, run=the_run().pk, project=project().pk)
    client.get(address)  # notes the browser, or the token's use
    counts, lengths = [], []
    for numbers in (range(2), range(2, 9)):
        for number in numbers:
            more(number)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200
        counts.append(len(queries))
        lengths.append(len(answer.content))
    assert lengths[1] > lengths[0]  # the list did grow
    assert counts[0] == counts[1] <= MOST
