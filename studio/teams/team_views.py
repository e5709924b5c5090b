"""A team's pages: who is in it, who may come, what happened, and every change of that."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.teams import access, invitations, membership
from studio.teams.errors import TeamError
from studio.teams.forms import InviteForm, RoleForm, TeamForm, get_first_error
from studio.teams.models import Invitation, Membership, Role, Team, User
from studio.teams.site_address import link_to, mailed_link
from studio.teams.two_factor import has_two_factor, require_two_factor

LINES = 50  # of the activity log, on a page
PAGES = (
    ("teams:team", "Members"),
    ("teams:models", "Models and budget"),
    ("teams:tokens", "API tokens"),
    ("teams:activity", "Activity"),
)


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
    """From now on what the visitor starts belongs to this team."""
    access.choose_team(request, get_team(request, team_id))
    return redirect("runs:start")


@require_POST
def rename(request: HttpRequest, team_id: int) -> HttpResponse:
    found, form = get_team(request, team_id, Role.OWNER), TeamForm(request.POST)
    if form.is_valid():
        membership.rename_team(
            team=found, name=form.cleaned_data["name"], by=access.get_person(request)
        )
    else:
        messages.error(request, get_first_error(form))
    return redirect("teams:team", team_id)


@require_POST
def invite(request: HttpRequest, team_id: int) -> HttpResponse:
    """The link is in the answer, once; with an address it goes there by mail as well."""
    found, form = get_team(request, team_id, Role.OWNER), InviteForm(request.POST)
    if not form.is_valid():
        return _render_team_page(request, found, invite_form=form, error=get_first_error(form))
    wishes = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
    try:
        invitation, token = invitations.invite(team=found, by=access.get_person(request), **wishes)
    except TeamError as error:
        return _render_team_page(request, found, invite_form=form, error=str(error))
    path = reverse("teams:join", args=[token])
    sent = {"link": link_to(request, path), "invitation": invitation}
    if invitation.email:
        try:
            invitations.send_invitation(invitation=invitation, address=mailed_link(request, path))
        except TeamError as error:
            return _render_team_page(request, found, **sent, error=str(error))
    return _render_team_page(request, found, **sent)


@require_POST
def revoke_invitation(request: HttpRequest, team_id: int, invitation_id: int) -> HttpResponse:
    found = access.fetch(
        Invitation.objects.select_related("team"),
        access.get_person(request),
        need=Role.OWNER,
        team=team_id,
        pk=invitation_id,
    )
    invitations.revoke_invitation(invitation=found, by=access.get_person(request))
    return redirect("teams:team", team_id)


@require_POST
def change_role(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    found, form = get_team(request, team_id, Role.OWNER), RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, get_first_error(form))
        return redirect("teams:team", team_id)
    change = {
        "user": _find_member(found, user_id),
        "role": form.cleaned_data["role"],
        "by": access.get_person(request),
    }
    return _apply_team_change(request, found, membership.change_role, **change)


@require_POST
def remove(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    found = get_team(request, team_id, Role.OWNER)
    return _apply_team_change(
        request,
        found,
        membership.remove_member,
        user=_find_member(found, user_id),
        by=access.get_person(request),
    )


@require_POST
def hand_over(request: HttpRequest, team_id: int, user_id: int) -> HttpResponse:
    found = get_team(request, team_id, Role.OWNER)
    return _apply_team_change(
        request,
        found,
        membership.transfer_ownership,
        to=_find_member(found, user_id),
        by=access.get_person(request),
    )


@require_POST
def leave(request: HttpRequest, team_id: int) -> HttpResponse:
    """Also for members who see nothing of the team, because it needs a second factor and they have
    none.
    """
    user = access.get_person(request)
    found = get_object_or_404(Team, pk=team_id, memberships__user=user)
    try:
        membership.remove_member(team=found, user=user, by=user)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("teams:team", team_id)
    messages.success(request, f"You have left {found.name}.")
    return redirect("teams:teams")


@require_POST
def two_factor(request: HttpRequest, team_id: int) -> HttpResponse:
    """Only members with a second factor are let into the team, or again all."""
    found = get_team(request, team_id, Role.OWNER)
    needed = request.POST.get("needed") == "yes"
    try:
        require_two_factor(team=found, by=access.get_person(request), needed=needed)
    except TeamError as error:
        messages.error(request, str(error))
    return redirect("teams:team", team_id)


@never_cache
@require_safe
def activity(request: HttpRequest, team_id: int) -> HttpResponse:
    found = get_team(request, team_id)
    page = Paginator(found.activities.all(), LINES).get_page(request.GET.get("page"))
    return render(
        request, "teams/activity.html", {**build_team_frame(request, found), "page": page}
    )


def build_team_frame(request: HttpRequest, team: Team) -> dict[str, Any]:
    """What every page of a team shows around its own matter."""
    return {
        "team": team,
        "role": access.find_role(team, access.get_person(request)),
        "pages": PAGES,
    }


def get_team(request: HttpRequest, team_id: int, need: Role = Role.VIEWER) -> Team:
    return access.fetch(Team.objects.all(), access.get_person(request), need=need, pk=team_id)


def _find_member(team: Team, user_id: int) -> User:
    """404 for who is not in the team: its owner learns nothing of other people."""
    return get_object_or_404(User, memberships__team=team, pk=user_id)


def _apply_team_change(request: HttpRequest, team: Team, change: Any, **of: Any) -> HttpResponse:
    try:
        change(team=team, **of)
    except TeamError as error:
        messages.error(request, str(error))
    still = access.filter_visible(
        Team.objects.filter(pk=team.pk), access.get_person(request)
    ).exists()
    return redirect("teams:team", team.pk) if still else redirect("teams:teams")


def _render_team_page(request: HttpRequest, team: Team, **more: Any) -> HttpResponse:
    """Members, open invitations and their forms. Members see each other; only owners see who is
    invited.
    """
    around = build_team_frame(request, team)
    members = sorted(
        team.memberships.select_related("user"),
        key=lambda one: (-list(Role).index(Role(one.role)), one.user.email),
    )
    context = {
        **around,
        "members": members,
        "roles": Role.values,
        "invitations": invitations.open_invitations(team) if around["role"] is Role.OWNER else [],
        "days": invitations.DAYS,
        **more,
    }
    return render(request, "teams/team.html", context, status=422 if more.get("error") else 200)
