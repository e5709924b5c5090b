"""Views that create, rename, archive and delete projects; `studio.runs` shows their pages."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from studio.projects import services, undo
from studio.projects.models import Project
from studio.teams import access
from studio.teams.models import Role


class ProjectNameForm(forms.Form):
    name = forms.CharField(
        max_length=100, error_messages={"required": gettext_lazy("Enter a name for the project.")}
    )


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    form = ProjectNameForm(request.POST)
    if not form.is_valid():
        return _render_errors(request, form, "runs:start")
    team = access.get_current_team(request, need=Role.EDITOR)
    project = services.create_project(
        team=team, name=form.cleaned_data["name"], by=access.get_person(request)
    )
    return redirect("runs:project", project.pk)


@require_POST
def rename(request: HttpRequest, project_id: int) -> HttpResponse:
    project = access.fetch(
        Project.objects.all(), access.get_person(request), need=Role.EDITOR, pk=project_id
    )
    form = ProjectNameForm(request.POST)
    if not form.is_valid():
        return _render_errors(request, form, "runs:project", project.pk)
    services.rename_project(project=project, name=form.cleaned_data["name"])
    return redirect("runs:project", project.pk)


@require_POST
def archive(request: HttpRequest, project_id: int) -> HttpResponse:
    """Archive the project; with archived=no, unarchive it."""
    project = access.fetch(
        Project.objects.all(), access.get_person(request), need=Role.EDITOR, pk=project_id
    )
    services.archive_project(project=project, archived=request.POST.get("archived") != "no")
    return redirect("runs:project", project.pk)


@require_POST
def delete(request: HttpRequest, project_id: int) -> HttpResponse:
    project = access.fetch(
        Project.objects.all(), access.get_person(request), need=Role.EDITOR, pk=project_id
    )
    services.delete_project(project=project, by=access.get_person(request))
    undo.offer(
        request,
        gettext("“{name}” and its runs are deleted.").format(name=project.name),
        reverse("projects:undelete", args=[project.pk]),
    )
    return redirect("runs:start")


@require_POST
def undelete(request: HttpRequest, project_id: int) -> HttpResponse:
    rows = Project.objects.exclude(deleted_at=None)
    project = access.fetch(
        rows, access.get_person(request), need=Role.EDITOR, deleted=True, pk=project_id
    )
    services.undelete_project(project=project, by=access.get_person(request))
    return redirect("runs:project", project.pk)


def _render_errors(request: HttpRequest, form: ProjectNameForm, *back: object) -> HttpResponse:
    messages.error(request, str(form.errors["name"][0]))
    return redirect(*back)  # type: ignore[call-overload, no-any-return]
