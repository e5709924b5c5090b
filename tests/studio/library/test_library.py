"""Finding runs and projects again."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from studio.projects.services import create_project
from studio.runs import retention
from studio.runs.models import Run
from tests.people import adas_team, cast
from tests.studio.runs.making import queued_run

pytestmark = pytest.mark.django_db
LIBRARY = reverse("library:library")


def found(client: Client, **asked: str) -> str:
    return client.get(LIBRARY, asked).content.decode()


def test_every_word_must_be_in_a_name_or_a_prompt(client: Client) -> None:
    boats, cars = queued_run(prompt="Blue boats"), queued_run(prompt="Blue cars")
    page = found(client, q="blue BOATS")
    assert str(boats.pk) in page
    assert str(cars.pk) not in page


def test_a_projects_name_finds_it_and_its_runs(client: Client) -> None:
    run = queued_run()
    create_project(team=adas_team(), name="Autumn")
    Run.objects.filter(pk=run.pk).update(project=adas_team().projects.get(name="Autumn"))
    page = found(client, q="autumn")
    assert str(run.pk) in page
    assert "/projects/" in page


def test_what_is_archived_or_deleted_is_on_its_own_shelf(client: Client) -> None:
    here, away, gone = queued_run(), queued_run(), queued_run()
    retention.archive_run(run=away)
    retention.delete_run(run=gone, by=cast("ada"))
    for shelf, run in (("active", here), ("archived", away), ("deleted", gone)):
        page = found(client, shelf=shelf)
        assert [one.pk for one in (here, away, gone) if str(one.pk) in page] == [run.pk], shelf


def test_a_project_counts_the_runs_that_its_page_lists(client: Client) -> None:
    here, away, gone = queued_run(), queued_run(), queued_run()
    later = queued_run()
    Run.objects.filter(pk=later.pk).update(root=here)
    retention.archive_run(run=away)
    retention.delete_run(run=gone, by=cast("ada"))
    for page in (LIBRARY, reverse("runs:start")):
        counted = re.findall(
            r'"/projects/\d+/">[^<]+ <span class="muted">(\d+)', client.get(page).content.decode()
        )
        assert counted == ["1"], page


def test_others_runs_are_not_found(client: Client) -> None:
    theirs = queued_run("dan", prompt="Secret boats")
    assert str(theirs.pk) not in found(client, q="boats")
    retention.delete_run(run=theirs, by=cast("ada"))
    assert str(theirs.pk) not in found(client, shelf="deleted")


def test_markup_in_the_words_stays_words(client: Client) -> None:
    assert "<script>" not in found(client, q="<script>alert(1)</script>")


def test_a_long_library_has_pages_that_keep_the_words(client: Client) -> None:
    for _ in range(25):
        queued_run(prompt="boats & cars")
    page = found(client, q="boats &")
    assert "page 1 of 2" in page
    assert "?q=boats+%26&amp;shelf=active&amp;page=2" in page
    assert "page 2 of 2" in found(client, q="boats &", page="99")


def test_it_costs_the_same_however_much_there_is(
    client: Client, django_assert_max_num_queries: object
) -> None:
    counts = []
    for runs in (2, 8):
        for _ in range(runs):
            queued_run()
            create_project(team=adas_team(), name="One more")
        with django_assert_max_num_queries(20) as queries:  # type: ignore[operator]
            client.get(LIBRARY)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nobody_signed_out_gets_in() -> None:
    assert cast("ada")
    assert Client().get(LIBRARY)["Location"].startswith("/sign-in")


@pytest.mark.parametrize(("who", "buttons"), [("ada", 1), ("ben", 1), ("cleo", 0)])
def test_who_may_not_put_runs_away_has_no_buttons_for_it(who: str, buttons: int) -> None:
    gone = queued_run()
    retention.delete_run(run=gone, by=cast("ada"))
    queued_run()
    visitor = Client()
    visitor.force_login(cast(who))
    assert found(visitor).count("Archive</button>") == buttons
    assert found(visitor, shelf="deleted").count("Restore</button>") == buttons
