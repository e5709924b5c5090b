"""The pages: start a run, watch it, take its result. Shells around `services` (writing) and `showing` (reading)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.generation import preview, services, showing
from studio.generation.forms import StartForm
from studio.generation.models import Attempt, Run
from studio.uploads.pictures import PictureError
from studio.uploads.services import store_upload

PICTURES = ("render", "heatmap")


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _start_page(request, StartForm())
    form = StartForm(request.POST, request.FILES)
    if not form.is_valid():
        return _start_page(request, form, " ".join(str(e) for errors in form.errors.values() for e in errors))
    try:
        upload = store_upload(file=form.cleaned_data["mockup"])
    except PictureError as error:
        return _start_page(request, form, str(error))
    run = services.start_run(upload=upload, prompt=form.cleaned_data["prompt"], rounds=form.cleaned_data["rounds"])
    return redirect("generation:run", run.pk)


@require_safe
@never_cache
def run(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    return render(request, "generation/run.html", showing.run_context(_run(run_id)))


@require_safe
@never_cache
def activity(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """The list of steps; tells the page (by htmx's headers) when there is a new result, or when the run is over."""
    found = _run(run_id)
    response = render(request, "generation/activity.html", {"run": found, **showing.activity_context(found)})
    if found.is_over:
        response.headers["HX-Refresh"] = "true"
    elif str(found.attempts.count()) != request.GET.get("seen"):
        response.headers["HX-Trigger"] = "attempt"
    return response


@require_safe
@never_cache
def result(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    return render(request, "generation/result.html", showing.run_context(_run(run_id)))


@require_POST
def cancel(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    services.cancel_run(run_id=run_id)
    return redirect("generation:run", run_id)


@require_safe
def download(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    found = _run(run_id)
    best = showing.best_attempt(found)
    if best is None:
        raise Http404("This run has no result yet.")
    headers = {"Content-Disposition": f'attachment; filename="likeness-{str(run_id)[:8]}.zip"'}
    return HttpResponse(showing.download_zip(found, best), content_type="application/zip", headers=headers)


@require_safe
def picture(request: HttpRequest, run_id: uuid.UUID, number: int, name: str) -> HttpResponse:
    attempt = get_object_or_404(Attempt, run=run_id, number=number)
    stored = getattr(attempt, name) if name in PICTURES else None
    if not stored:
        raise Http404(f"There is no {name} of this attempt.")
    with stored.open() as file:
        return HttpResponse(file.read(), content_type="image/png", headers={"Cache-Control": "private, max-age=86400"})


@require_safe
def page(request: HttpRequest, run_id: uuid.UUID, number: int, name: str) -> HttpResponse:
    """A file of the generated page, under the policy that lets it reach nothing.

    Only inside the run page's frame: in a tab of its own it could take the person elsewhere.
    """
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return redirect("generation:run", run_id)
    attempt = get_object_or_404(Attempt, run=run_id, number=number)
    content = showing.bundle_files(attempt).get(name)
    if content is None:
        raise Http404(f"The page has no file {name}.")
    own = reverse("generation:page", args=[run_id, number, "index.html"]).removesuffix("index.html")
    return preview.response(name, content, request.build_absolute_uri(own))


def _run(run_id: uuid.UUID) -> Run:
    return get_object_or_404(Run.objects.select_related("upload"), pk=run_id)


def _start_page(request: HttpRequest, form: StartForm, error: str = "") -> HttpResponse:
    context = {
        "form": form,
        "error": error,
        "runs": showing.recent_runs(),
        "rounds": settings.RUN_ROUNDS,
        "model": settings.MODEL_URL,
        "megabytes": settings.UPLOAD_BYTES // 1_000_000,
    }
    return render(request, "generation/start.html", context, status=422 if error else 200)
