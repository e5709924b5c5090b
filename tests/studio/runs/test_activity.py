"""What people do with runs and projects stands in their team's activity log."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from studio.projects.services import delete_project, undelete_project
from studio.runs.retention import delete_run, undelete_run
from studio.runs.services import finish_run, record_attempt
from studio.versions.revisions import follow_up, restore
from tests.people import adas_team, cast
from tests.studio.runs.making import BEN, attempt, claimed_run, queued_run

pytestmark = pytest.mark.django_db


def lines() -> list[str]:
    """The oldest first."""
    return [f"{one.verb} {one.target}" for one in adas_team().activities.order_by("pk")]


def test_runs_and_the_versions_that_people_ask_for() -> None:
    run = claimed_run()
    made = record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
    finish_run(run_id=run.pk, worker=BEN, stop_reason="rounds spent", message="", report={})
    assert made is not None
    follow_up(base=made, by=cast("ben"), prompt="A darker band")
    restore(base=made, by=cast("ada"))
    assert lines() == [
        "started a run without words in First project",
        "requested the change “A darker band” in First project",
        "restored a version of a run without words in First project",
    ]
    assert [one.actor for one in adas_team().activities.order_by("pk")] == [
        f"{name}@example.org" for name in ("ada", "ben", "ada")
    ]


def test_a_project_that_somebody_makes(client: Client) -> None:
    client.post(reverse("projects:create"), {"name": "Spring"})
    assert lines() == ["made the project Spring"]


def test_what_is_deleted_and_who_brought_it_back() -> None:
    run, ada, ben = queued_run(prompt="Spring shop"), cast("ada"), cast("ben")
    delete_run(run=run, by=ben)
    undelete_run(run=run, by=ada)
    delete_project(project=run.project, by=ben)
    undelete_project(project=run.project, by=ada)
    assert lines()[1:] == [
        "deleted “Spring shop” in First project",
        "brought back “Spring shop” in First project",
        "deleted the project First project",
        "brought back the project First project",
    ]


def test_a_long_prompt_is_cut() -> None:
    queued_run(prompt="x" * 4000)
    assert lines() == [f"started “{'x' * 80}” in First project"]
