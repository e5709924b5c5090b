"""Tokens for programs: shown once, one team, one role, and never more than their user may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.projects.models import Project
from studio.runs.models import Run
from studio.teams import access, membership
from studio.teams.access import get_own_team
from studio.teams.models import ApiToken, Membership, Role, Team
from studio.teams.tokens import create_token, find_token, revoke_token
from tests.people import adas_team, cast
from tests.studio.runs.making import queued_run

pytestmark = pytest.mark.django_db


def secret_of(name: str, role: Role) -> str:
    """A token of that role, whatever its maker may do by now: made when they owned the team."""
    user, team = cast(name), adas_team()
    before = Membership.objects.filter(team=team, user=user).values_list("role", flat=True).first()
    Membership.objects.update_or_create(team=team, user=user, defaults={"role": Role.OWNER})
    secret = create_token(team=team, user=user, name="CI", role=role)[1]
    member = Membership.objects.filter(team=team, user=user)
    if before is None:
        member.delete()
    else:
        member.update(role=before)
    return secret


def caller(secret: str) -> ApiToken:
    found = find_token(secret)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "role", "need", "outcome"),
    [
        ("ada", Role.OWNER, Role.OWNER, None),
        ("ada", Role.EDITOR, Role.EDITOR, None),
        ("ada", Role.EDITOR, Role.OWNER, PermissionDenied),
        ("ada", Role.VIEWER, Role.EDITOR, PermissionDenied),
        ("ben", Role.OWNER, Role.EDITOR, None),
        ("ben", Role.OWNER, Role.OWNER, PermissionDenied),
        ("cleo", Role.EDITOR, Role.EDITOR, PermissionDenied),
        ("cleo", Role.EDITOR, Role.VIEWER, None),
        ("dan", Role.OWNER, Role.VIEWER, "nobody"),
    ],
)
def test_it_may_the_lesser_of_its_role_and_its_users(
    name: str, role: Role, need: Role, outcome: object
) -> None:
    run, found = queued_run(), find_token(secret_of(name, role))
    if outcome == "nobody":
        assert found is None
        return
    assert found is not None
    if outcome is None:
        assert access.fetch(Run.objects.all(), found, need=need, pk=run.pk) == run
    else:
        with pytest.raises(PermissionDenied):
            access.fetch(Run.objects.all(), found, need=need, pk=run.pk)


def test_it_sees_its_own_team_only() -> None:
    """Ada's token for her team opens nothing of another team that Ada is in."""
    ours, theirs = queued_run("ada"), queued_run("dan")
    Membership.objects.create(team=get_own_team(cast("dan")), user=cast("ada"), role=Role.EDITOR)
    token = caller(secret_of("ada", Role.OWNER))
    assert list(access.filter_visible(Run.objects.all(), token)) == [ours]
    assert list(access.filter_visible(Project.objects.all(), token)) == [ours.project]
    assert list(access.filter_visible(Team.objects.all(), token)) == [adas_team()]
    with pytest.raises(Http404):
        access.fetch(Run.objects.all(), token, pk=theirs.pk)


def test_a_change_of_role_reaches_it_at_once() -> None:
    run, secret = queued_run(), secret_of("ben", Role.EDITOR)
    Membership.objects.filter(user=cast("ben"), team=adas_team()).update(role=Role.VIEWER)
    with pytest.raises(PermissionDenied):
        access.fetch(Run.objects.all(), caller(secret), need=Role.EDITOR, pk=run.pk)
    Membership.objects.filter(user=cast("ben"), team=adas_team()).delete()
    assert find_token(secret) is None


@pytest.mark.parametrize(
    ("name", "role"),
    [("cleo", Role.EDITOR), ("cleo", Role.OWNER), ("ben", Role.OWNER), ("dan", Role.VIEWER)],
)
def test_nobody_makes_one_above_their_own_role(name: str, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        create_token(team=adas_team(), user=cast(name), name="CI", role=role)
    assert not ApiToken.objects.exists()


def test_a_viewer_who_asks_for_an_owners_is_told_why_not() -> None:
    browser = Client()
    browser.force_login(cast("cleo"))
    answer = browser.post(f"/teams/{adas_team().pk}/tokens", {"name": "CI", "role": "owner"})
    assert answer.status_code == 422
    assert "a token can do no more than you" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_what_a_change_of_role_took_it_does_not_get_back() -> None:
    secret = secret_of("ben", Role.EDITOR)
    for role in (Role.VIEWER, Role.EDITOR):
        membership.change_role(team=adas_team(), user=cast("ben"), role=role, by=cast("ada"))
    assert caller(secret).role == Role.VIEWER


def test_a_closed_account_closes_it() -> None:
    secret = secret_of("ben", Role.EDITOR)
    ben = cast("ben")
    ben.is_active = False
    ben.save()
    assert find_token(secret) is None


def test_taken_back_it_opens_nothing() -> None:
    token, secret = create_token(team=adas_team(), user=cast("ada"), name="CI", role=Role.OWNER)
    revoke_token(token=token, by=cast("ada"))
    assert find_token(secret) is None
    assert find_token("") is None


def test_the_database_holds_its_hash_and_last_four_characters() -> None:
    secret = secret_of("ada", Role.OWNER)
    kept = ApiToken.objects.values().get()
    assert secret not in map(str, kept.values())
    assert kept["ending"] == secret[-4:]


def test_its_last_use_is_noted_but_not_written_each_time() -> None:
    secret = secret_of("ada", Role.OWNER)
    assert ApiToken.objects.get().used_at is None
    assert caller(secret).used_at is not None
    with CaptureQueriesContext(
        connection,
    ) as queries:
        caller(secret)
    assert len(queries) == 1
    ApiToken.objects.update(used_at=timezone.now() - timedelta(hours=1))
    assert caller(secret).used_at == ApiToken.objects.get().used_at
