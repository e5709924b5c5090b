"""A tool's call is carried out by a worker, and told to its own team alone."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from studio.config.celery import app
from studio.jobs import services
from studio.jobs.references import (
    MockupReference,
    find_mockup,
    find_version,
    read_mockup_reference,
)
from studio.jobs.services import JobOutcome, JobRequest
from studio.jobs.tasks import work
from studio.jobs.turns import claim_next_job, name_key
from studio.jobs.work import carry_out, open_files
from studio.pipeline.tools.results import ToolError
from studio.runs import events, worker
from studio.teams.errors import TeamError
from studio.teams.models import ApiToken, Role, Spending, Team
from studio.teams.tokens import create_token
from studio.uploads.models import Upload
from studio.uploads.services import store_upload
from tests.drawing import landing_page
from tests.people import adas_team, cast
from tests.studio.capture.web import PRIVATE, Server, html, serving
from tests.studio.runs.making import finished_run


@pytest.fixture(autouse=True)
def no_calls_open(valkey: None) -> None:
    for key in events.get_connection().scan_iter("jobs:*"):
        events.get_connection().delete(key)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
PAGE = "<!doctype html><html lang='en'><title>H</title><h1>Boats for a quiet day</h1></html>"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The queue's messages."""
    messages: list[Any] = []
    monkeypatch.setattr(app, "send_task", lambda name, args: messages.append((name, args)))
    return messages


@pytest.fixture
def token() -> ApiToken:
    return create_token(team=adas_team(), user=cast("ada"), name="x", role=Role.EDITOR)[0]


@pytest.fixture
def stranger() -> ApiToken:
    dan = cast("dan")
    team = Team.objects.get(personal=True, memberships__user=dan)
    return create_token(team=team, user=dan, name="x", role=Role.EDITOR)[0]


def compare_request(token: ApiToken, **parts: Any) -> JobRequest:
    arguments = {"mockup": "mockup", "page": "page", **parts.pop("arguments", {})}
    return JobRequest(token.team_id, "compare", arguments, **parts)


def test_the_message_is_the_jobs_id_alone(token: ApiToken, sent: list[Any]) -> None:
    job = services.start_job(caller=token, request=compare_request(token, files={"a.html": "x"}))
    assert sent == [("studio.jobs.work", [job])]


def test_a_job_is_carried_out_and_its_seconds_are_charged(token: ApiToken, sent: list[Any]) -> None:
    out = io.BytesIO()
    landing_page().save(out, "PNG")
    upload = store_upload(team=adas_team(), file=SimpleUploadedFile("a.png", out.getvalue()))
    request = compare_request(token, upload=upload.pk, files={"index.html": PAGE})
    job = services.start_job(caller=token, request=request)
    waiting = services.read_job(caller=token, job=job)
    assert waiting is not None
    assert waiting.state == "waiting"
    try:
        carry_out(job)
    finally:
        worker.close()
    outcome = services.read_job(caller=token, job=job)
    assert outcome is not None
    assert outcome.result is not None
    assert 0 < outcome.result.data["likeness"] < 1
    assert Spending.objects.get().seconds > 0


@pytest.fixture
def site() -> Iterator[Server]:
    with serving(PRIVATE, {"/boats": html(PAGE), "/": html("")}) as server:
        yield server


def ask_about(site: Server, token: ApiToken, path: str = "/boats") -> JobOutcome:
    """Compare a page with what the site shows at `path`."""
    address = f"http://{PRIVATE}:{site.port}{path}"
    request = compare_request(
        token, address=address, files={"index.html": PAGE}, arguments={"width": 600}
    )
    job = services.start_job(caller=token, request=request)
    try:
        carry_out(job)
    finally:
        worker.close()
    outcome = services.read_job(caller=token, job=job)
    assert outcome is not None
    return outcome


@pytest.mark.django_db(transaction=True)
def test_a_page_behind_an_address_is_captured_kept_and_measured(
    token: ApiToken, sent: list[Any], site: Server, settings: Any
) -> None:
    settings.OUTGOING_PRIVATE = True
    outcome = ask_about(site, token)
    assert outcome.result is not None, outcome.error
    upload = Upload.objects.get()
    assert (upload.team, upload.width) == (token.team, 600)
    kept = (
        f"What 127.0.0.1 shows is kept as the mockup {upload.sha256}; name it so in further calls."
    )
    assert outcome.result.text.startswith(f"{kept}\nlikeness ")
    assert outcome.result.data["width"] == 600
    assert find_mockup(token, upload.sha256) == upload


@pytest.mark.parametrize(
    ("setting", "value", "path", "reason"),
    [
        ("OUTGOING_PRIVATE", False, "/boats", "127.0.0.1 has a loopback address"),
        ("CAPTURE_HOSTS", ("*.example",), "/boats", "CAPTURE_HOSTS lists the allowed hosts"),
        ("TEAM_BYTES", 0, "/boats", "storage"),
        ("CAPTURE_BYTES", 10, "/boats", "127.0.0.1 sent more"),
        ("CAPTURE_SECONDS", 40, "/none", "has no page at this address"),
        ("CAPTURE_SECONDS", 40, "/", "shows nothing here"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_an_address_has_the_guards_of_the_start_page(
    token: ApiToken,
    sent: list[Any],
    site: Server,
    settings: Any,
    setting: str,
    value: Any,
    path: str,
    reason: str,
) -> None:
    settings.OUTGOING_PRIVATE = True
    setattr(settings, setting, value)
    outcome = ask_about(site, token, path)
    assert outcome.state == "failed"
    assert reason in outcome.error
    assert not Upload.objects.exists()


def test_an_address_is_taken_from_editors_alone(token: ApiToken) -> None:
    address = "https://example.com/pricing"
    assert read_mockup_reference(token, address, None) == MockupReference(address=address)
    viewer = create_token(team=adas_team(), user=cast("cleo"), name="x", role=Role.VIEWER)[0]
    with pytest.raises(PermissionDenied):
        read_mockup_reference(viewer, address, None)


@pytest.mark.parametrize(
    ("address", "width", "reason"),
    [
        ("http://[::1", None, "not an address"),
        ("https://ada:secret@example.com/", None, "name or password"),
        ("https://example.com/", 200, "a window of 320 to 2560 px"),
        ("https://example.com/", 4000, "a window of 320 to 2560 px"),
        ("ftp://example.com/", None, "no id of an upload or a run"),
        ("example.com", None, "no id of an upload or a run"),
    ],
)
def test_what_is_no_address_is_refused_before_a_worker_is_asked(
    token: ApiToken, address: str, width: int | None, reason: str
) -> None:
    with pytest.raises(ToolError, match=reason):
        read_mockup_reference(token, address, width)


def test_a_call_that_cannot_be_carried_out_has_its_reason(token: ApiToken, sent: list[Any]) -> None:
    job = services.start_job(caller=token, request=compare_request(token, files={"a.css": "x"}))
    carry_out(job)
    outcome = services.read_job(caller=token, job=job)
    assert outcome is not None
    assert (outcome.state, outcome.error) == ("failed", "The files have no index.html.")


def test_another_teams_job_is_not_there(
    token: ApiToken, stranger: ApiToken, sent: list[Any]
) -> None:
    job = services.start_job(caller=token, request=compare_request(token, files={}))
    assert services.read_job(caller=stranger, job=job) is None
    assert services.read_job(caller=token, job="0" * 32) is None


def test_a_job_that_was_done_is_not_done_again(token: ApiToken, sent: list[Any]) -> None:
    job = services.start_job(caller=token, request=compare_request(token, files={}))
    services.store_error(job, "It was tried.")
    assert services.take_request(job) is None


def test_a_result_can_be_read_again_as_long_as_it_is_kept(token: ApiToken, sent: list[Any]) -> None:
    job = services.start_job(caller=token, request=compare_request(token, files={}))
    services.store_error(job, "It was tried.")
    result = name_key(job, "result")
    store = events.get_connection()
    before = store.expiretime(result)
    assert services.read_job(caller=token, job=job) is not None
    assert store.expiretime(result) == before


def test_a_forgotten_job_is_not_there(token: ApiToken, sent: list[Any]) -> None:
    job = services.start_job(caller=token, request=compare_request(token, files={}))
    services.store_error(job, "It was tried.")
    services.forget_job(job)
    assert services.read_job(caller=token, job=job) is None
    assert services.take_request(job) is None


def test_a_team_has_few_calls_open_and_reading_one_makes_room(
    token: ApiToken, sent: list[Any]
) -> None:
    request = compare_request(token, files={})
    jobs = [services.start_job(caller=token, request=request) for _ in range(services.MOST_OPEN)]
    with pytest.raises(TeamError, match="10 calls of this team"):
        services.start_job(caller=token, request=request)
    services.store_error(jobs[0], "Done.")
    assert services.read_job(caller=token, job=jobs[0]) is not None
    services.start_job(caller=token, request=request)


def test_teams_take_turns_with_one_worker(
    token: ApiToken, stranger: ApiToken, sent: list[Any]
) -> None:
    early = [services.start_job(caller=token, request=compare_request(token)) for _ in range(3)]
    late = services.start_job(caller=stranger, request=compare_request(stranger))
    served = []
    while job := claim_next_job():
        served.append(job)
        services.store_error(job, "Done.")
    assert served == [early[0], late, *early[1:]]


def test_a_team_whose_job_is_under_way_lets_others_pass(
    token: ApiToken, stranger: ApiToken, sent: list[Any]
) -> None:
    early = [services.start_job(caller=token, request=compare_request(token)) for _ in range(2)]
    late = services.start_job(caller=stranger, request=compare_request(stranger))
    assert [claim_next_job() for _ in range(4)] == [early[0], late, early[1], None]


def test_a_message_that_comes_again_carries_out_its_own_job(
    token: ApiToken, sent: list[Any]
) -> None:
    job = services.start_job(caller=token, request=compare_request(token, files={"a.css": "x"}))
    assert claim_next_job() == job  # by a worker that is lost then
    work(job)
    outcome = services.read_job(caller=token, job=job)
    assert outcome is not None
    assert outcome.state == "failed"


def test_a_spent_budget_starts_no_job(token: ApiToken, sent: list[Any]) -> None:
    Team.objects.update(seconds_a_day=0)
    token.refresh_from_db()
    with pytest.raises(TeamError, match="budget"):
        services.start_job(caller=token, request=compare_request(token, files={}))
    assert sent == []


def test_mockups_and_versions_are_found_for_their_team_alone(
    token: ApiToken, stranger: ApiToken
) -> None:
    run = finished_run()
    assert run.upload is not None
    assert find_mockup(token, run.upload.sha256) == run.upload
    assert find_mockup(token, str(run.pk)) == run.upload
    assert find_version(token, f"{run.pk}/1").run_id == run.pk
    assert find_version(token, f"likeness://runs/{run.pk}/versions/1/index.html").run_id == run.pk
    for name in (run.upload.sha256, str(run.pk)):
        with pytest.raises(Http404):
            find_mockup(stranger, name)
    with pytest.raises(Http404):
        find_version(stranger, f"{run.pk}/1")
    with pytest.raises(Http404, match="has no version 9"):
        find_version(token, f"{run.pk}/9")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "Got 0 files"),
        ({f"{n}.css": "" for n in range(61)}, "Got 61 files"),
        ({"index.html": "x" * 2_000_001}, "characters"),
        ({"../index.html": ""}, "not allowed"),
        ({"index.php": ""}, "use the types"),
        ({"index.html": "<p>\ud83d</p>"}, "half characters"),
        ({"index.html": "<p>\0</p>"}, "half characters"),
        ({"index.html": "<div>" * 400}, "levels of elements"),
    ],
)
def test_files_out_of_bounds_are_refused(files: dict[str, str], reason: str) -> None:
    with pytest.raises(ToolError, match=reason):
        open_files(files)


def test_calls_made_at_once_do_not_take_more_places_than_there_are(token: ApiToken) -> None:
    store = events.get_connection()
    barrier = threading.Barrier(3 * services.MOST_OPEN)
    outcomes: list[bool] = []

    def take(number: int) -> None:
        barrier.wait()
        try:
            services._take_place(store, token.team_id, f"job-{number}")
        except TeamError:
            outcomes.append(False)
        else:
            outcomes.append(True)

    threads = [threading.Thread(target=take, args=(n,)) for n in range(barrier.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcomes) <= services.MOST_OPEN
    assert store.zcard(f"jobs:{token.team_id}") == sum(outcomes)
