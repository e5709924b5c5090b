"""Views of the library: search, and actions on whole runs."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from studio.library.selectors import SHELVES, build_library_context, timeout_context
from studio.projects import undo
from studio.projects.models import Project
from studio.runs import retention
from studio.runs.models import Run
from studio.teams import access
from studio.teams.models import Role
from studio.timelimit import QueryTimeout

MOST_CHARACTERS = 200  # of a search


class RunNameForm(forms.Form):
    name = forms.CharField(
        required=False,
        max_length=100,
        error_messages={"max_length": gettext_lazy("A name may have up to 100 characters.")},
    )


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    user = access.get_person(request)
    words = request.GET.get("q", "")[:MOST_CHARACTERS]
    shelf = request.GET.get("shelf", "")
    try:
        context = build_library_context(
            user, words, shelf, request.GET.get("page", "1"), request.GET.get("sort", "")
        )
    except QueryTimeout:
        return render(
            request, "library/library.html", timeout_context(user, words, shelf), status=503
        )
    return render(request, "library/library.html", context)


@require_POST
def rename(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    run = _run(request, run_id)
    form = RunNameForm(request.POST)
    if form.is_valid():
        retention.rename_run(run=run, name=form.cleaned_data["name"])
    else:
        messages.error(request, str(form.errors["name"][0]))
    return _redirect_back(request, run)


@require_POST
def move(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    run = _run(request, run_id)
    chosen = request.POST.get("project", "")
    projects = Project.objects.filter(pk=int(chosen) if chosen.isdecimal() else 0)
    try:
        retention.move_run(
            run=run, project=access.fetch(projects, access.get_person(request), need=Role.EDITOR)
        )
    except ValueError as error:
        messages.error(request, str(error))
    return _redirect_back(request, run)


@require_POST
def duplicate(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    run = _run(request, run_id)
    twin = retention.duplicate_run(run=run)
    if twin is None:
        messages.error(
            request, gettext("This run is still active; it can be duplicated when it is over.")
        )
    return redirect("runs:run", (twin or run).pk)


@require_POST
def archive(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Archive the run; with archived=no, unarchive it."""
    run = _run(request, run_id)
    retention.archive_run(run=run, archived=request.POST.get("archived") != "no")
    return _redirect_back(request, run)


@require_POST
def delete(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    run = _run(request, run_id)
    retention.delete_run(run=run, by=access.get_person(request))
    undo.offer(
        request,
        gettext("“{title}” is deleted.").format(title=run.title[:60]),
        reverse("library:undelete", args=[run.pk]),
    )
    return redirect("runs:project", run.project_id)


@require_POST
def undelete(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    rows = Run.objects.exclude(deleted_at=None).filter(project__deleted_at=None)
    run = access.fetch(rows, access.get_person(request), need=Role.EDITOR, deleted=True, pk=run_id)
    retention.undelete_run(run=run, by=access.get_person(request))
    return redirect("runs:run", run.pk)


@require_POST
def duplicate_project(request: HttpRequest, project_id: int) -> HttpResponse:
    rows = Project.objects.select_related("team")
    project = access.fetch(rows, access.get_person(request), need=Role.EDITOR, pk=project_id)
    return redirect("runs:project", retention.copy_project(project=project).pk)


def _run(request: HttpRequest, run_id: uuid.UUID) -> Run:
    return access.fetch(
        Run.objects.select_related("project"),
        access.get_person(request),
        need=Role.EDITOR,
        pk=run_id,
    )


def _redirect_back(request: HttpRequest, run: Run) -> HttpResponse:
    """Redirect to the library if the form came from there, else to the run."""
    shelf = request.POST.get("back")
    if shelf in SHELVES:
        return redirect(f"{reverse('library:library')}?{urlencode({'shelf': shelf})}")
    return redirect("runs:run", run.pk)
