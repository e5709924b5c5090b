"""Projects: made, named, and the folder of their runs."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.projects.models import Project
from studio.projects.services import create_project
from studio.runs.models import Run
from studio.teams.models import User
from tests.people import cast
from tests.studio.runs.making import png, queued_run

pytestmark = pytest.mark.django_db


def test_a_new_one_is_the_makers_teams_and_opens(client: Client, ada: User) -> None:
    answer = client.post("/projects/new", {"name": "Spring shop"})
    project = Project.objects.get()
    assert answer["Location"] == reverse("runs:project", args=[project.pk])
    assert project.team.memberships.get().user == ada
    assert "Spring shop" in client.get("/").content.decode()


def test_one_without_a_name_is_not_made(client: Client) -> None:
    page = client.post("/projects/new", {"name": " "}, follow=True).content.decode()
    assert "Enter a name for the project." in page
    assert not Project.objects.exists()


def test_it_can_be_renamed(client: Client) -> None:
    project = queued_run().project
    client.post(reverse("projects:rename", args=[project.pk]), {"name": "Autumn"})
    assert Project.objects.get().name == "Autumn"


def test_a_run_started_on_its_page_is_in_it(client: Client) -> None:
    client.post("/projects/new", {"name": "Spring shop"})
    project = Project.objects.get()
    answer = client.post(
        reverse("runs:project", args=[project.pk]), {"mockup": SimpleUploadedFile("a.png", png())}
    )
    assert answer.status_code == 302
    assert Run.objects.get().project == project


def test_several_mockups_are_several_runs_on_the_projects_page(client: Client) -> None:
    files = [SimpleUploadedFile(f"{color}.png", png(color)) for color in ("red", "green", "blue")]
    answer = client.post("/", {"mockup": files, "prompt": "Use a grid"})
    assert answer["Location"] == reverse("runs:project", args=[Project.objects.get().pk])
    assert Run.objects.filter(prompt="Use a grid").count() == 3


def test_one_bad_picture_among_several_stops_all_of_them(client: Client) -> None:
    files = [SimpleUploadedFile("good.png", png()), SimpleUploadedFile("bad.png", b"<svg/>")]
    page = client.post("/", {"mockup": files}).content.decode()
    assert "bad.png: The file is an SVG drawing" in page
    assert not Run.objects.exists()


def test_a_sample_is_one_click(client: Client) -> None:
    assert "Harbour" in client.get("/").content.decode()
    assert client.post(reverse("runs:sample", args=["harbour"])).status_code == 302
    assert Run.objects.get().upload.width == 1280
    assert client.post(reverse("runs:sample", args=["nowhere"])).status_code == 404


class TestProjectPage:
    def test_it_names_the_members_and_how_many_runs_they_started(self, client: Client) -> None:
        project = queued_run().project
        cast("ben"), cast("cleo")
        members = client.get(f"/projects/{project.pk}/").context["members"]
        assert [(one.name, one.role, one.runs) for one in members] == [
            ("ada", "owner", 1),
            ("ben", "editor", 0),
            ("cleo", "viewer", 0),
        ]

    def test_it_tells_what_was_done_newest_first_and_not_what_was_deleted(
        self, client: Client
    ) -> None:
        first = queued_run(prompt="Boats")
        gone = queued_run(prompt="A secret")
        Run.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
        edit = queued_run(kind=Run.Kind.EDIT, root=first)
        page = client.get(f"/projects/{first.project_id}/")
        told = [(one.actor, one.verb, one.title) for one in page.context["actions"]]
        assert told == [("ada", "edited by hand:", "Boats"), ("ada", "started", "Boats")]
        assert f"/runs/{edit.pk}/" in page.content.decode()
        assert "A secret" not in page.content.decode()

    def test_no_other_projects_actions_are_told(self, client: Client) -> None:
        run = queued_run()
        other = create_project(team=run.project.team, name="Other")
        assert client.get(f"/projects/{other.pk}/").context["actions"] == []
