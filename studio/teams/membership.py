"""The verbs of teams and who is in them. A team is never without an owner: every change of one
waits for the last.

A personal team belongs to its person for good: others may be invited, but not own it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction

from studio.teams.activity import record
from studio.teams.errors import TeamError
from studio.teams.models import ApiToken, Membership, Role, Team, User


def create_team(*, name: str, by: User) -> Team:
    """Make a team that `by` owns; raises TeamError when they have made as many as one person may."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if Team.objects.filter(made_by=by, personal=False).count() >= settings.MOST_TEAMS:
            raise TeamError(
                f"You have made {settings.MOST_TEAMS} teams; one person may make no more (MOST_TEAMS)."
            )
        team = Team.objects.create(name=name, made_by=by)
        Membership.objects.create(team=team, user=by, role=Role.OWNER)
        record(team=team, actor=by, verb="made the team", target=name)
    return team


def rename_team(*, team: Team, name: str, by: User) -> None:
    Team.objects.filter(pk=team.pk).update(name=name)
    record(team=team, actor=by, verb="renamed the team", target=f"{team.name} to {name}")


def add_member(*, team: Team, user: User, role: Role, verb: str = "joined") -> Membership:
    """The new member; who is one already stays what they are."""
    with transaction.atomic():
        member, new = Membership.objects.get_or_create(
            team=team, user=user, defaults={"role": role}
        )
        if new:
            record(team=team, actor=user, verb=verb, target=f"as {role.value}")
    return member


def change_role(*, team: Team, user: User, role: Role, by: User) -> None:
    with _lock_members(team) as locked:
        member = _get_member(locked, user)
        if role is Role.OWNER and locked.personal and member.role != Role.OWNER:
            raise TeamError(f"{locked.name} is a personal team: nobody else can own it.")
        if role is not Role.OWNER:
            _keep_an_owner(locked, member)
        member.role = role
        member.save(update_fields=["role"])
        _lower_tokens(locked, user, role)
        record(
            team=locked,
            actor=by,
            verb="changed the role of",
            target=f"{user.email} to {role.value}",
        )


def remove_member(*, team: Team, user: User, by: User) -> None:
    """Out of the team at once, with the tokens they made in it. One who removes themselves leaves."""
    with _lock_members(team) as locked:
        member = _get_member(locked, user)
        _keep_an_owner(locked, member)
        member.delete()
        ApiToken.objects.filter(team=locked, user=user).delete()
        if user == by:
            record(team=locked, actor=by, verb="left")
        else:
            record(team=locked, actor=by, verb="removed", target=user.email)


def transfer_ownership(*, team: Team, to: User, by: User) -> None:
    """`to` owns the team from now on, and `by`, who did, edits in it."""
    if to == by:
        raise TeamError("You own this team already; choose somebody else.")
    with transaction.atomic():
        change_role(team=team, user=to, role=Role.OWNER, by=by)
        change_role(team=team, user=by, role=Role.EDITOR, by=by)


def _lower_tokens(team: Team, user: User, role: Role) -> None:
    """No token outlives its maker's role: raised again later, they make a new one."""
    above = [one for one in role.at_least if one is not role]
    ApiToken.objects.filter(team=team, user=user, role__in=above).update(role=role)


@contextmanager
def _lock_members(team: Team) -> Iterator[Team]:
    """The team, locked: of two owners who both leave, the second finds that they are the last."""
    with transaction.atomic():
        yield Team.objects.select_for_update().get(pk=team.pk)


def _get_member(team: Team, user: User) -> Membership:
    member = Membership.objects.filter(team=team, user=user).first()
    if member is None:
        raise TeamError(f"{user.email} is not in {team.name} (any more).")
    return member


def _keep_an_owner(team: Team, leaving: Membership) -> None:
    """Raises TeamError when without this one nobody would own the team."""
    if leaving.role != Role.OWNER:
        return
    if team.personal:
        raise TeamError(f"{team.name} is {leaving.user.email}'s personal team; it stays theirs.")
    if not Membership.objects.filter(team=team, role=Role.OWNER).exclude(pk=leaving.pk).exists():
        raise TeamError(
            f"{leaving.user.email} is the only owner of {team.name}; hand it over to somebody first."
        )
