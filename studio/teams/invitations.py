"""Invitations: links with an expiry that become memberships."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from studio.teams.activity import record
from studio.teams.errors import TeamError
from studio.teams.mailing import send
from studio.teams.membership import add_member
from studio.teams.models import Invitation, Role, Team, User
from studio.teams.secret import hash_secret, make_secret
from studio.teams.services import create_user

DAYS = (1, 7, 30)  # choices for how long an invitation lasts
MOST_OPEN = 100  # of one team; limits accidents and scripts


class InvitationOver(TeamError):
    """Raised when the invitation was used, was revoked or has expired."""


def invite(
    *, team: Team, by: User, role: Role, days: int, email: str = ""
) -> tuple[Invitation, str]:
    """Create an invitation; return it and the token of its link, which cannot be read again."""
    if role is Role.OWNER:
        raise TeamError(gettext("Invite as viewer or editor; members can be made owners later."))
    if email and team.memberships.filter(user__email=email.lower()).exists():
        raise TeamError(
            gettext("{email} is already in {name}.").format(email=email.lower(), name=team.name)
        )
    if open_invitations(team).count() >= MOST_OPEN:
        raise TeamError(
            gettext("{name} has {most_open} open invitations; revoke some first.").format(
                name=team.name, most_open=MOST_OPEN
            )
        )
    token = make_secret()
    with transaction.atomic():
        invitation = Invitation.objects.create(
            team=team,
            role=role,
            email=email.lower(),
            invited_by=by,
            digest=hash_secret(token),
            expires_at=timezone.now() + timedelta(days=days),
        )
        invited = invitation.email or "anyone with a link"
        record(
            team=team, actor=by, verb=gettext_noop("invited"), target=f"{invited} as {role.value}"
        )
    return invitation, token


def send_invitation(*, invitation: Invitation, address: str) -> None:
    """Mail the link; if that fails, raise TeamError and keep the invitation."""
    sender = invitation.invited_by.email if invitation.invited_by else gettext("A former member")
    text = gettext(
        "{sender} invites you to the team {team} on Likeness, as {role}.\n\n"
        "{address}\n\nThe link works once, until {until} UTC."
    ).format(
        sender=sender,
        team=invitation.team.name,
        role=gettext(invitation.role),
        address=address,
        until=date_format(invitation.expires_at, "DATETIME_FORMAT"),
    )
    send(
        to=invitation.email,
        subject=gettext("Invitation to {name} on Likeness").format(name=invitation.team.name),
        text=text,
    )


def open_invitations(team: Team) -> QuerySet[Invitation]:
    return team.invitations.filter(expires_at__gt=timezone.now())


def find_invitation(token: str) -> Invitation | None:
    """Return the valid invitation with this link; None if unknown, used, revoked or expired."""
    invitations = Invitation.objects.select_related("team", "invited_by")
    valid = invitations.filter(digest=hash_secret(token), expires_at__gt=timezone.now())
    return valid.first()


def accept_invitation(*, invitation: Invitation, user: User) -> Team:
    """Make `user` a member; raises TeamError if the invitation is no longer valid."""
    with transaction.atomic():
        locked = _lock_invitation(invitation)
        return _admit(locked, user)


def join_as_new_user(*, invitation: Invitation, email: str, password: str | None = None) -> User:
    """Create an account and add it to the team, both or neither.

    The invitation is locked first: of several requests with a link that works once, one creates an
    account. Raises TeamError for the others.
    """
    with transaction.atomic():
        locked = _lock_invitation(invitation)
        if User.objects.filter(email=email.lower()).exists():
            raise TeamError(
                gettext("{email} already has an account: sign in with it.").format(
                    email=email.lower()
                )
            )
        user = create_user(email=email, password=password)
        _admit(locked, user)
    return user


def _lock_invitation(invitation: Invitation) -> Invitation:
    """Return the current invitation, locked until the transaction ends."""
    valid = Invitation.objects.filter(pk=invitation.pk, expires_at__gt=timezone.now())
    locked = valid.select_for_update(of=("self",)).select_related("team").first()
    if locked is None:
        raise InvitationOver(gettext("This invitation was just used."))
    return locked


def _admit(locked: Invitation, user: User) -> Team:
    """Add `user` to the team and delete an invitation that was for one person."""
    if locked.email:
        Invitation.objects.filter(pk=locked.pk).delete()
    add_member(team=locked.team, user=user, role=Role(locked.role))
    return locked.team


def revoke_invitation(*, invitation: Invitation, by: User) -> None:
    invitation.delete()
    record(
        team=invitation.team,
        actor=by,
        verb=gettext_noop("revoked the invitation of"),
        target=invitation.email or "a link",
    )
