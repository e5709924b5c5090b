"""Views of a team's API tokens: members create their own, owners see and revoke all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.teams import access
from studio.teams.forms import get_first_error
from studio.teams.models import ApiToken, Role, Team
from studio.teams.team_views import build_team_frame, get_team
from studio.teams.tokens import create_token, revoke_token


class TokenForm(forms.Form):
    name = forms.CharField(
        max_length=100, error_messages={"required": gettext_lazy("Enter the purpose of the token.")}
    )
    role = forms.TypedChoiceField(
        coerce=Role,
        choices=Role.choices,
        error_messages={
            "invalid_choice": format_lazy(
                gettext_lazy("Use one of the roles {roles}."), roles=", ".join(Role.values)
            )
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest, team_id: int) -> HttpResponse:
    """Show the tokens, or create one; the secret is shown only in this response."""
    team = get_team(request, team_id)
    user = access.get_person(request)
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
        raise PermissionDenied(gettext("Only an owner may revoke the token of another member."))
    revoke_token(token=token, by=user)
    return redirect("teams:tokens", team_id)


def _render_tokens_page(request: HttpRequest, team: Team, **extra: Any) -> HttpResponse:
    user = access.get_person(request)
    frame = build_team_frame(request, team)
    role: Role = frame["role"]
    tokens_of_team = team.tokens.select_related("user")
    context = {
        **frame,
        "tokens": tokens_of_team if role is Role.OWNER else tokens_of_team.filter(user=user),
        "roles": [each.value for each in Role if role in each.at_least],
        **extra,
    }
    return render(request, "teams/tokens.html", context, status=422 if extra.get("error") else 200)
