"""Changes of e-mail addresses, confirmed by a link sent to the new address.

Only the owner of an address learns whether it already has an account.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from studio.accounts import throttle
from studio.accounts.services import CHANGED_ADDRESS
from studio.teams.activity import record_account
from studio.teams.errors import TeamError
from studio.teams.mailing import notify, send
from studio.teams.models import EmailChange, User
from studio.teams.secret import hash_secret, make_secret
from studio.teams.services import rename_personal_team

LASTS = timedelta(days=1)
SUBJECT = gettext_lazy("Your new address on Likeness")
CONFIRM = gettext_lazy(
    "Somebody who signs in to Likeness as {old} wants to sign in as {new} from now "
    "on.\n\nIf this is you, open this link in the browser where you are signed in:\n\n"
    "{link}\n\nIt works once within a day. If this is not you, ignore this mail: "
    "nothing changes."
)
TAKEN = gettext_lazy(
    "Somebody who signs in to Likeness as {old} wants to sign in as {new} from now "
    "on.\n\n{new} already has an account, so nothing changes. If it is yours, sign "
    "in with it."
)
CHANGED = gettext_lazy(
    "Your account on Likeness has a new address: sign in as {new} from now on.\n\nIf "
    "you did not change it, inform the studio's administrator at once."
)


def start_email_change(*, user: User, email: str, address_of: Callable[[str], str]) -> None:
    """Send the link that confirms `email`; `address_of` turns its path into an address.

    Neither the response nor the number of mails reveals whether the address has an account. Raises
    TeamError if no mail can be sent.
    """
    if not throttle.one_more_mail(name=f"user {user.pk}"):
        raise TeamError(gettext("Too many mails were requested; wait 15 minutes."))
    email = email.lower()
    token = make_secret()
    link = address_of(reverse("accounts:confirm-email", args=[token]))
    EmailChange.objects.update_or_create(
        user=user,
        defaults={
            "email": email,
            "digest": hash_secret(token),
            "expires_at": timezone.now() + LASTS,
        },
    )
    is_taken = User.objects.filter(email=email).exists()
    template = TAKEN if is_taken else CONFIRM
    send(to=email, subject=str(SUBJECT), text=template.format(old=user.email, new=email, link=link))


def find_email_change(*, user: User, token: str) -> EmailChange | None:
    """Return the user's pending change with this link; None if it is expired or not theirs."""
    current = EmailChange.objects.filter(user=user, expires_at__gt=timezone.now())
    return current.filter(digest=hash_secret(token)).first()


def confirm_email_change(*, user: User, token: str) -> bool:
    """Set the new address; return False if the link is invalid or the address is taken."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        change = find_email_change(user=locked, token=token)
        if change is None or User.objects.filter(email=change.email).exists():
            return False
        old, old_name = locked.email, locked.name
        locked.email = change.email
        locked.confirmed = True
        locked.save(update_fields=["email", "confirmed"])
        rename_personal_team(user=locked, old_name=old_name)
        locked.links.all().delete()  # they were sent to the old address
        change.delete()
        record_account(user=locked, verb=CHANGED_ADDRESS, target=old)
    notify(to=old, subject=str(SUBJECT), text=CHANGED.format(new=locked.email))
    return True


def drop_email_change(*, user: User) -> None:
    """Discard an unconfirmed change, for example because the password changed."""
    EmailChange.objects.filter(user=user).delete()
