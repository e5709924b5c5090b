"""Asked for many at once, access is what it is for each alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from studio.runs import retention
from studio.runs.models import Run
from studio.teams import access
from studio.teams.access import Asked
from studio.teams.membership import require_two_factor
from studio.teams.models import ApiToken, Role, TwoFactor, User
from studio.teams.tokens import create_token
from tests.people import adas_team, cast
from tests.studio.runs.making import queued_run

pytestmark = pytest.mark.django_db
PEOPLE = ("ada", "ben", "cleo", "dan")


def session_of(name: str) -> str:
    browser = Client()
    browser.force_login(cast(name))
    key: str = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return key


def test_as_each_alone_for_every_person_run_and_session() -> None:
    runs = [queued_run(), queued_run("dan"), queued_run()]
    retention.delete_run(run=runs[2], by=cast("ada"))
    sessions = {name: session_of(name) for name in PEOPLE}
    User.objects.filter(pk=cast("cleo").pk).update(is_active=False)
    asked = {
        Asked(run.pk, cast(name).pk, session): (cast(name), run, session)
        for name in PEOPLE
        for run in runs
        for session in (*sessions.values(), "no-session", "")
    }
    found = access.standings(Run.objects.all(), asked)
    for one, (user, run, session) in asked.items():
        assert found.get(one) == access.find_standing(Run.objects.all(), user, session, pk=run.pk)
    assert len(found) == 3  # Ada and Ben with theirs, Dan with his


def test_a_token_gives_the_lower_of_its_own_role_and_its_users() -> None:
    run, team = queued_run(), adas_team()
    low, _ = create_token(team=team, user=cast("ada"), name="low", role=Role.VIEWER)
    high, _ = create_token(team=team, user=cast("cleo"), name="high", role=Role.VIEWER)
    ApiToken.objects.filter(pk=high.pk).update(role=Role.OWNER)  # no service makes such a token
    asked = [Asked(run.pk, token.user_id, token=token.pk) for token in (low, high)]
    somebody_elses = Asked(run.pk, cast("ben").pk, token=low.pk)
    found = access.standings(Run.objects.all(), [*asked, somebody_elses])
    assert [found[one] for one in asked] == [Role.VIEWER, Role.VIEWER]
    assert somebody_elses not in found


def test_a_team_that_needs_a_second_factor_is_closed_to_sockets_and_streams_without_one() -> None:
    """Ada has one, Ben has none; each by a session and by a token."""
    run, team = queued_run(), adas_team()
    TwoFactor.objects.create(user=cast("ada"), secret="sealed")
    asked = {}
    for name in ("ada", "ben"):
        token, _ = create_token(team=team, user=cast(name), name="CI", role=Role.EDITOR)
        by_token = Asked(run.pk, token.user_id, token=token.pk)
        asked[name] = {by_token, Asked(run.pk, cast(name).pk, session_of(name))}
    everybody = asked["ada"] | asked["ben"]
    assert access.standings(Run.objects.all(), everybody).keys() == everybody
    require_two_factor(team=team, by=cast("ada"), needed=True)
    assert access.standings(Run.objects.all(), everybody).keys() == asked["ada"]


def test_a_thousand_take_as_many_queries_as_one(django_assert_num_queries: Any) -> None:
    run, session = queued_run(), session_of("ada")
    ada = cast("ada").pk
    asked = {
        Asked(run.pk, ada, session),
        *(Asked(run.pk, ada, f"x{number}") for number in range(999)),
    }
    with django_assert_num_queries(3):
        found = access.standings(Run.objects.all(), asked)
    assert len(found) == 1
