"""Authorization: what a person may see and change.

Strangers get 404, members with too low a role get 403. A model that belongs to a team declares the
path to it (`TEAM = "project__team"`) and where deletion is marked (`DELETED =
("project__deleted_at",)`); this module does not import such models.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from studio.teams.models import ApiToken, Membership, Role, Session, Team, TwoFactor, User

M = TypeVar("M", bound=Model)
TEAM = "team"  # session key of the visitor's current team
Caller = User | ApiToken  # a person, or a program with a person's token


def get_person(request: HttpRequest) -> User:
    """Return the signed-in person; LoginRequiredMiddleware keeps everyone else out of views."""
    assert isinstance(request.user, User)
    return request.user


def has_two_factor(user: User) -> bool:
    return TwoFactor.objects.filter(user=user).exists()


class SecondFactorNeeded(PermissionDenied):
    """Raised for a member without two-factor authentication in a team that requires it."""


def filter_visible(
    rows: QuerySet[M], caller: Caller, *, need: Role = Role.VIEWER, deleted: bool = False
) -> QuerySet[M]:
    """Filter the rows of teams in which the caller has at least the role `need`.

    Deleted rows are left out unless `deleted` is True (to restore them). Rows of teams that require
    two-factor authentication are left out for callers without it.
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
    """Return one row; 404 for strangers, 403 below the role `need`.

    Raises Http404 or PermissionDenied.
    """
    row = filter_visible(rows, caller, deleted=deleted).filter(**lookup).first()
    if row is None:
        _tell_what_is_missing(_of_member(rows, caller, need=need, deleted=deleted).filter(**lookup))
        kind = gettext(str(rows.model._meta.verbose_name))
        raise Http404(gettext("There is no such {kind}.").format(kind=kind))
    if need is not Role.VIEWER:
        allowed = filter_visible(rows, caller, need=need, deleted=deleted)
        if not allowed.filter(pk=row.pk).exists():
            raise PermissionDenied(
                gettext("This requires the role {role}.").format(role=gettext(need.value))
            )
    return row


def _tell_what_is_missing(rows: QuerySet[Any]) -> None:
    """Raise SecondFactorNeeded if only a missing second factor hides these rows."""
    path = _get_team_path(rows)
    team_name = rows.values_list(f"{path}__name" if path else "name", flat=True).first()
    if team_name is not None:
        raise SecondFactorNeeded(
            gettext(
                "{team_name} requires two-factor authentication: set it up on your account page."
            ).format(team_name=team_name)
        )


def find_standing(rows: QuerySet[M], user: User, session: str, **lookup: Any) -> Role | None:
    """Return the role in which `user` may see the row now; for sockets, which stay open.

    None without access, for a closed account or an ended session.
    """
    signed_in = Session.objects.filter(
        session_key=session, user=user, expire_date__gt=timezone.now()
    )
    visible = filter_visible(rows, user).filter(Exists(signed_in), **lookup)
    teams = visible.values(_get_team_path(rows) or "pk")
    members = Membership.objects.filter(team__in=teams, user=user, user__is_active=True)
    roles = members.values_list("role", flat=True)
    return Role(roles[0]) if roles else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for access to one row, by a person's session or a program's token."""

    row: Any
    user: int
    session: str = ""
    token: int | None = None


def standings(rows: QuerySet[Any], asked: Collection[Asked]) -> dict[Asked, Role]:
    """Do `find_standing` for many askers in few queries; those without access are left out."""
    team_of = _teams_of(rows, {asker.row for asker in asked})
    roles = _list_roles(set(team_of.values()), {asker.user for asker in asked})
    signed_in = _live_sessions(asker.session for asker in asked if asker.token is None)
    tokens = ApiToken.objects.in_bulk({asker.token for asker in asked if asker.token})
    standing_of: dict[Asked, Role] = {}
    for asker in asked:
        team = team_of.get(asker.row)
        role = roles.get((team, asker.user)) if team else None
        if role is None:
            continue
        if asker.token is None and signed_in.get(asker.session) == asker.user:
            standing_of[asker] = role
        token = tokens.get(asker.token or 0)
        if token and token.team_id == team and token.user_id == asker.user:
            standing_of[asker] = _get_lower_role(role, Role(token.role))
    return standing_of


def _list_roles(teams: set[int], users: set[int]) -> dict[tuple[int, int], Role]:
    """Return the roles of active users by team and user.

    Members without a second factor have none in a team that requires it.
    """
    has_two_factor = Exists(TwoFactor.objects.filter(user=OuterRef("user")))
    members = Membership.objects.filter(team__in=teams, user__in=users, user__is_active=True)
    members = members.filter(Q(team__needs_two_factor=False) | has_two_factor)
    rows = members.values_list("team", "user", "role")
    return {(team, user): Role(role) for team, user, role in rows}


def _get_lower_role(first: Role, second: Role) -> Role:
    return min(first, second, key=list(Role).index)


def _teams_of(rows: QuerySet[Any], keys: set[Any]) -> dict[Any, int]:
    """Return the team of each existing, undeleted row."""
    present = dict.fromkeys(getattr(rows.model, "DELETED", ()))
    return dict(rows.filter(pk__in=keys, **present).values_list("pk", _get_team_path(rows) or "pk"))


def _live_sessions(keys: Iterable[str]) -> dict[str, int | None]:
    live = Session.objects.filter(session_key__in=set(keys), expire_date__gt=timezone.now())
    return dict(live.values_list("session_key", "user"))


def find_role(team: Team, caller: Caller) -> Role | None:
    """Return the caller's role in the team; None for strangers."""
    token = None if isinstance(caller, User) else caller
    if token and token.team_id != team.pk:
        return None
    member = team.memberships.filter(user=token.user_id if token else caller.pk).first()
    if member is None:
        return None
    if token is None:
        return Role(member.role)
    return _get_lower_role(Role(member.role), Role(token.role))


def get_current_team(request: HttpRequest, *, need: Role = Role.VIEWER) -> Team:
    """Return the visitor's current team: the last one chosen if still accessible, else their own.

    Raises PermissionDenied if their role there is below `need`.
    """
    user = get_person(request)
    teams = Team.objects.filter(pk=request.session.get(TEAM, 0))
    chosen = filter_visible(teams, user).first()
    if chosen is None:
        return get_own_team(user)
    if need is not Role.VIEWER and not filter_visible(teams, user, need=need).exists():
        raise PermissionDenied(
            gettext("This requires the role {role} in {name}.").format(
                role=gettext(need.value), name=chosen.name
            )
        )
    return chosen


def choose_team(request: HttpRequest, team: Team) -> None:
    request.session[TEAM] = team.pk


def get_own_team(user: User) -> Team:
    """Return the user's personal team."""
    return Team.objects.get(personal=True, memberships__user=user, memberships__role=Role.OWNER)


def _get_team_path(rows: QuerySet[Any]) -> str:
    """Return the path to the team: "project__team" for a run, "" for a team itself."""
    path: str = getattr(rows.model, "TEAM", "")
    assert path or rows.model is Team, (
        f"{rows.model.__name__} does not say to which team it belongs"
    )
    return path
