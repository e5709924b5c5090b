"""The pages: start a run, watch it, take its result. Shells around `services` (writing) and `showing` (reading)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.generation import preview, samples, services, showing
from studio.generation.forms import StartForm
from studio.generation.models import Attempt, Run
from studio.projects.models import Project
from studio.projects.services import first_project
from studio.teams import access
from studio.teams.models import Role
from studio.uploads.pictures import PictureError
from studio.uploads.services import store_upload, store_uploads

PICTURES = ("render", "heatmap")


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The first page: the latest runs of every project, and new ones for the person's own first project."""
    if request.method != "POST":
        return _start_page(request, None, StartForm())
    return _start_runs(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    if request.method != "POST":
        return _start_page(request, _project(request, project_id), StartForm())
    return _start_runs(request, _project(request, project_id, Role.EDITOR))


@require_POST
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """A run of one of the mockups that come with the studio."""
    if name not in samples.names():
        raise Http404(f"There is no sample {name}.")
    target = first_project(team=access.own_team(access.person(request)))
    upload = store_upload(team=target.team, file=samples.open_sample(name))
    run = services.start_run(project=target, by=access.person(request), upload=upload)
    return redirect("generation:run", run.pk)


@require_safe
@never_cache
def run(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    return render(request, "generation/run.html", showing.run_context(_run(request, run_id)))


@require_safe
@never_cache
def result(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    return render(request, "generation/update.html", showing.run_context(_run(request, run_id)))


@require_POST
def cancel(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    services.cancel_run(run_id=_run(request, run_id, Role.EDITOR).pk)
    return redirect("generation:run", run_id)


@require_safe
def download(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    found = _run(request, run_id)
    best = showing.best_attempt(found)
    if best is None:
        raise Http404("This run has no result yet.")
    headers = {"Content-Disposition": f'attachment; filename="likeness-{str(run_id)[:8]}.zip"'}
    return HttpResponse(showing.download_zip(found, best), content_type="application/zip", headers=headers)


@require_safe
def picture(request: HttpRequest, run_id: uuid.UUID, number: int, name: str) -> HttpResponse:
    attempt = access.fetch(Attempt.objects.all(), access.person(request), run=run_id, number=number)
    stored = getattr(attempt, name) if name in PICTURES else None
    if not stored:
        raise Http404(f"There is no {name} of this attempt.")
    with stored.open() as file:
        return HttpResponse(file.read(), content_type="image/png", headers={"Cache-Control": "private, max-age=86400"})


@login_not_required
@require_safe
def page(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """A file of a generated page, under the policy that lets it reach nothing.

    The address itself is the leave to read it (a frame without an origin sends no cookies), and only a run page's
    frame shows it: in a tab of its own it could take the person elsewhere.
    """
    shown = preview.read_token(token)
    if shown is None:
        raise Http404("This address is too old; load the run's page again.")
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return redirect("generation:run", shown.run)
    content = showing.page_files(shown).get(name)
    if content is None:
        raise Http404(f"The page has no file {name}.")
    own = reverse("generation:page", args=[token, "index.html"]).removesuffix("index.html")
    return preview.response(name, content, request.build_absolute_uri(own), lasting=shown.attempt is not None)


def _run(request: HttpRequest, run_id: uuid.UUID, need: Role = Role.VIEWER) -> Run:
    return access.fetch(Run.objects.select_related("upload", "project"), access.person(request), need=need, pk=run_id)


def _project(request: HttpRequest, project_id: int, need: Role = Role.VIEWER) -> Project:
    return access.fetch(Project.objects.select_related("team"), access.person(request), need=need, pk=project_id)


def _start_runs(request: HttpRequest, into: Project | None) -> HttpResponse:
    """One run for each mockup sent; with one, its page is the answer, with several, their project's."""
    form = StartForm(request.POST, request.FILES.getlist("mockup"))
    if not form.is_valid():
        return _start_page(request, into, form, " ".join(str(e) for errors in form.errors.values() for e in errors))
    target = into or first_project(team=access.own_team(access.person(request)))
    try:
        uploads = store_uploads(team=target.team, files=form.files_sent)
    except PictureError as error:
        return _start_page(request, into, form, str(error))
    wishes = {"prompt": form.cleaned_data["prompt"], "rounds": form.cleaned_data["rounds"]}
    runs = [
        services.start_run(project=target, by=access.person(request), upload=upload, **wishes) for upload in uploads
    ]
    if len(runs) == 1:
        return redirect("generation:run", runs[0].pk)
    return redirect("generation:project", target.pk)


def _start_page(request: HttpRequest, of: Project | None, form: StartForm, error: str = "") -> HttpResponse:
    context = {
        "form": form,
        "error": error,
        "project": of,
        **showing.start_context(access.person(request), of),
        "samples": samples.names(),
        "rounds": settings.RUN_ROUNDS,
        "model": settings.MODEL_URL,
        "megabytes": settings.UPLOAD_BYTES // 1_000_000,
    }
    return render(request, "generation/start.html", context, status=422 if error else 200)
