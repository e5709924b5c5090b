"""All authorisation: what a person may see and change. Strangers get 404, members who may less get 403.

A model that belongs to a team says how it gets there (`TEAM = "project__team"`); nothing here knows which models exist.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from studio.teams.models import Role, Team, User

M = TypeVar("M", bound=Model)


def person(request: HttpRequest) -> User:
    """Who is signed in; views are reached by nobody else (LoginRequiredMiddleware)."""
    assert isinstance(request.user, User)
    return request.user


def visible(rows: QuerySet[M], user: User) -> QuerySet[M]:
    """Those of the rows that belong to a team of this user's."""
    return rows.filter(**{f"{_team(rows)}memberships__user": user})


def fetch(rows: QuerySet[M], user: User, *, need: Role = Role.VIEWER, **lookup: Any) -> M:
    """The one row; raises Http404 for strangers, PermissionDenied for members whose role is below `need`."""
    found = visible(rows, user).filter(**lookup).first()
    if found is None:
        raise Http404(f"There is no such {rows.model._meta.verbose_name}.")
    allowed = {f"{_team(rows)}memberships__user": user, f"{_team(rows)}memberships__role__in": need.at_least}
    if need is not Role.VIEWER and not rows.filter(pk=found.pk, **allowed).exists():
        raise PermissionDenied(f"This needs the role {need.value}.")
    return found


def own_team(user: User) -> Team:
    """The user's personal team."""
    return Team.objects.get(personal=True, memberships__user=user, memberships__role=Role.OWNER)


def _team(rows: QuerySet[Any]) -> str:
    """'project__team__' for a run, '' for a team itself."""
    path: str = getattr(rows.model, "TEAM", "")
    assert path or rows.model is Team, f"{rows.model.__name__} does not say to which team it belongs"
    return f"{path}__" if path else ""
