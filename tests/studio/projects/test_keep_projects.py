"""Projects put away, deleted, and brought back with all that is in them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from studio.projects.models import Project
from studio.projects.services import delete_project
from studio.runs.models import Run
from tests.people import cast
from tests.studio.runs.making import queued_run

pytestmark = pytest.mark.django_db


def test_a_deleted_project_and_its_runs_are_gone_from_every_page(client: Client) -> None:
    run = queued_run()
    client.post(reverse("projects:delete", args=[run.project_id]))
    assert client.get(reverse("runs:project", args=[run.project_id])).status_code == 404
    assert client.get(reverse("runs:run", args=[run.pk])).status_code == 404
    assert str(run.pk) not in client.get("/").content.decode()


def test_undo_brings_all_of_it_back(client: Client) -> None:
    run = queued_run()
    page = client.post(
        reverse("projects:delete", args=[run.project_id]), follow=True
    ).content.decode()
    undo = re.search(r'action="([^"]+)" class="undo"', page)
    assert undo, "the page offers no way back"
    client.post(undo[1])
    assert client.get(reverse("runs:run", args=[run.pk])).status_code == 200


def test_an_archived_project_is_out_of_the_way_but_in_reach(client: Client) -> None:
    run = queued_run()
    client.post(reverse("projects:archive", args=[run.project_id]))
    assert reverse("runs:project", args=[run.project_id]) not in client.get("/").content.decode()
    assert (
        "This project is archived"
        in client.get(reverse("runs:project", args=[run.project_id])).content.decode()
    )
    client.post(reverse("projects:archive", args=[run.project_id]), {"archived": "no"})
    assert reverse("runs:project", args=[run.project_id]) in client.get("/").content.decode()


@pytest.mark.parametrize("verb", ["archive", "delete", "undelete"])
def test_viewers_may_do_none_of_it(verb: str) -> None:
    project = queued_run().project
    if verb == "undelete":
        delete_project(project=project, by=cast("ada"))
    viewer = Client()
    viewer.force_login(cast("cleo"))
    assert viewer.post(reverse(f"projects:{verb}", args=[project.pk])).status_code == 403
    assert Project.objects.get().archived_at is None


def test_a_deleted_projects_runs_are_still_there_for_the_worker() -> None:
    run = queued_run()
    delete_project(project=run.project, by=cast("ada"))
    assert Run.objects.get().project.name == run.project.name
