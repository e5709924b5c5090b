"""What one person and one team may take: teams, API requests, storage."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from studio.accounts import throttle
from studio.runs.models import Run
from studio.teams import membership
from studio.teams.errors import TeamError
from studio.teams.models import Role, StoredFile, Team
from studio.teams.storage import store_file, used_bytes
from studio.teams.tokens import create_token
from studio.uploads.models import Upload
from studio.uploads.services import store_upload
from tests.people import adas_team, cast
from tests.studio.runs.making import png, queued_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]


@pytest.fixture(autouse=True)
def nothing_counted(valkey: None) -> None:
    throttle.connect().flushdb()


class TestTeams:
    def test_a_person_makes_only_so_many(self, client: Client, settings: Settings) -> None:
        settings.MOST_TEAMS = 2
        answers = [client.post("/teams/", {"name": f"T{n}"}) for n in range(3)]
        assert [answer.status_code for answer in answers] == [302, 302, 422]
        assert (
            "You have created 2 teams, the limit per person (MOST_TEAMS)."
            in answers[2].content.decode()
        )
        assert Team.objects.filter(personal=False).count() == 2

    def test_handing_them_over_makes_no_room(self, settings: Settings) -> None:
        settings.MOST_TEAMS = 1
        team = membership.create_team(name="Boats", by=cast("ada"))
        membership.add_member(team=team, user=cast("ben"), role=Role.EDITOR)
        membership.transfer_ownership(team=team, to=cast("ben"), by=cast("ada"))
        with pytest.raises(TeamError, match="You have created 1 teams"):
            membership.create_team(name="More boats", by=cast("ada"))
        membership.create_team(name="Ben's first", by=cast("ben"))


class TestApi:
    def program(self, name: str) -> Client:
        _, secret = create_token(team=adas_team(), user=cast(name), name="CI", role=Role.VIEWER)
        return Client(headers={"authorization": f"Bearer {secret}"})

    def ask(self, program: Client, times: int) -> list[int]:
        return [program.get("/api/v1/projects").status_code for _ in range(times)]

    @pytest.fixture(autouse=True)
    def one_minute(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("time.time", lambda: 1_800_000_020.0)

    def test_a_person_asks_only_so_often_whatever_tokens_they_have(
        self, settings: Settings
    ) -> None:
        settings.API_REQUESTS = 3
        first, second = self.program("ada"), self.program("ada")
        assert self.ask(first, 2) + self.ask(second, 2) == [200, 200, 200, 429]
        refused = first.get("/api/v1/projects")
        assert refused["Retry-After"] == "40"
        assert "The limits per minute are 3 per person (API_REQUESTS)" in refused.json()["detail"]
        assert self.ask(self.program("ben"), 1) == [200]

    def test_so_does_a_team_as_a_whole(self, settings: Settings) -> None:
        settings.TEAM_API_REQUESTS = 3
        assert self.ask(self.program("ada"), 2) + self.ask(self.program("ben"), 2) == [
            200,
            200,
            200,
            429,
        ]

    def test_the_next_minute_is_a_new_one(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.API_REQUESTS = 1
        program = self.program("ada")
        assert self.ask(program, 2) == [200, 429]
        monkeypatch.setattr("time.time", lambda: 1_800_000_061.0)
        assert self.ask(program, 1) == [200]


class TestStorage:
    def test_every_file_of_a_run_counts_once(self) -> None:
        assert used_bytes(adas_team().pk) == 0
        upload = store_upload(team=adas_team(), file=io.BytesIO(png()))
        assert used_bytes(adas_team().pk) == upload.file.size + upload.thumbnail.size
        store_upload(team=adas_team(), file=io.BytesIO(png()))
        assert used_bytes(adas_team().pk) == upload.file.size + upload.thumbnail.size

    def test_a_full_team_is_told_and_starts_nothing(
        self, client: Client, settings: Settings
    ) -> None:
        store_file(team_id=adas_team().pk, name="runs/x/0/bundle.zip", data=b"x" * 1000)
        settings.TEAM_BYTES = 1000
        answer = client.post("/", {"mockup": SimpleUploadedFile("a.png", png())})
        assert answer.status_code in (409, 422)
        assert "(TEAM_MEGABYTES)" in answer.content.decode()
        with pytest.raises(TeamError, match="MB of storage"):
            store_upload(team=adas_team(), file=io.BytesIO(png()))
        assert not Run.objects.exists()
        assert not Upload.objects.exists()

    def test_so_is_its_program(self, settings: Settings) -> None:
        store_file(team_id=adas_team().pk, name="runs/x/0/bundle.zip", data=b"x" * 1000)
        settings.TEAM_BYTES = 1000
        _, secret = create_token(team=adas_team(), user=cast("ada"), name="CI", role=Role.EDITOR)
        program = Client(headers={"authorization": f"Bearer {secret}"})
        answer = program.post("/api/v1/runs", {"prompt": "Boats"}, content_type="application/json")
        assert answer.status_code == 409
        assert "TEAM_MEGABYTES" in answer.json()["detail"]

    def test_other_teams_go_on(self, settings: Settings) -> None:
        store_file(team_id=adas_team().pk, name="runs/x/0/bundle.zip", data=b"x" * 1000)
        settings.TEAM_BYTES = 1000
        assert queued_run("dan").pk
        assert StoredFile.objects.exclude(team=adas_team()).exists()
