"""The services of API tokens, and the only code that writes their rows.

A token can do what its user can do now, in one team and up to its own role. When the user's role
falls or they leave, their tokens lose access as well.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from studio.teams.access import find_role
from studio.teams.activity import record
from studio.teams.models import ApiToken, Role, Team, User
from studio.teams.secret import hash_secret, make_secret

PREFIX = "likeness_"  # lets scanners for leaked secrets recognize it
# precision of `used_at`: not every request writes to the database
NOTED_EVERY = timedelta(minutes=1)


def create_token(*, team: Team, user: User, name: str, role: Role) -> tuple[ApiToken, str]:
    """Create a token; return its row and the token itself, which cannot be read again.

    Raises PermissionDenied for a role above the user's own.
    """
    own = find_role(team, user)
    if own not in role.at_least:
        raise PermissionDenied(_explain_role(team, own))
    secret = make_secret(PREFIX)
    token = ApiToken.objects.create(
        team=team, user=user, name=name, role=role, digest=hash_secret(secret), ending=secret[-4:]
    )
    record(
        team=team,
        actor=user,
        verb=gettext_noop("created the API token"),
        target=f"{token} as {role.value}",
    )
    return token, secret


def _explain_role(team: Team, own: Role | None) -> str:
    if own is None:
        sentence = gettext("You are not a member of {team}, and a token can do no more than you.")
        return sentence.format(team=team.name)
    sentence = gettext("You are {role} in {team}, and a token can do no more than you.")
    return sentence.format(role=gettext(own.value), team=team.name)


def revoke_token(*, token: ApiToken, by: User) -> None:
    token.delete()
    record(
        team=token.team,
        actor=by,
        verb=gettext_noop("revoked the API token"),
        target=f"{token} of {token.user.email}",
    )


def find_token(secret: str) -> ApiToken | None:
    """Return the token as a caller for `access`; None if it is invalid."""
    tokens = ApiToken.objects.filter(
        digest=hash_secret(secret), user__is_active=True, team__memberships__user=F("user")
    )
    token = tokens.select_related("user", "team").first()
    if token:
        _note_use(token)
    return token


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
        token.used_at = now
