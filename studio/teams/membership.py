"""The services of teams and memberships. A team always has an owner.

A personal team stays its person's: others can be invited, but cannot own it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from studio.teams.access import has_two_factor
from studio.teams.activity import record
from studio.teams.errors import TeamError
from studio.teams.models import ApiToken, Membership, Role, Team, User


def create_team(*, name: str, by: User) -> Team:
    """Create a team owned by `by`; raises TeamError beyond MOST_TEAMS."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if Team.objects.filter(made_by=by, personal=False).count() >= settings.MOST_TEAMS:
            raise TeamError(
                gettext(
                    "You have created {most_teams} teams, the limit per person (MOST_TEAMS)."
                ).format(most_teams=settings.MOST_TEAMS)
            )
        team = Team.objects.create(name=name, made_by=by)
        Membership.objects.create(team=team, user=by, role=Role.OWNER)
        record(team=team, actor=by, verb=gettext_noop("created the team"), target=name)
    return team


def rename_team(*, team: Team, name: str, by: User) -> None:
    Team.objects.filter(pk=team.pk).update(name=name)
    record(
        team=team, actor=by, verb=gettext_noop("renamed the team"), target=f"{team.name} to {name}"
    )


def add_member(
    *, team: Team, user: User, role: Role, verb: str = gettext_noop("joined")
) -> Membership:
    """Add a member; an existing member keeps their role."""
    with transaction.atomic():
        member, is_new = Membership.objects.get_or_create(
            team=team, user=user, defaults={"role": role}
        )
        if is_new:
            record(team=team, actor=user, verb=verb, target=f"as {role.value}")
    return member


def change_role(*, team: Team, user: User, role: Role, by: User) -> None:
    with _lock_members(team) as locked:
        member = _get_member(locked, user)
        if role is Role.OWNER and locked.personal and member.role != Role.OWNER:
            raise TeamError(
                gettext("{name} is a personal team: nobody else can own it.").format(
                    name=locked.name
                )
            )
        if role is not Role.OWNER:
            _keep_an_owner(locked, member)
        member.role = role
        member.save(update_fields=["role"])
        _lower_tokens(locked, user, role)
        record(
            team=locked,
            actor=by,
            verb=gettext_noop("changed the role of"),
            target=f"{user.email} to {role.value}",
        )


def remove_member(*, team: Team, user: User, by: User) -> None:
    """Remove a member and their tokens at once; people can also remove themselves."""
    with _lock_members(team) as locked:
        member = _get_member(locked, user)
        _keep_an_owner(locked, member)
        member.delete()
        ApiToken.objects.filter(team=locked, user=user).delete()
        if user == by:
            record(team=locked, actor=by, verb=gettext_noop("left the team"))
        else:
            record(team=locked, actor=by, verb=gettext_noop("removed"), target=user.email)


def transfer_ownership(*, team: Team, to: User, by: User) -> None:
    """Make `to` an owner of the team and `by` an editor."""
    if to == by:
        raise TeamError(gettext("You already own this team; choose another member."))
    with transaction.atomic():
        change_role(team=team, user=to, role=Role.OWNER, by=by)
        change_role(team=team, user=by, role=Role.EDITOR, by=by)


def _lower_tokens(team: Team, user: User, role: Role) -> None:
    """Lower the user's tokens to the new role; they stay lowered if it is raised later."""
    above = [higher for higher in role.at_least if higher is not role]
    ApiToken.objects.filter(team=team, user=user, role__in=above).update(role=role)


@contextmanager
def _lock_members(team: Team) -> Iterator[Team]:
    """Yield the team, locked, so that two owners who both leave cannot leave it without one."""
    with transaction.atomic():
        yield Team.objects.select_for_update().get(pk=team.pk)


def _get_member(team: Team, user: User) -> Membership:
    member = Membership.objects.filter(team=team, user=user).first()
    if member is None:
        raise TeamError(
            gettext("{email} is not a member of {name}.").format(email=user.email, name=team.name)
        )
    return member


def _keep_an_owner(team: Team, leaving: Membership) -> None:
    """Raise TeamError if the team would have no owner without this member."""
    if leaving.role != Role.OWNER:
        return
    if team.personal:
        raise TeamError(
            gettext("{name} is the personal team of {email}, who must stay its owner.").format(
                name=team.name, email=leaving.user.email
            )
        )
    if not Membership.objects.filter(team=team, role=Role.OWNER).exclude(pk=leaving.pk).exists():
        raise TeamError(
            gettext("{email} is the only owner of {name}; transfer ownership first.").format(
                email=leaving.user.email, name=team.name
            )
        )


def require_two_factor(*, team: Team, by: User, needed: bool) -> None:
    """Require a second factor in the team, or make it optional.

    Raises TeamError for an owner without one, who would lose access.
    """
    if needed and not has_two_factor(by):
        raise TeamError(gettext("Set up two-factor authentication on your own account first."))
    Team.objects.filter(pk=team.pk).update(needs_two_factor=needed)
    record(
        team=team,
        actor=by,
        verb=gettext_noop("made two-factor authentication"),
        target="required" if needed else "optional",
    )
