"""The verbs of people and teams, and the only writers of both."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from studio.teams.models import Membership, Role, SignInLink, Team, User
from studio.teams.secret import hash_secret, make_secret

OWNER = "owner@localhost"  # of a studio nobody has signed in to yet
LINK_LASTS = timedelta(days=1)


def create_user(*, email: str, password: str | None = None) -> User:
    """A person with a personal team; without a password they come in by a link."""
    with transaction.atomic():
        user = User(email=email.lower())
        user.set_password(password)
        user.save()
        team = Team.objects.create(name=user.name, personal=True)
        Membership.objects.create(team=team, user=user, role=Role.OWNER)
    return user


def sign_in_link(*, user: User) -> str:
    """A token that lets this user in once within a day; links made earlier no longer do, nor with
    another password.
    """
    token = f"{user.pk}.{make_secret()}"
    with transaction.atomic():
        user.links.all().delete()
        made = _link_digest(token, user)
        SignInLink.objects.create(user=user, digest=made, expires_at=timezone.now() + LINK_LASTS)
    return token


def use_link(*, token: str) -> User | None:
    """The user whose link this is; it is used up by that.

    None when it is unknown, used or too old, or when the user's password is another one than when
    it was made.
    """
    number = token.partition(".")[0]
    if not re.fullmatch(r"[0-9]{1,18}", number):
        return None
    user = User.objects.filter(pk=int(number)).first()
    if user is None:
        return None
    link = (
        SignInLink.objects.select_related("user")
        .filter(user=user, digest=_link_digest(token, user))
        .first()
    )
    if link is None or not SignInLink.objects.filter(pk=link.pk).delete()[0]:
        return None
    if link.expires_at <= timezone.now() or not link.user.is_active:
        return None
    User.objects.filter(pk=link.user_id).update(confirmed=True)
    return link.user


def _link_digest(token: str, user: User) -> str:
    """Of the token and the password's hash: whoever sets a password, anywhere, voids the links made
    before.
    """
    return hash_secret(f"{token}:{user.password}")


def change_account(*, user: User, email: str, password: str) -> None:
    """Set how the user signs in from now on. An empty password stays as it is."""
    user.confirmed = user.confirmed and user.email == email.lower()
    user.email = email.lower()
    if password:
        user.set_password(password)
    user.save()


def make_first_link() -> str | None:
    """A link for the owner of a fresh studio; None once somebody can sign in by password."""
    if any(user.has_usable_password() for user in User.objects.all()[:100]):
        return None
    user = User.objects.order_by("pk").first() or create_user(email=OWNER)
    return sign_in_link(user=user)
