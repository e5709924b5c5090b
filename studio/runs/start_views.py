"""Views that start runs: the start page, project pages and samples."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from studio.capture.widths import OFFERED_WIDTHS, USUAL_WIDTH
from studio.pipeline.picture_files import PictureError
from studio.projects.models import Project
from studio.projects.services import get_first_project
from studio.runs import samples, selectors, services
from studio.runs.durations import find_usual_seconds
from studio.runs.forms import StartForm
from studio.runs.model_choices import DRAFT, READ, WRITTEN, find_connection, list_model_choices
from studio.runs.models import Run
from studio.runs.project_page import build_project_context
from studio.teams import access
from studio.teams.errors import TeamError
from studio.teams.models import Role, Team
from studio.uploads.models import Upload
from studio.uploads.services import store_upload, store_uploads


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Show the start page, or start runs in the person's first project."""
    if request.method == "POST":
        return _start_runs(request, None)
    return _start_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    need = Role.EDITOR if request.method == "POST" else Role.VIEWER
    rows = Project.objects.select_related("team")
    target = access.fetch(rows, access.get_person(request), need=need, pk=project_id)
    if request.method == "POST":
        return _start_runs(request, target)
    return _start_page(request, target)


@require_POST
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """Start a run from one of the sample mockups."""
    if name not in samples.list_names():
        raise Http404(gettext("There is no sample {name}.").format(name=name))
    target = get_first_project(team=access.get_current_team(request, need=Role.EDITOR))
    with samples.open_sample(name) as file:
        upload = store_upload(team=target.team, file=file)
    run = services.start_run(project=target, by=access.get_person(request), upload=upload)
    return redirect("runs:run", run.pk)


def _start_runs(request: HttpRequest, into: Project | None) -> HttpResponse:
    """Start the runs; redirect to the run if it is one, else to the project."""
    team = into.team if into else access.get_current_team(request, need=Role.EDITOR)
    form = StartForm(
        request.POST, request.FILES.getlist("mockup"), choices=list_model_choices(team)
    )
    if not form.is_valid():
        messages = itertools.chain.from_iterable(form.errors.values())
        return _start_page(request, into, form, " ".join(map(str, messages)))
    try:
        uploads = store_uploads(team=team, files=form.files_sent)
    except (PictureError, TeamError) as error:
        return _start_page(request, into, form, str(error))
    target = into or get_first_project(team=team)
    wishes = {**form.wishes, "connection": find_connection(team, form.cleaned_data["model"])}
    try:
        runs = [
            services.start_run(
                project=target, by=access.get_person(request), upload=first, also=also, **wishes
            )
            for first, also in _group_uploads(uploads, together=form.cleaned_data["together"])
        ]
    except TeamError as error:
        return _start_page(request, into, form, str(error))
    if len(runs) == 1:
        return redirect("runs:run", runs[0].pk)
    return redirect("runs:project", target.pk)


def _group_uploads(
    uploads: Sequence[Upload], *, together: bool
) -> list[tuple[Upload | None, Sequence[Upload]]]:
    """Return the mockups of each run: the first one, and those of further widths."""
    if not uploads:
        return [(None, ())]
    if together:
        return [(uploads[0], uploads[1:])]
    return [(upload, ()) for upload in uploads]


def _start_page(
    request: HttpRequest, project: Project | None, form: StartForm | None = None, error: str = ""
) -> HttpResponse:
    user = access.get_person(request)
    team = project.team if project else access.get_current_team(request)
    context: dict[str, Any] = {
        "form": form,
        "error": error,
        "project": project,
        "team": team,
        "may_edit": access.find_role(team, user) in Role.EDITOR.at_least,
        **selectors.build_start_context(user, project),
        "samples": samples.list_names(),
        **_build_instructions_context(team),
        **(build_project_context(project) if project else {}),
    }
    return render(request, "runs/start.html", context, status=422 if error else 200)


def _build_instructions_context(team: Team) -> dict[str, Any]:
    usual = find_usual_seconds(team)
    return {
        "rounds": settings.RUN_ROUNDS,
        "tokens": settings.RUN_TOKENS,
        "read": READ,
        "written": WRITTEN,
        "models": [
            (choice, round(usual[choice.key]) if choice.key in usual else "")
            for choice in list_model_choices(team)
        ],
        "draft": DRAFT,
        "stacks": Run.Stack.choices,
        "widths": OFFERED_WIDTHS,
        "usual_width": USUAL_WIDTH,
        "megabytes": settings.UPLOAD_BYTES // 1_000_000,
    }
