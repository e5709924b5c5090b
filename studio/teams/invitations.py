"""Invitations: a link with an expiry, told to somebody or sent by e-mail; and how one becomes a
membership.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.teams.activity import record
from studio.teams.errors import TeamError
from studio.teams.mailing import send
from studio.teams.membership import add_member
from studio.teams.models import Invitation, Role, Team, User
from studio.teams.secret import hash_secret, make_secret
from studio.teams.services import create_user

DAYS = (1, 7, 30)  # how long one may last
MOST_OPEN = 100  # of one team: a slip of the finger, or of a script, ends somewhere


class InvitationOver(TeamError):
    """It was used, taken back or has expired."""


def invite(
    *, team: Team, by: User, role: Role, days: int, email: str = ""
) -> tuple[Invitation, str]:
    """The invitation, and the token of its link, which is nowhere to be had again."""
    if role is Role.OWNER:
        raise TeamError("Invite as viewer or editor; who is in the team can then be made an owner.")
    if email and team.memberships.filter(user__email=email.lower()).exists():
        raise TeamError(f"{email.lower()} is in {team.name} already.")
    if open_invitations(team).count() >= MOST_OPEN:
        raise TeamError(f"{team.name} has {MOST_OPEN} open invitations; take some back first.")
    token = make_secret()
    with transaction.atomic():
        found = Invitation.objects.create(
            team=team,
            role=role,
            email=email.lower(),
            invited_by=by,
            digest=hash_secret(token),
            expires_at=timezone.now() + timedelta(days=days),
        )
        record(
            team=team,
            actor=by,
            verb="invited",
            target=f"{found.email or 'whoever has a link'} as {role.value}",
        )
    return found, token


def send_invitation(*, invitation: Invitation, address: str) -> None:
    """Send the link; raises TeamError when no mail could be sent (the invitation stays, its link
    can be told).
    """
    who = invitation.invited_by.email if invitation.invited_by else "Somebody"
    text = (
        f"{who} invites you to the team {invitation.team.name} on Likeness, as {invitation.role}.\n\n"
        f"{address}\n\nThe link works once, until {invitation.expires_at:%d %B %Y, %H:%M} UTC."
    )
    send(
        to=invitation.email, subject=f"Invitation to {invitation.team.name} on Likeness", text=text
    )


def open_invitations(team: Team) -> QuerySet[Invitation]:
    return team.invitations.filter(expires_at__gt=timezone.now())


def find_invitation(token: str) -> Invitation | None:
    """The invitation whose link this is; None when it is unknown, used, taken back or too old."""
    found = (
        Invitation.objects.select_related("team", "invited_by")
        .filter(digest=hash_secret(token))
        .first()
    )
    return found if found and found.expires_at > timezone.now() else None


def accept_invitation(*, invitation: Invitation, user: User) -> Team:
    """Make `user` a member; raises TeamError when the invitation is over by now."""
    with transaction.atomic():
        locked = _lock_invitation(invitation)
        return _admit(locked, user)


def join_as_new_user(*, invitation: Invitation, email: str, password: str | None = None) -> User:
    """Make an account and let it into the team, both or neither.

    The invitation is locked before the account is made: of several requests with a link that
    works once, one makes an account. Raises TeamError for the others.
    """
    with transaction.atomic():
        locked = _lock_invitation(invitation)
        if User.objects.filter(email=email.lower()).exists():
            raise TeamError(f"There is an account for {email.lower()} already: sign in with it.")
        user = create_user(email=email, password=password)
        _admit(locked, user)
    return user


def _lock_invitation(invitation: Invitation) -> Invitation:
    """Return the invitation as it is now, held until the transaction ends."""
    open_now = Invitation.objects.filter(expires_at__gt=timezone.now())
    locked = (
        open_now.select_for_update(of=("self",))
        .select_related("team")
        .filter(pk=invitation.pk)
        .first()
    )
    if locked is None:
        raise InvitationOver("This invitation was used just now.")
    return locked


def _admit(locked: Invitation, user: User) -> Team:
    """Let `user` in, and use up an invitation that was for one person."""
    if locked.email:
        Invitation.objects.filter(pk=locked.pk).delete()
    add_member(team=locked.team, user=user, role=Role(locked.role))
    return locked.team


def revoke_invitation(*, invitation: Invitation, by: User) -> None:
    invitation.delete()
    record(
        team=invitation.team,
        actor=by,
        verb="took back the invitation of",
        target=invitation.email or "a link",
    )
