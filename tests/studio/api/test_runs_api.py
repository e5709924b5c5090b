"""A program starts runs, follows them and takes their results, as far as its token goes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from studio.runs.events import Writer, get_connection, make_stream_key
from studio.runs.models import Run
from studio.runs.services import cancel_run
from studio.teams.access import get_own_team
from studio.teams.models import ApiToken, Connection, Role
from tests.people import adas_team, cast
from tests.studio.api.calling import program
from tests.studio.runs.making import finished_run, png, queued_run

pytestmark = pytest.mark.django_db


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def get(client: Client, path: str) -> Any:
    return client.get(f"/api/v1/{path}").json()


def test_from_a_picture_to_a_queued_run() -> None:
    ours = program()
    upload = ours.post("/api/v1/uploads", {"file": SimpleUploadedFile("a.png", png())}).json()
    assert (upload["width"], upload["height"]) == (40, 30)
    answer = post(
        ours, "runs", {"mockups": [upload["id"]], "prompt": "Use a grid", "stack": "react"}
    )
    assert answer.status_code == 201
    run = Run.objects.get()
    assert (str(run.pk), run.prompt, run.stack, run.state) == (
        answer.json()["id"],
        "Use a grid",
        "react",
        "queued",
    )
    assert run.created_by == ApiToken.objects.get().user
    assert answer.json()["url"] == f"http://testserver/runs/{run.pk}/"


def test_a_pixel_ratio_given_by_hand_is_the_runs_and_is_told_back() -> None:
    ours = program()
    upload = ours.post("/api/v1/uploads", {"file": SimpleUploadedFile("a.png", png())}).json()
    answer = post(ours, "runs", {"mockups": [upload["id"]], "scale": 2.625})
    assert answer.json()["scale"] == 2.625
    assert Run.objects.get().scale == 2.625


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 422, "Got neither mockups nor a prompt nor an address"),
        ({"mockups": ["0" * 64]}, 404, "There is no such upload"),
        ({"prompt": "x", "project": 999}, 404, "There is no such project"),
        ({"prompt": "x", "stack": "cobol"}, 422, "stack: Input should be 'html-css'"),
        ({"prompt": "x", "rounds": 99}, 422, "rounds: Input should be less than or equal to 20"),
        ({"prompt": "x", "scale": 9}, 422, "scale: Input should be less than or equal to 4"),
        ({"mockups": ["../../etc"]}, 422, "mockups.0: String should match pattern"),
        ({"prompt": "x", "model": "gpt"}, 422, "model: the team has no model gpt; use draft."),
    ],
)
def test_what_cannot_be_started_is_refused_in_words(
    body: dict[str, Any], status: int, words: str
) -> None:
    answer = post(program(), "runs", body)
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert not Run.objects.exists()


def test_words_alone_start_a_run() -> None:
    answer = post(program(), "runs", {"prompt": "A page for a bakery"})
    assert answer.status_code == 201
    run = Run.objects.get()
    assert (run.kind, run.upload, run.prompt) == (Run.Kind.TEXT, None, "A page for a bakery")


def test_a_teams_model_is_listed_and_can_be_chosen() -> None:
    ours = program()
    kept = Connection.objects.create(
        team=adas_team(), name="Kimi", url="http://m/v1", model="k", price_in=0.6, price_out=2.5
    )
    first, draft = get(ours, "models")
    key = f"connection-{kept.pk}"
    assert (first["id"], first["name"], first["writes"], first["price_out"]) == (
        key,
        "Kimi",
        True,
        2.5,
    )
    assert (draft["id"], draft["writes"]) == ("draft", False)
    chosen = {
        name: post(ours, "runs", {"prompt": "x", **model}).json()["id"]
        for name, model in {
            "named": {"model": key},
            "default": {},
            "draft": {"model": "draft"},
        }.items()
    }
    runs = {name: Run.objects.get(pk=run_id) for name, run_id in chosen.items()}
    assert {name: run.connection for name, run in runs.items()} == {
        "named": kept,
        "default": kept,
        "draft": None,
    }
    assert (runs["named"].rounds > 0, runs["draft"].rounds) == (True, 0)


def test_another_teams_model_cannot_be_chosen() -> None:
    theirs = Connection.objects.create(
        team=get_own_team(cast("dan")), name="Kimi", url="http://m/v1", model="k"
    )
    answer = post(program(), "runs", {"prompt": "x", "model": f"connection-{theirs.pk}"})
    assert answer.status_code == 422
    assert get(program(), "models") == [
        {
            "id": "draft",
            "name": "No model: the layout draft",
            "local": True,
            "writes": False,
            "price_in": None,
            "price_out": None,
        }
    ]


def test_a_file_that_is_no_picture_is_refused_in_the_same_words_as_on_the_page() -> None:
    answer = program().post("/api/v1/uploads", {"file": SimpleUploadedFile("a.png", b"<svg/>")})
    assert answer.status_code == 422
    assert "The file is an SVG drawing" in answer.json()["detail"]


def test_a_version_is_taken_as_files_pictures_or_a_zip() -> None:
    run, ours = finished_run(likeness=0.9), program(role=Role.VIEWER)
    [version] = get(ours, f"runs/{run.pk}/versions")
    assert (version["number"], version["likeness"], version["kept"]) == (1, 0.9, True)
    assert "<h1>Boats" in get(ours, f"runs/{run.pk}/versions/1")["files"]["index.html"]
    assert ours.get(f"/api/v1/runs/{run.pk}/versions/1/render.png").content[:4] == b"\x89PNG"
    archive = zipfile.ZipFile(io.BytesIO(ours.get(f"/api/v1/runs/{run.pk}/versions/1/zip").content))
    assert "index.html" in archive.namelist()
    assert (
        ours.get(f"/api/v1/runs/{run.pk}/versions/2").json()["detail"]
        == "This run has no version 2."
    )


def test_a_follow_up_and_a_restored_version_belong_to_the_family() -> None:
    run, ours = finished_run(likeness=0.9), program()
    follow = post(ours, f"runs/{run.pk}/versions/1/follow-up", {"prompt": "Larger"}).json()
    again = post(ours, f"runs/{run.pk}/versions/1/restore", {}).json()
    assert {follow["family"], again["family"]} == {str(run.pk)}
    assert (follow["state"], again["state"]) == ("queued", "finished")
    assert [one["number"] for one in get(ours, f"runs/{run.pk}/versions")] == [1, 2]


def test_older_runs_are_on_the_next_page() -> None:
    for _ in range(51):
        queued_run()
    first = get(program(), "runs")
    assert len(first["runs"]) == 50
    second = program().get(f"/api/v1/runs?before={first['next']}").json()
    assert (len(second["runs"]), second["next"]) == (1, None)


@pytest.mark.parametrize("before", ["yesterday", "5", "-1.5", "", "2026-13-01", "9999-99-99"])
def test_a_page_before_no_moment_is_refused(before: str) -> None:
    answer = program().get("/api/v1/runs", {"before": before})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("before: ")


@pytest.mark.parametrize("webhook", [0, 2**63, 10**30])
def test_an_id_beyond_the_databases_numbers_is_refused(webhook: int) -> None:
    answer = program(role=Role.OWNER).delete(f"/api/v1/webhooks/{webhook}")
    assert (answer.status_code, answer.json()["detail"][:12]) == (422, "webhook_id: ")


def test_a_token_sees_its_own_team_only_and_only_while_its_user_is_in_it() -> None:
    run, theirs = queued_run(), queued_run("dan")
    ben = program("ben")
    assert [one["id"] for one in get(ben, "runs")["runs"]] == [str(run.pk)]
    assert ben.get(f"/api/v1/runs/{theirs.pk}").status_code == 404
    ApiToken.objects.get().user.memberships.filter(team=run.project.team).delete()
    assert ben.get("/api/v1/runs").status_code == 401


def test_without_a_token_the_answer_says_where_to_get_one() -> None:
    answer = Client().get("/api/v1/runs")
    assert answer.status_code == 401
    assert "Authorization: Bearer" in answer.json()["detail"]


def test_cancelling_answers_with_what_it_came_to() -> None:
    run = queued_run()
    assert post(program(), f"runs/{run.pk}/cancel", {}).json()["state"] == "cancelled"


@pytest.mark.parametrize("path", ["runs", "projects"])
def test_lists_cost_the_same_however_long_they_are(
    path: str, django_assert_max_num_queries: Any
) -> None:
    ours, counts = program(), []
    for runs in (2, 8):
        for _ in range(runs):
            queued_run()
        ApiToken.objects.update(used_at=timezone.now())
        with django_assert_max_num_queries(12) as queries:
            ours.get(f"/api/v1/{path}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("valkey")
def test_events_come_as_server_sent_events_from_where_the_reader_was() -> None:
    run = queued_run()
    first = Writer(run.pk).append("claimed", {"claim": 1})
    cancel_run(run_id=run.pk)
    address = f"/api/v1/runs/{run.pk}/events"
    whole = b"".join(program().get(address)).decode()
    assert f"id: {first}\nevent: claimed\ndata: " in whole
    rest = program().get(address, headers={"Last-Event-ID": first})
    text = b"".join(rest).decode()
    assert "claimed" not in text
    assert 'event: over\ndata: {"state": "cancelled"}' in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("valkey")
class TestEnd:
    """An EventSource connects again after each end of a stream, until it is answered 204."""

    def follow(self, run: Run, last: str = "") -> Any:
        headers = {"Last-Event-ID": last} if last else {}
        return program().get(f"/api/v1/runs/{run.pk}/events", headers=headers)

    def test_a_reader_that_has_seen_the_end_is_sent_no_stream(self) -> None:
        run = queued_run()
        cancel_run(run_id=run.pk)
        text = b"".join(self.follow(run)).decode()
        last = re.findall(r"^id: (.+)$", text, re.MULTILINE)[-1]
        assert self.follow(run, last).status_code == 204

    def test_one_that_has_not_is_sent_the_rest(self) -> None:
        run = queued_run()
        first = Writer(run.pk).append("claimed", {"claim": 1})
        assert self.follow(run, first).status_code == 200  # it is not over
        cancel_run(run_id=run.pk)
        assert b"event: over" in b"".join(self.follow(run, first))

    def test_an_end_whose_event_is_gone_has_an_id_as_well(self) -> None:
        run = queued_run()
        cancel_run(run_id=run.pk)
        get_connection().delete(make_stream_key(run.pk))
        text = b"".join(self.follow(run)).decode()
        assert "event: over" in text
        (last,) = re.findall(r"^id: (.+)$", text, re.MULTILINE)
        assert self.follow(run, last).status_code == 204

    def test_an_end_that_was_never_written_as_well(self) -> None:
        run = queued_run()
        Writer(run.pk).append("claimed", {"claim": 1})
        Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED)
        text = b"".join(self.follow(run)).decode()
        ids = re.findall(r"^id: (.+)$", text, re.MULTILINE)
        assert "event: over" in text
        assert [self.follow(run, event_id).status_code for event_id in ids] == [200, 204]
