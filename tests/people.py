"""The small cast of all tests: Ada owns a team, Ben edits in it, Cleo views, Dan is a stranger."""

from __future__ import annotations

from studio.teams.access import get_own_team
from studio.teams.models import Membership, Role, Team, User
from studio.teams.services import create_user

ROLES = {"ben": Role.EDITOR, "cleo": Role.VIEWER}


def cast(name: str) -> User:
    """The person of that name, made now if need be; Ben and Cleo are in Ada's team besides their
    own.
    """
    email = f"{name}@example.org"
    if user := User.objects.filter(email=email).first():
        return user
    user = create_user(email=email)
    if name in ROLES:
        Membership.objects.create(team=adas_team(), user=user, role=ROLES[name])
    return user


def adas_team() -> Team:
    return get_own_team(cast("ada"))
