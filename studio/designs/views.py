"""Views of a team's design system: members see it, owners change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.designs import services
from studio.pipeline.design_system.model import (
    LONGEST_EXAMPLE,
    LONGEST_STYLE,
    MOST_CHARACTERS,
    DesignComponent,
    DesignSystemError,
    load_tokens,
)
from studio.teams import access
from studio.teams.forms import get_first_error
from studio.teams.models import Role, Team
from studio.teams.team_views import build_team_frame, get_team


class TokensForm(forms.Form):
    source = forms.CharField(
        required=False,
        max_length=MOST_CHARACTERS,
        strip=False,
        error_messages={
            "max_length": gettext_lazy("The tokens may have at most %(limit_value)d characters.")
        },
    )


class ComponentForm(forms.Form):
    name = forms.CharField(
        max_length=60, error_messages={"required": gettext_lazy("Enter a name.")}
    )
    html = forms.CharField(
        max_length=LONGEST_EXAMPLE, error_messages={"required": gettext_lazy("Enter an example.")}
    )
    css = forms.CharField(required=False, max_length=LONGEST_STYLE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def design(request: HttpRequest, team_id: int) -> HttpResponse:
    """Show the design system, or replace its tokens."""
    if request.method != "POST":
        return _render_design_page(request, get_team(request, team_id))
    team = get_team(request, team_id, Role.OWNER)
    form = TokensForm(request.POST)
    if not form.is_valid():
        return _render_design_page(request, team, error=get_first_error(form))
    components = services.list_components(services.find_design(team))
    return _save(request, team, form.cleaned_data["source"], components)


@require_POST
def add_component(request: HttpRequest, team_id: int) -> HttpResponse:
    """Add a component, or replace the one of that name."""
    team = get_team(request, team_id, Role.OWNER)
    form = ComponentForm(request.POST)
    if not form.is_valid():
        return _render_design_page(request, team, error=get_first_error(form))
    found = services.find_design(team)
    component = DesignComponent(**form.cleaned_data)
    others = [one for one in services.list_components(found) if one.name != component.name]
    return _save(request, team, found.source if found else "", [*others, component])


@require_POST
def remove_component(request: HttpRequest, team_id: int, name: str) -> HttpResponse:
    team = get_team(request, team_id, Role.OWNER)
    found = services.find_design(team)
    kept = [one for one in services.list_components(found) if one.name != name]
    return _save(request, team, found.source if found else "", kept)


@require_POST
def remove(request: HttpRequest, team_id: int) -> HttpResponse:
    team = get_team(request, team_id, Role.OWNER)
    services.remove_design(team=team, by=access.get_person(request))
    return redirect("designs:design", team_id)


def _save(
    request: HttpRequest, team: Team, source: str, components: Sequence[DesignComponent]
) -> HttpResponse:
    try:
        services.save_design(
            team=team, by=access.get_person(request), source=source, components=components
        )
    except DesignSystemError as error:
        return _render_design_page(request, team, error=str(error))
    return redirect("designs:design", team.pk)


def _render_design_page(request: HttpRequest, team: Team, error: str = "") -> HttpResponse:
    found = services.find_design(team)
    system = load_tokens(found.tokens if found else {}, services.list_components(found))
    context: dict[str, Any] = {
        **build_team_frame(request, team),
        "design": found,
        "system": system,
        "counts": [
            (gettext("Colors"), len(system.colors)),
            (gettext("Type sizes"), len(system.sizes)),
            (gettext("Spaces"), len(system.spaces)),
            (gettext("Radii"), len(system.radii)),
            (gettext("Fonts"), len(system.fonts)),
            (gettext("Components"), len(system.components)),
        ],
        "given": {name: request.POST.get(name, "") for name in ("source", "name", "html", "css")},
        "error": error,
    }
    return render(request, "designs/design.html", context, status=422 if error else 200)
