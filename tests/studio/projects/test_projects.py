"""Projects: made, named, and the folder of their runs."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from studio.projects.models import Project
from studio.runs.models import Run
from studio.teams.models import User
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
