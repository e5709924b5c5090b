"""Who is in a team, as what, and that it always has an owner."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import OperationalError, connection

from studio.teams import access, membership
from studio.teams.access import get_own_team
from studio.teams.errors import TeamError
from studio.teams.models import Activity, ApiToken, Membership, Role, Team, User
from studio.teams.tokens import create_token
from tests.people import adas_team, cast

pytestmark = pytest.mark.django_db


def boats(*others: tuple[str, Role]) -> Team:
    team = membership.create_team(name="Boats", by=cast("ada"))
    for name, role in others:
        membership.add_member(team=team, user=cast(name), role=role)
    return team


def roles(team: Team) -> dict[str, str]:
    return {one.user.name: one.role for one in team.memberships.select_related("user")}


def test_a_person_is_in_several_teams() -> None:
    team = boats(("ben", Role.EDITOR))
    assert {one.name for one in access.filter_visible(Team.objects.all(), cast("ben"))} == {
        "ada",
        "ben",
        "Boats",
    }
    assert roles(team) == {"ada": "owner", "ben": "editor"}


def test_roles_are_changed_by_their_owner() -> None:
    team = boats(("ben", Role.EDITOR))
    membership.change_role(team=team, user=cast("ben"), role=Role.VIEWER, by=cast("ada"))
    assert roles(team)["ben"] == "viewer"
    assert access.find_role(team, cast("ben")) is Role.VIEWER
    assert access.find_role(team, cast("dan")) is None


def test_a_team_handed_over_is_edited_by_who_had_it() -> None:
    team = boats(("ben", Role.VIEWER))
    membership.transfer_ownership(team=team, to=cast("ben"), by=cast("ada"))
    assert roles(team) == {"ada": "editor", "ben": "owner"}


@pytest.mark.parametrize(
    "change",
    [
        lambda team: membership.change_role(
            team=team, user=cast("ada"), role=Role.EDITOR, by=cast("ada")
        ),
        lambda team: membership.remove_member(team=team, user=cast("ada"), by=cast("ada")),
        lambda team: membership.transfer_ownership(team=team, to=cast("ada"), by=cast("ada")),
        lambda team: membership.transfer_ownership(team=team, to=cast("dan"), by=cast("ada")),
        lambda team: membership.change_role(
            team=team, user=cast("dan"), role=Role.OWNER, by=cast("ada")
        ),
    ],
)
def test_it_is_never_without_an_owner(change: Any) -> None:
    team = boats(("ben", Role.EDITOR))
    with pytest.raises(TeamError):
        change(team)
    assert roles(team) == {"ada": "owner", "ben": "editor"}


def test_of_two_owners_one_may_go() -> None:
    team = boats(("ben", Role.OWNER))
    membership.remove_member(team=team, user=cast("ada"), by=cast("ada"))
    with pytest.raises(
        TeamError, match=r"ben@example.org is the only owner of Boats; transfer ownership"
    ):
        membership.remove_member(team=team, user=cast("ben"), by=cast("ben"))


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_do_not_both_leave() -> None:
    team, refused, gate = boats(("ben", Role.OWNER)), [], threading.Barrier(2)

    def leave(user: User) -> None:
        gate.wait(20)
        while True:
            try:
                membership.remove_member(team=team, user=user, by=user)
            except TeamError as error:
                refused.append(str(error))
            except OperationalError:  # the tests' database in memory refuses where a real one waits
                continue
            break
        connection.close()

    threads = [threading.Thread(target=leave, args=(cast(name),)) for name in ("ada", "ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert list(roles(team).values()) == ["owner"]


def test_a_personal_team_stays_its_persons() -> None:
    cast("ben")
    team = adas_team()
    for change in (
        lambda: membership.transfer_ownership(team=team, to=cast("ben"), by=cast("ada")),
        lambda: membership.change_role(
            team=team, user=cast("ben"), role=Role.OWNER, by=cast("ada")
        ),
        lambda: membership.remove_member(team=team, user=cast("ada"), by=cast("ada")),
    ):
        with pytest.raises(TeamError):
            change()
    assert get_own_team(cast("ada")) == team


def test_who_is_removed_loses_their_tokens_with_it() -> None:
    team = boats(("ben", Role.EDITOR))
    create_token(team=team, user=cast("ben"), name="CI", role=Role.EDITOR)
    create_token(team=get_own_team(cast("ben")), user=cast("ben"), name="mine", role=Role.EDITOR)
    membership.remove_member(team=team, user=cast("ben"), by=cast("ada"))
    assert [token.name for token in ApiToken.objects.all()] == ["mine"]
    assert not Membership.objects.filter(team=team, user=cast("ben")).exists()


def test_every_change_is_in_the_log() -> None:
    team = boats(("ben", Role.EDITOR))
    membership.change_role(team=team, user=cast("ben"), role=Role.VIEWER, by=cast("ada"))
    membership.rename_team(team=team, name="Ships", by=cast("ada"))
    membership.remove_member(team=team, user=cast("ben"), by=cast("ada"))
    assert [str(line) for line in Activity.objects.filter(team=team).order_by("pk")] == [
        "ada@example.org created the team Boats",
        "ben@example.org joined as editor",
        "ada@example.org changed the role of ben@example.org to viewer",
        "ada@example.org renamed the team Boats to Ships",
        "ada@example.org removed ben@example.org",
    ]
