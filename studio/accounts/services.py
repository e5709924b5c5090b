"""The services of accounts, and the only code that writes their rows."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from studio.teams.activity import record_account
from studio.teams.models import SignInLink, User
from studio.teams.secret import hash_secret, make_secret
from studio.teams.services import OWNER, create_user, rename_personal_team

CHANGED_ADDRESS = gettext_noop("changed the e-mail address, which was")
LINK_LASTS = timedelta(days=1)


def make_sign_in_link(*, user: User) -> str:
    """Return a token that signs the user in once within a day.

    It invalidates earlier links, and a new password invalidates it.
    """
    token = f"{user.pk}.{make_secret()}"
    with transaction.atomic():
        user.links.all().delete()
        digest = _link_digest(token, user)
        SignInLink.objects.create(user=user, digest=digest, expires_at=timezone.now() + LINK_LASTS)
    return token


def use_sign_in_link(*, token: str) -> User | None:
    """Return the user of the link and delete it.

    None if it is unknown, used or expired, or if the user's password has changed since.
    """
    number = token.partition(".")[0]
    if not re.fullmatch(r"[0-9]{1,18}", number):
        return None
    user = User.objects.filter(pk=int(number)).first()
    if user is None:
        return None
    links = SignInLink.objects.select_related("user")
    link = links.filter(user=user, digest=_link_digest(token, user)).first()
    if link is None or not SignInLink.objects.filter(pk=link.pk).delete()[0]:
        return None
    if link.expires_at <= timezone.now() or not link.user.is_active:
        return None
    User.objects.filter(pk=link.user_id).update(confirmed=True)
    return link.user


def _link_digest(token: str, user: User) -> str:
    """Hash the token with the password's hash, so that a new password invalidates links."""
    return hash_secret(f"{token}:{user.password}")


def change_account(*, user: User, email: str, password: str) -> None:
    """Set the user's sign-in data; an empty password keeps the old one."""
    old, old_name = user.email, user.name
    user.confirmed = user.confirmed and user.email == email.lower()
    user.email = email.lower()
    if password:
        user.set_password(password)
    with transaction.atomic():
        user.save()
        if old != user.email:
            rename_personal_team(user=user, old_name=old_name)
            record_account(user=user, verb=CHANGED_ADDRESS, target=old)
        if password:
            record_account(user=user, verb=gettext_noop("set a new password"))


def make_first_link() -> str | None:
    """Return a link for the owner of a new studio; None once somebody has a password."""
    if any(user.has_usable_password() for user in User.objects.all()[:100]):
        return None
    user = User.objects.order_by("pk").first() or create_user(email=OWNER)
    return make_sign_in_link(user=user)
