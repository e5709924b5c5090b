"""Links that let a stranger look at one run, and at nothing else, until they run out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.collaboration.models import ShareLink
from studio.collaboration.services import make_link_token, share_run
from studio.runs.models import Run
from studio.runs.services import record_attempt
from tests.people import cast
from tests.studio.runs.making import BEN, attempt, claimed_run, queued_run

pytestmark = pytest.mark.django_db


def shared_run() -> tuple[Run, str]:
    run = claimed_run()
    record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
    return run, make_link_token(share_run(run=run, by=cast("ada"), days=7))


def test_whoever_has_the_link_sees_the_result_without_an_account() -> None:
    _, token = shared_run()
    page = Client().get(reverse("collaboration:shared", args=[token])).content.decode()
    assert "90.0" in page
    assert "&lt;h1&gt;Boats" in page
    for name in ("mockup", "render", "heatmap"):
        picture = Client().get(reverse("collaboration:shared-picture", args=[token, name]))
        assert picture.content[:4] == b"\x89PNG", name


def test_nothing_else_is_reached_by_it() -> None:
    run, token = shared_run()
    stranger = Client()
    stranger.get(reverse("collaboration:shared", args=[token]))
    page = stranger.get(reverse("collaboration:shared", args=[token])).content.decode()
    assert str(run.project_id) not in [
        part for part in page.split('"') if part.startswith("/projects/")
    ]
    assert stranger.get(reverse("runs:run", args=[run.pk]))["Location"].startswith("/sign-in")
    assert stranger.get(reverse("runs:download", args=[run.pk]))["Location"].startswith("/sign-in")
    assert (
        stranger.get(reverse("collaboration:shared-picture", args=[token, "bundle"])).status_code
        == 404
    )


@pytest.mark.parametrize("spoil", ["expired", "closed", "made up", "project deleted"])
def test_a_link_that_no_longer_counts_shows_nothing(spoil: str, client: Client) -> None:
    run, token = shared_run()
    link = ShareLink.objects.get()
    if spoil == "expired":
        ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spoil == "closed":
        client.post(reverse("collaboration:close", args=[run.pk, link.pk]))
    elif spoil == "project deleted":
        run.project.deleted_at = timezone.now()
        run.project.save()
    else:
        token = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    answer = Client().get(reverse("collaboration:shared", args=[token]))
    assert answer.status_code == 410
    assert "This link is closed" in answer.content.decode()
    assert (
        Client().get(reverse("collaboration:shared-picture", args=[token, "mockup"])).status_code
        == 404
    )


def page_address(token: str) -> str:
    """Of the page in the frame of what a link shows."""
    html = Client().get(reverse("collaboration:shared", args=[token])).content.decode()
    found = re.search(r'<iframe [^>]*src="([^"]+)"', html)
    assert found
    return found[1]


def test_the_page_itself_is_shown_under_its_strict_policy_and_not_kept() -> None:
    _, token = shared_run()
    address = page_address(token)
    page = Client().get(address)
    assert "<h1>Boats" in page.content.decode()
    assert page["Content-Security-Policy"].startswith("sandbox allow-scripts; default-src 'none'")
    assert page["Cache-Control"] == "no-store"
    assert Client().get(address.replace("index.html", "assets/a.png")).content[:4] == b"\x89PNG"
    assert Client().get(address.replace("index.html", "../views.py")).status_code == 404
    assert token not in address  # the page can read its own address, and must not learn the link's
    in_a_tab = Client().get(address, headers={"Sec-Fetch-Dest": "document"})
    assert in_a_tab["Location"] == "http://testserver" + reverse(
        "collaboration:shared", args=[token]
    )


def test_closing_a_link_closes_the_page_in_its_frame_too(client: Client) -> None:
    run, token = shared_run()
    address = page_address(token)
    client.post(reverse("collaboration:close", args=[run.pk, ShareLink.objects.get().pk]))
    assert Client().get(address).status_code == 404


def test_sharing_and_closing_stand_in_the_activity_of_the_team(client: Client) -> None:
    run, _ = shared_run()
    client.post(reverse("collaboration:close", args=[run.pk, ShareLink.objects.get().pk]))
    assert [str(line) for line in run.project.team.activities.all()[:2]] == [
        "ada@example.org closed a share link of a run without words in First project",
        "ada@example.org shared a run without words in First project for 7 days",
    ]


def test_an_editor_makes_one_and_is_shown_its_address(client: Client) -> None:
    run = queued_run()
    address = reverse("collaboration:share", args=[run.pk])
    client.post(address, {"days": 30})
    link = ShareLink.objects.get()
    assert timedelta(days=29) < link.expires_at - timezone.now() <= timedelta(days=30)
    assert (
        f"http://testserver/shared/{make_link_token(link)}" in client.get(address).content.decode()
    )


def test_a_viewer_cannot_share() -> None:
    run, viewer = queued_run(), Client()
    viewer.force_login(cast("cleo"))
    assert (
        viewer.post(reverse("collaboration:share", args=[run.pk]), {"days": 7}).status_code == 403
    )
    assert not ShareLink.objects.exists()


def test_a_length_that_is_not_offered_is_refused_in_one_sentence(client: Client) -> None:
    answer = client.post(reverse("collaboration:share", args=[queued_run().pk]), {"days": 3650})
    assert answer.status_code == 422
    assert "Days: use 1, 7, 30 or 90." in answer.content.decode()


def test_the_list_costs_the_same_however_long_it_is(
    client: Client, django_assert_max_num_queries: object
) -> None:
    run = queued_run()
    address = reverse("collaboration:share", args=[run.pk])
    counts = []
    for links in (1, 10):
        for _ in range(links):
            share_run(run=run, by=cast("ada"), days=7)
        with django_assert_max_num_queries(20) as queries:  # type: ignore[operator]
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
