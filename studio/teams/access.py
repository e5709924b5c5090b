"""All authorisation: what a person may see and change. Strangers get 404, members who may less get
403.

A model that belongs to a team says how it gets there (`TEAM = "project__team"`), and where it or
what it lies in is marked as deleted (`DELETED = ("project__deleted_at",)`); nothing here knows
which models exist.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from studio.teams.models import ApiToken, Membership, Role, Session, Team, TwoFactor, User

M = TypeVar("M", bound=Model)
TEAM = "team"  # in the session: where the visitor works
Caller = User | ApiToken  # a person, or a program that acts for one


def get_person(request: HttpRequest) -> User:
    """Who is signed in; views are reached by nobody else (LoginRequiredMiddleware)."""
    assert isinstance(request.user, User)
    return request.user


class SecondFactorNeeded(PermissionDenied):
    """A member without two-factor authentication, in a team that needs it."""


def filter_visible(
    rows: QuerySet[M], caller: Caller, *, need: Role = Role.VIEWER, deleted: bool = False
) -> QuerySet[M]:
    """Those of the rows that belong to a team in which the caller has at least the role `need`.

    What is deleted is not among them, unless `deleted` asks for it (to bring it back). Nor is
    what belongs to a team that needs two-factor authentication, for callers who have none.
    """
    path = _get_team_path(rows)
    user_id = caller.pk if isinstance(caller, User) else caller.user_id
    optional = Q(**{f"{path}__needs_two_factor" if path else "needs_two_factor": False})
    return _of_member(rows, caller, need=need, deleted=deleted).filter(
        optional | Exists(TwoFactor.objects.filter(user=user_id))
    )


def _of_member(rows: QuerySet[M], caller: Caller, *, need: Role, deleted: bool) -> QuerySet[M]:
    path = _get_team_path(rows)
    team = f"{path}__" if path else ""
    if isinstance(caller, User):
        member: dict[str, Any] = {f"{team}memberships__user": caller}
    elif caller.role in need.at_least:
        member = {path or "pk": caller.team_id, f"{team}memberships__user": caller.user_id}
    else:
        return rows.none()
    roles = {} if need is Role.VIEWER else {f"{team}memberships__role__in": need.at_least}
    present = {} if deleted else dict.fromkeys(getattr(rows.model, "DELETED", ()))
    return rows.filter(**member, **roles, **present)


def fetch(
    rows: QuerySet[M],
    caller: Caller,
    *,
    need: Role = Role.VIEWER,
    deleted: bool = False,
    **lookup: Any,
) -> M:
    """The one row; raises Http404 for strangers, PermissionDenied for members whose role is below
    `need`.
    """
    found = filter_visible(rows, caller, deleted=deleted).filter(**lookup).first()
    if found is None:
        _tell_what_is_missing(_of_member(rows, caller, need=need, deleted=deleted).filter(**lookup))
        raise Http404(f"There is no such {rows.model._meta.verbose_name}.")
    if (
        need is not Role.VIEWER
        and not filter_visible(rows, caller, need=need, deleted=deleted)
        .filter(pk=found.pk)
        .exists()
    ):
        raise PermissionDenied(f"This needs the role {need.value}.")
    return found


def _tell_what_is_missing(rows: QuerySet[Any]) -> None:
    """Raise SecondFactorNeeded where only that keeps a member from these rows."""
    hidden = rows.values_list(
        f"{_get_team_path(rows)}__name" if _get_team_path(rows) else "name", flat=True
    ).first()
    if hidden is not None:
        raise SecondFactorNeeded(
            f"{hidden} requires two-factor authentication: set it up on your account page."
        )


def find_standing(rows: QuerySet[M], user: User, session: str, **lookup: Any) -> Role | None:
    """The role in which `user` may see the row now, for sockets, which stay open while things
    change.

    None when they may not (any more), the account is closed, or the session has ended.
    """
    signed_in = Session.objects.filter(
        session_key=session, user=user, expire_date__gt=timezone.now()
    )
    teams = (
        filter_visible(rows, user)
        .filter(Exists(signed_in), **lookup)
        .values(_get_team_path(rows) or "pk")
    )
    role = Membership.objects.filter(team__in=teams, user=user, user__is_active=True).values_list(
        "role", flat=True
    )
    return Role(role[0]) if role else None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which row: a person by their session, or a program by its token."""

    row: Any
    user: int
    session: str = ""
    token: int | None = None


def standings(rows: QuerySet[Any], asked: Collection[Asked]) -> dict[Asked, Role]:
    """As `find_standing`, for many at once and in three queries; those who may not see their row
    are left out.
    """
    team_of = _teams_of(rows, {one.row for one in asked})
    users = {one.user for one in asked}
    members = Membership.objects.filter(
        team__in=set(team_of.values()), user__in=users, user__is_active=True
    )
    roles = {
        (team, user): Role(role) for team, user, role in members.values_list("team", "user", "role")
    }
    signed_in = _live_sessions(one.session for one in asked if one.token is None)
    tokens = {
        one.pk: one
        for one in ApiToken.objects.filter(pk__in={one.token for one in asked if one.token})
    }
    found: dict[Asked, Role] = {}
    for one in asked:
        team = team_of.get(one.row)
        role = roles.get((team, one.user)) if team else None
        if role is None:
            continue
        if one.token is None and signed_in.get(one.session) == one.user:
            found[one] = role
        token = tokens.get(one.token or 0)
        if token and token.team_id == team and token.user_id == one.user:
            found[one] = min(role, Role(token.role), key=list(Role).index)
    return found


def _teams_of(rows: QuerySet[Any], keys: set[Any]) -> dict[Any, int]:
    """The team of each row that is there and not deleted."""
    present = dict.fromkeys(getattr(rows.model, "DELETED", ()))
    return dict(rows.filter(pk__in=keys, **present).values_list("pk", _get_team_path(rows) or "pk"))


def _live_sessions(keys: Iterable[str]) -> dict[str, int | None]:
    live = Session.objects.filter(session_key__in=set(keys), expire_date__gt=timezone.now())
    return dict(live.values_list("session_key", "user"))


def find_role(team: Team, caller: Caller) -> Role | None:
    """The caller's role in the team; None for strangers."""
    token = None if isinstance(caller, User) else caller
    if token and token.team_id != team.pk:
        return None
    member = team.memberships.filter(user=token.user_id if token else caller.pk).first()
    if member is None:
        return None
    return (
        min(Role(member.role), Role(token.role), key=list(Role).index)
        if token
        else Role(member.role)
    )


def get_current_team(request: HttpRequest, *, need: Role = Role.VIEWER) -> Team:
    """The team the visitor works in: the one they chose last and are still in, or their own.

    Raises PermissionDenied where their role there is below `need`.
    """
    user = get_person(request)
    chosen = (
        filter_visible(Team.objects.all(), user).filter(pk=request.session.get(TEAM, 0)).first()
    )
    if chosen is None:
        return get_own_team(user)
    if (
        need is not Role.VIEWER
        and not filter_visible(Team.objects.filter(pk=chosen.pk), user, need=need).exists()
    ):
        raise PermissionDenied(f"This needs the role {need.value} in {chosen.name}.")
    return chosen


def choose_team(request: HttpRequest, team: Team) -> None:
    request.session[TEAM] = team.pk


def get_own_team(user: User) -> Team:
    """The user's personal team."""
    return Team.objects.get(personal=True, memberships__user=user, memberships__role=Role.OWNER)


def _get_team_path(rows: QuerySet[Any]) -> str:
    """'project__team' for a run, '' for a team itself."""
    path: str = getattr(rows.model, "TEAM", "")
    assert path or rows.model is Team, (
        f"{rows.model.__name__} does not say to which team it belongs"
    )
    return path
