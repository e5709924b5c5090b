"""Views of a team: members, invitations and settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.teams import access, invitations, membership
from studio.teams.access import has_two_factor
from studio.teams.errors import TeamError
from studio.teams.forms import InviteForm, RoleForm, TeamForm, get_first_error
from studio.teams.mailing import is_mail_printed
from studio.teams.membership import require_two_factor
from studio.teams.models import Invitation, Membership, Role, Team, User
from studio.teams.site_address import link_to, mailed_link

PAGES = (
    ("teams:team", gettext_lazy("Members")),
    ("teams:models", gettext_lazy("Models and budget")),
    ("designs:design", gettext_lazy("Design system")),
    ("teams:cost", gettext_lazy("Cost")),
    ("teams:tokens", gettext_lazy("API tokens")),
    ("teams:activity", gettext_lazy("Activity")),
)
OWNERS_PAGES = (("export:repositories", gettext_lazy("Repositories")),)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest) -> HttpResponse:
    user = access.get_person(request)
    form = TeamForm(request.POST or None)
    if form.is_valid():
        try:
            team = membership.create_team(name=form.cleaned_data["name"], by=user)
        except TeamError as error:
            form.add_error("name", str(error))
        else:
            access.choose_team(request, team)
            return redirect("teams:team", team.pk)
    mine = (
        Membership.objects.filter(user=user)
        .select_related("team")
        .order_by("-team__personal", "team__name", "pk")
    )
    context = {"memberships": mine, "form": form, "has_two_factor": has_two_factor(user)}
    return render(request, "teams/teams.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    return _render_team_page(request, get_team(request, team_id))


@require_POST
def work(request: HttpRequest, team_id: int) -> HttpResponse:
    """Make the team the visitor's current one, which owns what they start."""
    access.choose_team(request, get_team(request, team_id))
    return redirect("runs:start")


@require_POST
def rename(request: HttpRequest, team_id: int) -> HttpResponse:
    team = get_team(request, team_id, Role.OWNER)
    form = TeamForm(request.POST)
    if form.is_valid():
        membership.rename_team(
            team=team, name=form.cleaned_data["name"], by=access.get_person(request)
        )
    else:
        messages.error(request, get_first_error(form))
    return redirect("teams:team", team_id)


@require_POST
def invite(request: HttpRequest, team_id: int) -> HttpResponse:
    """Invite a person; the link is shown once, and mailed if there is an address."""
    team = get_team(request, team_id, Role.OWNER)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _render_team_page(request, team, invite_form=form, error=get_first_error(form))
    values = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
    try:
        invitation, token = invitations.invite(team=team, by=access.get_person(request), **values)
    except TeamError as error:
        return _render_team_page(request, team, invite_form=form, error=str(error))
    path = reverse("accounts:join", args=[token])
    is_mailed = bool(invitation.email) and not is_mail_printed()
    context = {"link": link_to(request, path), "invitation": invitation, "is_mailed": is_mailed}
    if invitation.email:
        try:
            invitations.send_invitation(invitation=invitation, address=mailed_link(request, path))
        except TeamError as error:
            return _render_team_page(request, team, **context, error=str(error))
    return _render_team_page(request, team, **context)


@require_POST
def revoke_invitation(request: HttpRequest, team_id: int, invitation_id: int) -> HttpResponse:
    invitation = access.fetch(
        Invitation.objects.select_related("team"),
        access.get_person(request),
        need=Role.OWNER,
        team=team_id,
        pk=invitation_id,
    )
    invitations.revoke_invitation(invitation=invitation, by=access.get_person(request))
    return redirect("teams:team", team_id)


@require_POST
def change_role(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    team = get_team(request, team_id, Role.OWNER)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, get_first_error(form))
        return redirect("teams:team", team_id)
    change = {
        "user": _find_member(team, user_id),
        "role": form.cleaned_data["role"],
        "by": access.get_person(request),
    }
    return _apply_team_change(request, team, membership.change_role, **change)


@require_POST
def remove(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    team = get_team(request, team_id, Role.OWNER)
    return _apply_team_change(
        request,
        team,
        membership.remove_member,
        user=_find_member(team, user_id),
        by=access.get_person(request),
    )


@require_POST
def hand_over(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    team = get_team(request, team_id, Role.OWNER)
    return _apply_team_change(
        request,
        team,
        membership.transfer_ownership,
        to=_find_member(team, user_id),
        by=access.get_person(request),
    )


@require_POST
def leave(request: HttpRequest, team_id: int) -> HttpResponse:
    """Leave a team; also for members without the second factor that it requires."""
    user = access.get_person(request)
    team = get_object_or_404(Team, pk=team_id, memberships__user=user)
    try:
        membership.remove_member(team=team, user=user, by=user)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("teams:team", team_id)
    messages.success(request, gettext("You have left {name}.").format(name=team.name))
    return redirect("teams:teams")


@require_POST
def two_factor(request: HttpRequest, team_id: int) -> HttpResponse:
    """Require two-factor authentication in the team, or make it optional."""
    team = get_team(request, team_id, Role.OWNER)
    needed = request.POST.get("needed") == "yes"
    try:
        require_two_factor(team=team, by=access.get_person(request), needed=needed)
    except TeamError as error:
        messages.error(request, str(error))
    return redirect("teams:team", team_id)


def build_team_frame(request: HttpRequest, team: Team) -> dict[str, Any]:
    """Return what every page of a team shows; `pages` are those that the visitor may open."""
    role = access.find_role(team, access.get_person(request))
    pages = (*PAGES, *OWNERS_PAGES) if role is Role.OWNER else PAGES
    return {"team": team, "role": role, "pages": pages}


def get_team(request: HttpRequest, team_id: int, need: Role = Role.VIEWER) -> Team:
    return access.fetch(Team.objects.all(), access.get_person(request), need=need, pk=team_id)


def _find_member(team: Team, user_id: int) -> User:
    """Return a member; 404 for others, so owners learn nothing about other people."""
    return get_object_or_404(User, memberships__team=team, pk=user_id)


def _apply_team_change(
    request: HttpRequest, team: Team, change: Any, **values: Any
) -> HttpResponse:
    try:
        change(team=team, **values)
    except TeamError as error:
        messages.error(request, str(error))
    teams = Team.objects.filter(pk=team.pk)
    if access.filter_visible(teams, access.get_person(request)).exists():
        return redirect("teams:team", team.pk)
    return redirect("teams:teams")


def _render_team_page(request: HttpRequest, team: Team, **extra: Any) -> HttpResponse:
    """Render members, invitations and their forms; only owners see invitations."""
    frame = build_team_frame(request, team)
    members = sorted(
        team.memberships.select_related("user"),
        key=lambda member: (-list(Role).index(Role(member.role)), member.user.email),
    )
    context = {
        **frame,
        "members": members,
        "roles": Role.values,
        "invitations": invitations.open_invitations(team) if frame["role"] is Role.OWNER else [],
        "days": invitations.DAYS,
        **extra,
    }
    return render(request, "teams/team.html", context, status=422 if extra.get("error") else 200)
