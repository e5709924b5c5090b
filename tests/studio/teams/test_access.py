"""Who may see and change what: members by their role, strangers nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from studio.runs.models import Run
from studio.runs.services import record_attempt
from studio.teams import access
from studio.teams.models import Role, Team
from tests.people import cast
from tests.studio.runs.making import BEN, attempt, claimed_run, queued_run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "need", "outcome"),
    [
        ("ada", Role.OWNER, None),
        ("ben", Role.VIEWER, None),
        ("ben", Role.EDITOR, None),
        ("ben", Role.OWNER, PermissionDenied),
        ("cleo", Role.VIEWER, None),
        ("cleo", Role.EDITOR, PermissionDenied),
        ("dan", Role.VIEWER, Http404),
        ("dan", Role.OWNER, Http404),
    ],
)
def test_a_role_opens_what_it_should(
    name: str, need: Role, outcome: type[Exception] | None
) -> None:
    run, user = queued_run(), cast(name)
    if outcome:
        with pytest.raises(outcome):
            access.fetch(Run.objects.all(), user, need=need, pk=run.pk)
    else:
        assert access.fetch(Run.objects.all(), user, need=need, pk=run.pk) == run


def test_each_sees_the_rows_of_their_teams_once() -> None:
    mine, theirs = queued_run("ada"), queued_run("dan")
    assert list(access.filter_visible(Run.objects.all(), cast("ben"))) == [mine]
    assert list(access.filter_visible(Run.objects.all(), cast("dan"))) == [theirs]
    assert access.filter_visible(Team.objects.all(), cast("cleo")).count() == 2


class TestPages:
    """The same, through every address that shows or changes something of a run."""

    @staticmethod
    def client(name: str) -> Client:
        client = Client()
        client.force_login(cast(name))
        return client

    @pytest.mark.parametrize("view", ["run", "result", "download", "picture", "upload", "project"])
    def test_a_stranger_finds_nothing_and_a_viewer_all(self, view: str) -> None:
        run = claimed_run()
        record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
        address = {
            "picture": reverse("runs:picture", args=[run.pk, 0, "render"]),
            "upload": reverse("uploads:picture", args=[run.upload.sha256]),
            "project": reverse("runs:project", args=[run.project_id]),
        }.get(view) or reverse(f"runs:{view}", args=[run.pk])
        assert self.client("cleo").get(address).status_code == 200
        assert self.client("dan").get(address).status_code == 404
        assert Client().get(address)["Location"].startswith("/sign-in?next=")

    def test_a_viewer_changes_nothing(self) -> None:
        run = queued_run()
        cleo = self.client("cleo")
        project = reverse("runs:project", args=[run.project_id])
        assert cleo.post(reverse("runs:cancel", args=[run.pk])).status_code == 403
        assert cleo.post(project, {"prompt": "mine"}).status_code == 403
        assert (
            cleo.post(reverse("projects:rename", args=[run.project_id]), {"name": "x"}).status_code
            == 403
        )
        assert Run.objects.get().state == "queued"

    def test_an_editor_starts_and_stops(self) -> None:
        run = queued_run()
        ben = self.client("ben")
        assert ben.post(reverse("runs:cancel", args=[run.pk])).status_code == 302
        assert Run.objects.get().state == "cancelled"

    def test_the_same_picture_in_two_teams_is_two_uploads(self) -> None:
        ada, dan = queued_run("ada").upload, queued_run("dan").upload
        assert ada.sha256 == dan.sha256
        assert ada.pk != dan.pk
