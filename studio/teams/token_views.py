"""A team's API tokens: members make their own, up to their role; owners see and end everybody's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.teams import access
from studio.teams.forms import get_first_error
from studio.teams.models import ApiToken, Role, Team
from studio.teams.team_views import build_team_frame, get_team
from studio.teams.tokens import create_token, revoke_token


class TokenForm(forms.Form):
    name = forms.CharField(
        max_length=100, error_messages={"required": "Say what the token is for."}
    )
    role = forms.TypedChoiceField(
        coerce=Role,
        choices=Role.choices,
        error_messages={"invalid_choice": f"Use one of the roles {', '.join(Role.values)}."},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest, team_id: int) -> HttpResponse:
    """The new token is in the answer, and nowhere else ever."""
    team, user = get_team(request, team_id), access.get_person(request)
    if request.method != "POST":
        return _render_tokens_page(request, team)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _render_tokens_page(request, team, error=get_first_error(form))
    try:
        token, secret = create_token(team=team, user=user, **form.cleaned_data)
    except PermissionDenied as error:
        return _render_tokens_page(request, team, error=str(error))
    return _render_tokens_page(request, team, secret=secret, made=token)


@require_POST
def revoke(request: HttpRequest, team_id: int, token_id: int) -> HttpResponse:
    user = access.get_person(request)
    token = access.fetch(
        ApiToken.objects.select_related("team", "user"), user, team=team_id, pk=token_id
    )
    if token.user != user and access.find_role(token.team, user) is not Role.OWNER:
        raise PermissionDenied("Only an owner may end somebody else's token.")
    revoke_token(token=token, by=user)
    return redirect("teams:tokens", team_id)


def _render_tokens_page(request: HttpRequest, team: Team, **more: Any) -> HttpResponse:
    user = access.get_person(request)
    around = build_team_frame(request, team)
    role: Role = around["role"]
    found = team.tokens.select_related("user")
    context = {
        **around,
        "tokens": found if role is Role.OWNER else found.filter(user=user),
        "roles": [one.value for one in Role if role in one.at_least],
        **more,
    }
    return render(request, "teams/tokens.html", context, status=422 if more.get("error") else 200)
