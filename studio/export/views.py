"""Views of exports and repositories."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.export import services
from studio.export.forms import ExportForm, RepositoryForm, join_errors
from studio.export.merge import list_tree_lines
from studio.export.models import Export, Repository
from studio.runs.models import Attempt, Run
from studio.runs.selectors import find_attempt, find_best_attempt
from studio.teams import access
from studio.teams.models import Role, Team
from studio.teams.site_address import link_to
from studio.teams.team_views import build_team_frame


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Show a run's exports, or plan a new one."""
    if request.method != "POST":
        return _render_export_page(request, _run(request, run_id))
    run = _run(request, run_id, Role.EDITOR)
    form = ExportForm(request.POST)
    attempt = _find_attempt(run, request.POST.get("attempt", ""))
    if attempt is None or not form.is_valid():
        return _render_export_page(
            request, run, join_errors(form) or "This run has no version to export yet."
        )
    repository = access.fetch(
        Repository.objects.all(),
        access.get_person(request),
        need=Role.EDITOR,
        pk=form.cleaned_data["repository"],
        team=run.project.team,
    )
    page = reverse("runs:run", args=[run.pk])
    try:
        planned = services.plan_export(
            attempt=attempt,
            repository=repository,
            by=access.get_person(request),
            branch=form.cleaned_data["branch"],
            folder=form.cleaned_data["folder"],
            address=link_to(request, f"{page}?attempt={attempt.number}"),
        )
    except services.ExportError as error:
        return _render_export_page(request, run, str(error))
    return redirect("export:export", planned.pk)


@never_cache
@require_safe
def export(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    """Show one export: planned, in progress or over."""
    export_row = _export(request, export_id)
    changes = export_row.plan.get("changes", [])
    tree = list(list_tree_lines({change["path"]: change["kind"] for change in changes}))
    conflicts = [change for change in changes if change["kind"] == "conflict"]
    context = {
        "export": export_row,
        "run": export_row.run,
        "changes": changes,
        "tree": tree,
        "conflicts": conflicts,
    }
    return render(
        request, "export/export.html", context | _get_rights(request, export_row.run.project.team)
    )


@require_POST
def confirm(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    export_row = _export(request, export_id, Role.EDITOR)
    services.confirm_export(
        export=export_row,
        digest=request.POST.get("digest", ""),
        by=access.get_person(request),
    )
    return redirect("export:export", export_id)


@require_POST
def retry(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    services.retry_export(export=_export(request, export_id, Role.EDITOR))
    return redirect("export:export", export_id)


@require_POST
def cancel(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    services.cancel_export(export=_export(request, export_id, Role.EDITOR))
    return redirect("export:export", export_id)


@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def repositories(request: HttpRequest, team_id: int) -> HttpResponse:
    """Show the team's repositories, or add one; secrets are never shown again."""
    team = access.fetch(Team.objects.all(), access.get_person(request), need=Role.OWNER, pk=team_id)
    if request.method != "POST":
        return _render_repositories_page(request, team)
    form = RepositoryForm(request.POST)
    if not form.is_valid():
        return _render_repositories_page(request, team, join_errors(form))
    try:
        repository = services.add_repository(
            team=team, by=access.get_person(request), **form.cleaned_data
        )
    except services.ExportError as error:
        return _render_repositories_page(request, team, str(error))
    permission = "read and written" if repository.can_write else f"only read ({repository.note})"
    messages.success(
        request,
        f"{repository.url} was added; it can be {permission}. The token is stored encrypted.",
    )
    return redirect("export:repositories", team_id)


@require_POST
def remove_repository(request: HttpRequest, team_id: int, repository_id: int) -> HttpResponse:
    rows = Repository.objects.select_related("team")
    repository = access.fetch(
        rows, access.get_person(request), need=Role.OWNER, pk=repository_id, team=team_id
    )
    services.remove_repository(repository=repository, by=access.get_person(request))
    return redirect("export:repositories", team_id)


def _render_export_page(request: HttpRequest, run: Run, error: str = "") -> HttpResponse:
    team = run.project.team
    context: dict[str, Any] = {
        "run": run,
        "team": team,
        "attempt": _find_attempt(run, request.GET.get("attempt", "")),
        "exports": run.exports.select_related("repository", "created_by")[:50],
        "repositories": team.repositories.all(),
        "branch": request.POST.get("branch") or f"likeness/{str(run.family)[:8]}",
        "folder": request.POST.get("folder", ""),
        "error": error,
        **_get_rights(request, team),
    }
    return render(request, "export/exports.html", context, status=422 if error else 200)


def _render_repositories_page(request: HttpRequest, team: Team, error: str = "") -> HttpResponse:
    context = {
        **build_team_frame(request, team),
        "repositories": team.repositories.all(),
        "kinds": Repository.Kind.choices,
        "given": {name: request.POST.get(name, "") for name in ("kind", "url", "username")},
        "error": error,
    }
    return render(request, "export/repositories.html", context, status=422 if error else 200)


def _get_rights(request: HttpRequest, team: Team) -> dict[str, bool]:
    role = access.find_role(team, access.get_person(request))
    return {"may_edit": role in Role.EDITOR.at_least, "owns": role is Role.OWNER}


def _find_attempt(run: Run, number: str) -> Attempt | None:
    if number.isdecimal() and len(number) < 6:
        return find_attempt(run, int(number))
    return find_best_attempt(run)


def _run(request: HttpRequest, run_id: uuid.UUID, need: Role = Role.VIEWER) -> Run:
    rows = Run.objects.select_related("project__team", "upload")
    return access.fetch(rows, access.get_person(request), need=need, pk=run_id)


def _export(request: HttpRequest, export_id: uuid.UUID, need: Role = Role.VIEWER) -> Export:
    rows = Export.objects.select_related(
        "run__project__team", "attempt", "repository", "created_by"
    )
    return access.fetch(rows, access.get_person(request), need=need, pk=export_id)
