"""Runs named, moved, copied, put away, deleted and brought back; and purged with their files after
a month.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.projects.services import create_project
from studio.runs import retention
from studio.runs.models import Attempt, Run
from studio.teams.access import get_own_team
from studio.uploads.models import Upload
from studio.versions.revisions import restore
from tests.people import adas_team, cast
from tests.studio.runs.making import finished_run, queued_run

pytestmark = pytest.mark.django_db


def test_a_name_stands_before_the_prompt_in_lists(client: Client) -> None:
    run = finished_run()
    client.post(reverse("library:rename", args=[run.pk]), {"name": "Harbour, second try"})
    assert "Harbour, second try" in client.get(reverse("library:library")).content.decode()


def test_its_page_offers_the_teams_other_projects_to_move_it_to(client: Client) -> None:
    run = queued_run()
    page = reverse("runs:run", args=[run.pk])
    assert "Move to" not in client.get(page).content.decode()
    near = create_project(team=adas_team(), name="Near")
    create_project(team=get_own_team(cast("dan")), name="Far")
    html = client.get(page).content.decode()
    assert f'<option value="{near.pk}">Near</option>' in html
    assert "Far" not in html


def test_a_run_moves_within_its_team_only(client: Client) -> None:
    run = finished_run()
    near, far = (
        create_project(team=team, name="New") for team in (adas_team(), get_own_team(cast("ben")))
    )
    client.post(reverse("library:move", args=[run.pk]), {"project": near.pk})
    assert Run.objects.get().project == near
    assert (
        client.post(reverse("library:move", args=[run.pk]), {"project": far.pk}).status_code == 404
    )
    with pytest.raises(ValueError, match="another team"):
        retention.move_run(run=Run.objects.get(), project=far)
    assert client.post(reverse("library:move", args=[run.pk]), {"project": "x"}).status_code == 404


def test_a_copy_is_a_family_of_its_own_with_the_same_versions(client: Client) -> None:
    run = finished_run()
    restored = restore(base=run.attempts.get(), by=cast("ben"))
    answer = client.post(reverse("library:duplicate", args=[run.pk]))
    twin = Run.objects.get(name__contains="(copy)")
    assert answer["Location"] == reverse("runs:run", args=[twin.pk])
    child = twin.descendants.get()
    assert child.base == twin.attempts.get()
    assert (child.kind, child.created_by) == (restored.kind, cast("ben"))
    assert twin.attempts.get().bundle == run.attempts.get().bundle
    assert {run.pk, restored.pk} == {one.pk for one in Run.objects.all()} - {twin.pk, child.pk}


def test_a_run_under_way_cannot_be_copied_yet(client: Client) -> None:
    run = queued_run()
    page = client.post(reverse("library:duplicate", args=[run.pk]), follow=True).content.decode()
    assert "can be duplicated when it is over" in page
    assert Run.objects.count() == 1


def test_a_projects_copy_has_copies_of_its_runs(client: Client) -> None:
    run = finished_run()
    client.post(reverse("library:duplicate-project", args=[run.project_id]))
    twin = Run.objects.exclude(pk=run.pk).get()
    assert twin.project.name == f"{run.project.name} (copy)"
    assert twin.attempts.count() == 1


def test_deleting_stops_what_is_under_way_and_undo_brings_it_back(client: Client) -> None:
    run = queued_run()
    page = client.post(reverse("library:delete", args=[run.pk]), follow=True).content.decode()
    assert Run.objects.get().state == "cancelled"
    assert client.get(reverse("runs:run", args=[run.pk])).status_code == 404
    undo = re.search(r'action="([^"]+)" class="undo"', page)
    assert undo
    client.post(undo[1])
    assert client.get(reverse("runs:run", args=[run.pk])).status_code == 200


@pytest.mark.parametrize("verb", ["rename", "move", "duplicate", "archive", "delete", "undelete"])
@pytest.mark.parametrize(("who", "status"), [("cleo", 403), ("dan", 404)])
def test_only_editors_keep_order(verb: str, who: str, status: int) -> None:
    run = finished_run()
    if verb == "undelete":
        retention.delete_run(run=run, by=cast("ada"))
    someone = Client()
    someone.force_login(cast(who))
    assert someone.post(reverse(f"library:{verb}", args=[run.pk])).status_code == status


def test_a_purge_takes_rows_and_files_of_a_month_ago_and_nothing_that_is_still_named() -> None:
    old, kept = finished_run(), finished_run()
    bundle = old.attempts.get().bundle.name
    twin = retention.duplicate_run(run=old)
    assert twin
    retention.delete_run(run=old, by=cast("ada"))
    Run.objects.filter(pk=old.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    call_command("purge")
    assert {one.pk for one in Run.objects.all()} == {kept.pk, twin.pk}
    assert default_storage.exists(str(bundle)), "the copy's file is gone"
    retention.delete_run(run=twin, by=cast("ada"))
    retention.delete_run(run=kept, by=cast("ada"))
    call_command("purge")
    assert Attempt.objects.count() == 2, "deleted just now: it can still be had back"
    Run.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    names = [Upload.objects.get().file.name, bundle]
    call_command("purge")
    assert not Run.objects.exists()
    assert not Upload.objects.exists()
    assert not [name for name in names if default_storage.exists(str(name))]
