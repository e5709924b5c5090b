"""Create people, each with a team of their own."""

from __future__ import annotations

from django.db import transaction

from studio.teams.models import Membership, Role, Team, User

OWNER = "owner@localhost"  # placeholder of a new studio's owner


def create_user(*, email: str, password: str | None = None) -> User:
    """Create a person with a personal team; without a password they sign in by links."""
    with transaction.atomic():
        user = User(email=email.lower())
        user.set_password(password)
        user.save()
        team = Team.objects.create(name=user.name, personal=True)
        Membership.objects.create(team=team, user=user, role=Role.OWNER)
    return user


def rename_personal_team(*, user: User, old_name: str) -> None:
    """Give the person's own team their new name, unless they chose another one for it."""
    own = Team.objects.filter(personal=True, memberships__user=user, memberships__role=Role.OWNER)
    own.filter(name=old_name).update(name=user.name)
