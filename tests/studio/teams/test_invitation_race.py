"""An invitation to one person, used by several at once: one account is made and one person comes
in.
"""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, connection

from studio.teams import invitations
from studio.teams.models import Invitation, Membership, Role, User
from tests.people import adas_team, cast

AT_ONCE = 6
PATIENCE = 20  # seconds for all threads to arrive


@pytest.mark.django_db(transaction=True)
def test_six_at_once_make_one_account() -> None:
    invitation, _ = invitations.invite(
        team=adas_team(), by=cast("ada"), role=Role.EDITOR, days=7, email="eve@example.org"
    )
    gate, outcomes = threading.Barrier(AT_ONCE), []

    def join(number: int) -> None:
        gate.wait(PATIENCE)
        while True:
            try:
                invitations.join_as_new_user(
                    invitation=invitation, email=f"eve{number}@example.org"
                )
                outcomes.append("in")
            except invitations.InvitationOver:
                outcomes.append("over")
            except OperationalError:  # the tests' database in memory refuses where a real one waits
                continue
            break
        connection.close()

    threads = [threading.Thread(target=join, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in"] + ["over"] * (AT_ONCE - 1)
    assert User.objects.filter(email__startswith="eve").count() == 1
    assert Membership.objects.filter(team=adas_team()).count() == 2
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_an_invitation_that_is_over_makes_no_account() -> None:
    invitation, _ = invitations.invite(
        team=adas_team(), by=cast("ada"), role=Role.EDITOR, days=7, email="eve@example.org"
    )
    Invitation.objects.all().delete()
    with pytest.raises(invitations.InvitationOver):
        invitations.join_as_new_user(
            invitation=invitation, email="eve@example.org", password="x" * 12
        )
    assert not User.objects.filter(email="eve@example.org").exists()


@pytest.mark.django_db
def test_no_account_is_left_of_who_could_not_be_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    invitation, _ = invitations.invite(team=adas_team(), by=cast("ada"), role=Role.EDITOR, days=7)

    def fail(**kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr(invitations, "add_member", fail)
    with pytest.raises(OSError):
        invitations.join_as_new_user(
            invitation=invitation, email="eve@example.org", password="x" * 12
        )
    assert not User.objects.filter(email="eve@example.org").exists()
