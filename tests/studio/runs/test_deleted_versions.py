"""Single versions deleted and brought back: numbers stay, the next best one takes the place."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.collaboration.services import add_comment, make_link_token, share_run
from studio.export.models import Export, Repository
from studio.projects.soft_delete import KEPT
from studio.runs import retention
from studio.runs.models import Attempt, Run
from studio.runs.selectors import annotate_likeness, find_best_attempt
from studio.runs.services import claim_run, finish_run, record_attempt
from studio.runs.version_numbers import find_head, list_versions
from studio.teams.errors import TeamError
from studio.versions.deletion import delete_version, undelete_version
from studio.versions.revisions import follow_up
from tests.people import adas_team, cast
from tests.studio.api.calling import program
from tests.studio.runs.making import BEN, attempt, claimed_run, page_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
REPORT = {"best": 1, "likeness": 0.95, "quality": 0.81, "model": "kimi"}


def finish(run: Run, *attempts: Any, **report: Any) -> Run:
    for one in attempts:
        assert record_attempt(run_id=run.pk, worker=BEN, attempt=one)
    finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report=report)
    return Run.objects.get(pk=run.pk)


@pytest.fixture
def run() -> Run:
    """Of three versions: the draft, a better one, and one that was no improvement."""
    attempts = attempt(0), attempt(1, 0.95), attempt(2, 0.5, accepted=False)
    return finish(claimed_run(), *attempts, **REPORT)


def get_version(run: Run, number: int) -> Attempt:
    return next(each.attempt for each in list_versions(run.family) if each.number == number)


def delete(run: Run, number: int) -> Attempt:
    attempt = get_version(run, number)
    assert delete_version(attempt=attempt, by=cast("ben")) == number
    return attempt


def change(run: Run, number: int) -> Run:
    """Return a waiting run that changes the version."""
    return follow_up(base=get_version(run, number), by=cast("ben"), prompt="A darker band")


def list_numbers(run: Run) -> list[tuple[int, bool]]:
    return [(each.number, each.kept) for each in list_versions(run.family)]


def test_the_others_keep_their_numbers_and_the_next_best_takes_the_place(run: Run) -> None:
    delete(run, 2)
    assert list_numbers(run) == [(1, True), (3, False)]
    best = find_best_attempt(run)
    assert best is not None
    assert best.number == 0


def test_a_version_that_is_made_later_takes_no_deleted_number(run: Run) -> None:
    delete(run, 3)
    later = change(run, 2)
    assert claim_run(run_id=later.pk, worker=BEN)
    finish(later, attempt(0, 0.97))
    assert list_numbers(run) == [(1, False), (2, True), (4, True)]


def test_the_runs_report_and_lists_tell_the_scores_of_what_is_left(run: Run) -> None:
    delete(run, 2)
    report = Run.objects.get(pk=run.pk).report
    assert (report["best"], report["likeness"], report["model"]) == (0, 0.9, "kimi")
    assert annotate_likeness(Run.objects.all()).get(pk=run.pk).likeness == 0.9


def test_the_report_in_the_zip_tells_only_of_attempts_that_are_left(client: Client) -> None:
    attempts = [{"number": 0}, {"number": 1}, {"number": 2}]
    made = attempt(0), attempt(1, 0.95), attempt(2, 0.5, accepted=False)
    run = finish(claimed_run(), *made, attempts=attempts, **REPORT)

    def list_reported() -> list[int]:
        zipped = client.get(reverse("runs:download", args=[run.pk])).content
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            return [each["number"] for each in json.loads(archive.read("report.json"))["attempts"]]

    gone = delete(run, 3)
    assert list_reported() == [0, 1]
    undelete_version(attempt=gone, by=cast("ben"))
    assert list_reported() == [0, 1, 2]


def test_undo_brings_all_of_it_back(run: Run) -> None:
    undelete_version(attempt=delete(run, 2), by=cast("ben"))
    assert list_numbers(run) == [(1, False), (2, True), (3, False)]
    assert Run.objects.get(pk=run.pk).report["likeness"] == 0.95


def test_the_last_kept_version_of_a_family_is_refused(run: Run) -> None:
    delete(run, 2)
    with pytest.raises(TeamError, match="v1 is the last version that was kept"):
        delete(run, 1)
    assert list_numbers(run) == [(1, True), (3, False)]


def test_a_version_that_was_deleted_meanwhile_is_refused(client: Client, run: Run) -> None:
    """Two people press the button, or one presses it twice."""
    gone = delete(run, 2)
    with pytest.raises(TeamError, match="no such version"):
        delete_version(attempt=gone, by=cast("ben"))
    assert client.post(reverse("versions:delete", args=[run.pk, 1])).status_code == 404


def test_an_attempt_without_a_picture_is_no_version_to_delete(client: Client, run: Run) -> None:
    Attempt.objects.filter(run=run, number=2).update(render="")
    client.post(reverse("versions:delete", args=[run.pk, 2]))
    assert Attempt.objects.get(run=run, number=2).deleted_at is None


def test_a_version_that_a_run_is_changing_is_refused_until_the_run_is_over(run: Run) -> None:
    later = change(run, 1)
    with pytest.raises(TeamError, match="A run is changing v1"):
        delete(run, 1)
    assert claim_run(run_id=later.pk, worker=BEN)
    finish(later, attempt(0, 0.97))
    delete(run, 1)


def test_a_version_of_a_run_that_is_not_over_is_refused(run: Run) -> None:
    later = change(run, 2)
    assert claim_run(run_id=later.pk, worker=BEN)
    assert record_attempt(run_id=later.pk, worker=BEN, attempt=attempt(0, 0.97))
    with pytest.raises(TeamError, match="The run that makes v4 is not over"):
        delete(run, 4)


def make_export(run: Run, number: int, state: str) -> Export:
    repository = Repository.objects.create(
        team=adas_team(),
        kind="git",
        url="https://git.invalid/site",
        base="main",
        can_write=True,
        checked_at=timezone.now(),
    )
    return Export.objects.create(
        run=run, attempt=get_version(run, number), repository=repository, branch="b", state=state
    )


@pytest.mark.parametrize("state", ["queued", "running", "planned"])
def test_a_version_with_an_export_under_way_is_refused(run: Run, state: str) -> None:
    make_export(run, 1, state)
    with pytest.raises(TeamError, match="An export of v1 is not over"):
        delete(run, 1)


def test_an_export_that_failed_stays_and_cannot_be_tried_again(client: Client, run: Run) -> None:
    export = make_export(run, 2, "failed")
    delete(run, 2)
    address = reverse("export:export", args=[export.pk])
    page = client.get(address).content.decode()
    assert "The version that was exported is deleted." in page
    assert "Try again" not in page
    client.post(reverse("export:retry", args=[export.pk]))
    export.refresh_from_db()
    assert export.state == "failed"


def test_what_continued_a_deleted_version_stays_and_is_no_branch(run: Run) -> None:
    later = change(run, 2)
    assert claim_run(run_id=later.pk, worker=BEN)
    finish(later, attempt(0, 0.97))
    delete(run, 2)
    newest = list_versions(run.pk)[-1]
    assert (newest.number, newest.base, newest.branched) == (4, 2, False)
    assert find_head(list_versions(run.pk)) == newest


def test_no_address_shows_a_deleted_version(client: Client, run: Run) -> None:
    token = page_token(run, attempt=1)
    addresses = [
        reverse("versions:version", args=[run.pk, 1]),
        reverse("versions:alone", args=[run.pk, 1]),
        reverse("runs:picture", args=[run.pk, 1, "render"]),
        reverse("runs:thumbnail", args=[run.pk, 1]),
        reverse("runs:page", args=[token, "index.html"]),
    ]
    assert [client.get(address).status_code for address in addresses] == [200] * 5
    delete(run, 2)
    assert [client.get(address).status_code for address in addresses] == [404] * 5
    page = client.get(reverse("runs:result", args=[run.pk]), {"attempt": "1"}).content.decode()
    assert reverse("runs:picture", args=[run.pk, 1, "render"]) not in page


def test_the_page_of_a_run_without_versions_leads_to_the_familys_newest(
    client: Client, run: Run
) -> None:
    later = change(run, 2)
    assert claim_run(run_id=later.pk, worker=BEN)
    finish(later, attempt(0, 0.97))
    for number in (1, 2):
        delete(run, number)
    answer = client.get(reverse("runs:run", args=[run.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/runs/{later.pk}/")


def test_a_run_that_failed_keeps_its_page(client: Client, run: Run) -> None:
    later = change(run, 2)
    assert claim_run(run_id=later.pk, worker=BEN)
    finish(later)
    assert client.get(reverse("runs:run", args=[later.pk])).status_code == 200


def test_the_page_offers_to_delete_what_it_shows_and_to_undo_it(client: Client, run: Run) -> None:
    page = client.get(reverse("runs:run", args=[run.pk])).content.decode()
    assert "Delete v2" in page
    answer = client.post(reverse("versions:delete", args=[run.pk, 1]), follow=True)
    page = answer.content.decode()
    assert "v2 is deleted." in page
    assert "Delete v1" not in page  # the last one that was kept
    undo = re.search(r'action="([^"]+)" class="undo"', page)
    assert undo
    client.post(undo[1])
    assert list_numbers(run) == [(1, False), (2, True), (3, False)]


def test_the_neighbors_of_a_deleted_version_are_neighbors_now(client: Client, run: Run) -> None:
    delete(run, 2)
    first = client.get(reverse("versions:version", args=[run.pk, 0])).context
    last = client.get(reverse("versions:version", args=[run.pk, 2])).context
    assert (first["after"].number, last["before"].number) == (3, 1)


def test_a_refusal_is_shown_on_the_versions_page(client: Client, run: Run) -> None:
    change(run, 2)
    answer = client.post(reverse("versions:delete", args=[run.pk, 1]))
    assert answer.headers["Location"] == reverse("versions:version", args=[run.pk, 1])
    [message] = get_messages(answer.wsgi_request)
    assert "A run is changing v2" in str(message)


def test_a_viewer_is_offered_nothing(client: Client, run: Run) -> None:
    client.force_login(cast("cleo"))
    assert "Delete v2" not in client.get(reverse("runs:run", args=[run.pk])).content.decode()


def test_a_share_link_shows_the_next_best_and_no_picture_of_the_deleted(
    client: Client, run: Run
) -> None:
    link = make_link_token(share_run(run=run, by=cast("ada"), days=1))
    delete(run, 2)
    assert "90.0 %" in client.get(reverse("collaboration:shared", args=[link])).content.decode()
    later = change(run, 1)
    assert claim_run(run_id=later.pk, worker=BEN)
    finish(later, attempt(0, 0.97))
    delete(run, 1)
    page = client.get(reverse("collaboration:shared", args=[link])).content.decode()
    assert "The version that was shared is deleted." in page
    picture = reverse("collaboration:shared-picture", args=[link, "render"])
    assert client.get(picture).status_code == 404


def test_a_comment_says_that_its_version_is_deleted(client: Client, run: Run) -> None:
    add_comment(run=run, by=cast("ada"), text="Nice", attempt=1)
    address = reverse("collaboration:comments", args=[run.pk])
    assert "(deleted)" not in client.get(address).content.decode()
    delete(run, 2)
    assert "on attempt 1 (deleted)" in client.get(address).content.decode()


def test_the_activity_names_the_version(run: Run) -> None:
    undelete_version(attempt=delete(run, 2), by=cast("ben"))
    newest = adas_team().activities.order_by("-pk")[:2]
    assert [entry.verb for entry in newest] == ["brought back a version of", "deleted a version of"]
    assert all(entry.target.endswith("(v2)") for entry in newest)


def test_a_program_deletes_and_brings_back_by_number(run: Run) -> None:
    ours, address = program(), f"/api/v1/runs/{run.pk}/versions/2"
    assert ours.delete(address).status_code == 204
    assert ours.get(address).status_code == 404
    assert ours.delete(address).status_code == 404
    assert ours.get(f"/api/v1/runs/{run.pk}").json()["likeness"] == 0.9
    refused = ours.delete(f"/api/v1/runs/{run.pk}/versions/1")
    assert refused.status_code == 409
    assert "last version that was kept" in refused.json()["detail"]
    assert ours.post(f"{address}/undelete").status_code == 204
    assert ours.get(address).status_code == 200
    assert ours.post(f"{address}/undelete").status_code == 404


def test_purge_empties_what_was_deleted_long_ago_and_the_numbers_stay(run: Run) -> None:
    gone = delete(run, 2)
    Attempt.objects.filter(pk=gone.pk).update(deleted_at=timezone.now() - KEPT - timedelta(days=1))
    kept, files = get_version(run, 1), [gone.bundle, gone.render, gone.heatmap, gone.thumbnail]
    assert retention.purge() == (0, len(files))
    assert [file.storage.exists(file.name) for file in files] == [False] * len(files)
    assert kept.bundle.storage.exists(kept.bundle.name)
    assert list_numbers(run) == [(1, True), (3, False)]
    with pytest.raises(TeamError, match="deleted for good"):
        undelete_version(attempt=gone, by=cast("ben"))


def test_a_copy_of_the_run_has_the_same_numbers(run: Run) -> None:
    delete(run, 2)
    twin = retention.duplicate_run(run=run)
    assert twin is not None
    assert list_numbers(twin) == [(1, True), (3, False)]
