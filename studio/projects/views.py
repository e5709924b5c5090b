"""Making and naming projects. What a project's page shows are runs, so that page is generation's."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from studio.projects import services
from studio.projects.models import Project
from studio.teams import access
from studio.teams.models import Role


class NameForm(forms.Form):
    name = forms.CharField(max_length=100, error_messages={"required": "Give the project a name."})


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _complain(request, form, "generation:start")
    project = services.create_project(team=access.own_team(access.person(request)), name=form.cleaned_data["name"])
    return redirect("generation:project", project.pk)


@require_POST
def rename(request: HttpRequest, project_id: int) -> HttpResponse:
    project = access.fetch(Project.objects.all(), access.person(request), need=Role.EDITOR, pk=project_id)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _complain(request, form, "generation:project", project.pk)
    services.rename_project(project=project, name=form.cleaned_data["name"])
    return redirect("generation:project", project.pk)


def _complain(request: HttpRequest, form: NameForm, *back: object) -> HttpResponse:
    messages.error(request, str(form.errors["name"][0]))
    return redirect(*back)  # type: ignore[call-overload, no-any-return]
