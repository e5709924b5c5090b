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
