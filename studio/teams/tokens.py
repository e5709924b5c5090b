"""API tokens: made, used and taken back; the only writer of them.

A token does what its user may do now, in its one team and up to its own role: who is made a viewer,
or leaves, takes the power of their tokens along.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone

from studio.teams.access import find_role
from studio.teams.activity import record
from studio.teams.models import ApiToken, Role, Team, User
from studio.teams.secret import hash_secret, make_secret

PREFIX = "likeness_"  # so that scanners for leaked secrets know one when they see it
NOTED_EVERY = timedelta(minutes=1)  # how exactly `used_at` is kept: not every request is a write


def create_token(*, team: Team, user: User, name: str, role: Role) -> tuple[ApiToken, str]:
    """The row, and the token itself, which is nowhere to be had again.

    Raises PermissionDenied for a role above the user's own.
    """
    own = find_role(team, user)
    if own not in role.at_least:
        words = f"{own.value} in" if own else "not in"
        raise PermissionDenied(f"You are {words} {team.name}, and a token can do no more than you.")
    secret = make_secret(PREFIX)
    token = ApiToken.objects.create(
        team=team, user=user, name=name, role=role, digest=hash_secret(secret), ending=secret[-4:]
    )
    record(team=team, actor=user, verb="made the API token", target=f"{token} as {role.value}")
    return token, secret


def revoke_token(*, token: ApiToken, by: User) -> None:
    token.delete()
    record(
        team=token.team,
        actor=by,
        verb="ended the API token",
        target=f"{token} of {token.user.email}",
    )


def find_token(secret: str) -> ApiToken | None:
    """Who calls with this token, for `access.visible` and `access.fetch`; None when nobody may (any
    more).
    """
    found = ApiToken.objects.filter(
        digest=hash_secret(secret), user__is_active=True, team__memberships__user=F("user")
    ).select_related("user", "team")
    token = found.first()
    if token:
        _note_use(token)
    return token


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
        token.used_at = now
