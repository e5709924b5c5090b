"""Changing the address somebody signs in with: it is theirs once they open a link that was sent
there.

Whether an address has an account is told to nobody but whoever reads its mail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from studio.teams import throttle
from studio.teams.errors import TeamError
from studio.teams.mailing import notify, send
from studio.teams.models import EmailChange, User
from studio.teams.secret import hash_secret, make_secret

LASTS = timedelta(days=1)
SUBJECT = "Your new address on Likeness"
CONFIRM = (
    "Somebody who signs in to Likeness as {old} wants to sign in as {new} from now on.\n\n"
    "If that is you, open this link in the browser where you are signed in:\n\n{link}\n\n"
    "It works once, for a day. If it is not you, do nothing: nothing changes."
)
TAKEN = (
    "Somebody who signs in to Likeness as {old} wants to sign in as {new} from now on.\n\n"
    "There is an account for {new} already, so nothing changes. If it is yours, sign in with it."
)
CHANGED = (
    "Your account on Likeness has a new address: you sign in as {new} from now on.\n\n"
    "If you did not change it, tell whoever runs the studio at once."
)


def start_email_change(*, user: User, email: str, address_of: Callable[[str], str]) -> None:
    """Send the link that confirms `email`; `address_of` turns its path into an address.

    Nothing else tells whether somebody has this address: neither the answer, nor a mail more or
    less. Raises TeamError where no mail can be sent.
    """
    if not throttle.one_more_mail(name=f"user {user.pk}"):
        raise TeamError("Too many mails were asked for; wait a quarter of an hour.")
    email, token = email.lower(), make_secret()
    link = address_of(reverse("teams:confirm-email", args=[token]))
    EmailChange.objects.update_or_create(
        user=user,
        defaults={
            "email": email,
            "digest": hash_secret(token),
            "expires_at": timezone.now() + LASTS,
        },
    )
    is_taken = User.objects.filter(email=email).exists()
    words = (TAKEN if is_taken else CONFIRM).format(old=user.email, new=email, link=link)
    send(to=email, subject=SUBJECT, text=words)


def find_email_change(*, user: User, token: str) -> EmailChange | None:
    """Return the user's own change whose link this is; None when it is over or somebody else's."""
    current = EmailChange.objects.filter(user=user, expires_at__gt=timezone.now())
    return current.filter(digest=hash_secret(token)).first()


def confirm_email_change(*, user: User, token: str) -> bool:
    """Give the user their new address; False when the link is over or the address is taken."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        change = find_email_change(user=locked, token=token)
        if change is None or User.objects.filter(email=change.email).exists():
            return False
        old, locked.email, locked.confirmed = locked.email, change.email, True
        locked.save(update_fields=["email", "confirmed"])
        locked.links.all().delete()  # they were sent to the old address
        change.delete()
    notify(to=old, subject=SUBJECT, text=CHANGED.format(new=locked.email))
    return True


def drop_email_change(*, user: User) -> None:
    """Forget a change that is not confirmed yet, for example because the password changed."""
    EmailChange.objects.filter(user=user).delete()
