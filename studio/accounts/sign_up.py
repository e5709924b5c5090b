"""Sign-up by a mailed link, where it is open to anybody.

Only who reads an address's mail learns whether it has an account: the page, the work behind it and
the number of mails are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core import signing
from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from studio.accounts import throttle
from studio.teams.errors import TeamError
from studio.teams.mailing import send
from studio.teams.models import User
from studio.teams.services import create_user

SALT = "studio.accounts.sign_up"
LASTS = timedelta(days=1)
SUBJECT = gettext_lazy("Your account on Likeness")
FINISH = gettext_lazy(
    "Somebody wants to create an account on Likeness for {email}.\n\nIf this is you, "
    "open this link and choose a password:\n\n{link}\n\nIt is valid for a day. If this "
    "is not you, ignore this mail: nothing changes."
)
TAKEN = gettext_lazy(
    "Somebody wants to create an account on Likeness for {email}.\n\n{email} already "
    "has an account, so nothing changes. If it is yours, sign in with it:\n\n{door}"
)


def start_sign_up(*, email: str, address_of: Callable[[str], str]) -> None:
    """Mail the link with which an account is created; an address that has one is told so instead.

    `address_of` turns a path into an address. Raises TeamError if no mail can be sent.
    """
    email = email.lower()
    if not throttle.one_more_mail(name=f"sign-up {email}"):
        raise TeamError(gettext("Too many mails were requested for this address; wait 15 minutes."))
    token = signing.dumps(email, salt=SALT)
    link = address_of(reverse("accounts:finish-sign-up", args=[token]))
    door = address_of(reverse("accounts:sign-in"))
    template = TAKEN if User.objects.filter(email=email).exists() else FINISH
    send(to=email, subject=str(SUBJECT), text=template.format(email=email, link=link, door=door))


def read_sign_up(token: str) -> str | None:
    """Return the address of a link; None if it is invalid, expired or used."""
    try:
        email: str = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return None if User.objects.filter(email=email).exists() else email


def finish_sign_up(*, token: str, password: str) -> User | None:
    """Create the account of a link; None if the link is not valid any more."""
    email = read_sign_up(token)
    if email is None:
        return None
    try:
        user = create_user(email=email, password=password)
    except IntegrityError:  # the link was used twice at once
        return None
    user.confirmed = True
    user.save(update_fields=["confirmed"])
    return user
