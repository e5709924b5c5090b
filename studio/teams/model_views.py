"""Views of a team's model connections and budget: owners change them, members see them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.teams import access, budgets, connections
from studio.teams.errors import TeamError
from studio.teams.forms import BudgetForm, ConnectionForm, get_first_error
from studio.teams.models import Connection, Role, Team
from studio.teams.team_views import build_team_frame, get_team


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def models(request: HttpRequest, team_id: int) -> HttpResponse:
    if request.method != "POST":
        return _render_models_page(request, get_team(request, team_id))
    return _save(request, get_team(request, team_id, Role.OWNER), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, team_id: int, connection_id: int) -> HttpResponse:
    connection = _get_connection(request, team_id, connection_id)
    if request.method == "POST":
        return _save(request, connection.team, connection)
    names = ("name", "url", "model", "price_in", "price_out")
    form = ConnectionForm(initial={name: getattr(connection, name) for name in names})
    return _render_models_page(request, connection.team, form=form, changed=connection)


@require_POST
def remove(request: HttpRequest, team_id: int, connection_id: int) -> HttpResponse:
    connection = _get_connection(request, team_id, connection_id)
    connections.remove_connection(connection=connection, by=access.get_person(request))
    return redirect("teams:models", team_id)


@require_POST
def budget(request: HttpRequest, team_id: int) -> HttpResponse:
    team = get_team(request, team_id, Role.OWNER)
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _render_models_page(request, team, budget=form, error=get_first_error(form))
    budgets.set_budget(team=team, by=access.get_person(request), **form.cleaned_data)
    messages.success(request, "Saved.")
    return redirect("teams:models", team_id)


def _get_connection(request: HttpRequest, team_id: int, connection_id: int) -> Connection:
    rows = Connection.objects.filter(removed_at=None).select_related("team")
    return access.fetch(
        rows, access.get_person(request), need=Role.OWNER, team=team_id, pk=connection_id
    )


def _save(request: HttpRequest, team: Team, changed: Connection | None) -> HttpResponse:
    form = ConnectionForm(request.POST)
    if not form.is_valid():
        return _render_models_page(
            request, team, form=form, changed=changed, error=get_first_error(form)
        )
    try:
        connections.save_connection(
            team=team, by=access.get_person(request), connection=changed, **form.cleaned_data
        )
    except TeamError as error:
        return _render_models_page(request, team, form=form, changed=changed, error=str(error))
    messages.success(request, gettext("Saved: the connection works."))
    return redirect("teams:models", team.pk)


def _render_models_page(request: HttpRequest, team: Team, **extra: Any) -> HttpResponse:
    """Render the page; a key that was typed is not sent back, even after an error."""
    context = {
        **build_team_frame(request, team),
        "connections": connections.list_connections(team),
        "today": budgets.read_today(team.pk),
        "form": ConnectionForm(),
        **extra,
    }
    return render(request, "teams/models.html", context, status=422 if extra.get("error") else 200)
