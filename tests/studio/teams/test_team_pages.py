"""A team's pages, as a browser without script gets them."""

from __future__ import annotations

import pytest
from django.test import Client

from studio.projects.models import Project
from studio.teams import invitations, membership
from studio.teams.access import get_own_team
from studio.teams.activity import record
from studio.teams.models import ApiToken, Role, Team
from studio.teams.tokens import create_token
from tests.people import adas_team, cast

pytestmark = pytest.mark.django_db


def browser(name: str) -> Client:
    client = Client()
    client.force_login(cast(name))
    return client


def test_a_new_team_is_where_its_maker_works(client: Client) -> None:
    assert client.post("/teams/", {"name": ""}).status_code == 422
    answer = client.post("/teams/", {"name": "Boats"})
    team = Team.objects.get(name="Boats")
    assert answer["Location"] == f"/teams/{team.pk}/"
    client.post("/projects/new", {"name": "Spring"})
    assert Project.objects.get().team == team


def test_working_elsewhere_is_one_click_and_ends_with_the_membership(client: Client) -> None:
    ben, cleo = browser("ben"), browser("cleo")
    ben.post(f"/teams/{adas_team().pk}/work")
    ben.post("/projects/new", {"name": "Spring"})
    assert Project.objects.get().team == adas_team()
    membership.remove_member(team=adas_team(), user=cast("ben"), by=cast("ada"))
    ben.post("/projects/new", {"name": "Autumn"})
    assert Project.objects.get(name="Autumn").team == get_own_team(cast("ben"))
    cleo.post(f"/teams/{adas_team().pk}/work")
    assert cleo.post("/projects/new", {"name": "Winter"}).status_code == 403


def test_only_owners_see_who_is_invited_and_the_buttons(client: Client) -> None:
    invitations.invite(
        team=adas_team(), by=cast("ada"), role=Role.VIEWER, days=1, email="eve@example.org"
    )
    address = f"/teams/{adas_team().pk}/"
    assert "eve@example.org" in client.get(address).content.decode()
    page = browser("ben").get(address).content.decode()
    assert "ada@example.org" in page
    assert "eve@example.org" not in page
    assert "/remove" not in page


def test_why_something_cannot_be_done_is_said(client: Client) -> None:
    cast("ben")
    page = client.post(f"/teams/{adas_team().pk}/leave", follow=True).content.decode()
    assert "who must stay its owner" in page


def test_leaving_leads_to_the_teams_one_is_still_in() -> None:
    page = browser("ben").post(f"/teams/{adas_team().pk}/leave", follow=True).content.decode()
    assert "You have left ada." in page


def test_a_token_is_shown_once_and_ended(client: Client) -> None:
    address = f"/teams/{adas_team().pk}/tokens"
    page = client.post(address, {"name": "CI", "role": "editor"}).content.decode()
    token = ApiToken.objects.get()
    assert f"{token.ending}</code>" in page
    assert "likeness_" in page
    assert "likeness_" not in client.get(address).content.decode()
    client.post(f"{address}/{token.pk}/revoke")
    assert not ApiToken.objects.exists()


def test_members_see_and_end_their_own_tokens_owners_all(client: Client) -> None:
    theirs, _ = create_token(team=adas_team(), user=cast("ben"), name="Ben's", role=Role.EDITOR)
    mine, _ = create_token(team=adas_team(), user=cast("ada"), name="Ada's", role=Role.EDITOR)
    address, ben = f"/teams/{adas_team().pk}/tokens", browser("ben")
    assert "Ada&#x27;s" not in ben.get(address).content.decode()
    assert ben.post(f"{address}/{mine.pk}/revoke").status_code == 403
    assert client.post(f"{address}/{theirs.pk}/revoke").status_code == 302
    assert list(ApiToken.objects.all()) == [mine]


def test_the_log_is_cut_into_pages(client: Client) -> None:
    for number in range(60):
        record(team=adas_team(), actor=cast("ada"), verb="counted", target=f"number {number}.")
    address = f"/teams/{adas_team().pk}/activity"
    first, second = (client.get(address, {"page": page}).content.decode() for page in ("1", "2"))
    assert ("number 59." in first, "number 59." in second) == (True, False)
    assert ("number 0." in first, "number 0." in second) == (False, True)
