"""Views of a run: its page, stop, download, pictures and preview files."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from studio.pipeline.bundle import ENTRY
from studio.runs import frame_script, preview, selectors, services
from studio.runs.event_stream import has_seen_end, read_event_id, stream_events
from studio.runs.forms import read_number
from studio.runs.models import Attempt, Run, WidthView
from studio.runs.panel_sizes import read_panel_sizes
from studio.runs.run_page import build_run_context
from studio.teams import access
from studio.teams.access import Asked
from studio.teams.models import Role

PICTURES = ("render", "heatmap")
MOST_DIGITS = 5  # of a width in an address


@require_safe
@never_cache
def run(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    context = build_run_context(
        _get_run(request, run_id),
        width=read_number(request, "width"),
        by=access.get_person(request),
        viewer=preview.Viewer.of(request),
    )
    if context["successor"]:
        return redirect("runs:run", context["successor"].pk)
    return render(request, "runs/run.html", {**context, "panels": read_panel_sizes(request)})


@require_safe
@never_cache
def result(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Return the fragments that change during a run; `attempt` and `width` select what is shown."""
    context = build_run_context(
        _get_run(request, run_id),
        number=read_number(request, "attempt"),
        width=read_number(request, "width"),
        by=access.get_person(request),
        viewer=preview.Viewer.of(request),
    )
    return render(request, "runs/update.html", context)


@require_safe
@never_cache
def follow(request: HttpRequest, run_id: uuid.UUID) -> StreamingHttpResponse | HttpResponse:
    """Stream the run's events to a browser that cannot open a WebSocket."""
    run = _get_run(request, run_id)
    last = read_event_id(request.headers.get("Last-Event-ID", ""))
    if has_seen_end(run, last):
        return HttpResponse(status=204)  # so that an EventSource asks no more
    asker = Asked(run.pk, access.get_person(request).pk, request.session.session_key or "")
    stream = stream_events(asker, last)
    return StreamingHttpResponse(
        stream, content_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


@require_POST
def cancel(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    services.cancel_run(run_id=_get_run(request, run_id, Role.EDITOR).pk)
    return redirect("runs:run", run_id)


@require_safe
def download(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    run = _get_run(request, run_id)
    best = selectors.find_best_attempt(run)
    if best is None:
        raise Http404(gettext("This run has no result yet."))
    if request.method == "GET":
        services.record_activity(run, access.get_person(request), services.DOWNLOADED)
    headers = {"Content-Disposition": f'attachment; filename="likeness-{str(run_id)[:8]}.zip"'}
    return HttpResponse(
        selectors.make_download_zip(run, best), content_type="application/zip", headers=headers
    )


@require_safe
def picture(request: HttpRequest, run_id: uuid.UUID, number: int, name: str) -> HttpResponse:
    attempt = access.fetch(
        Attempt.objects.select_related("run__upload"),
        access.get_person(request),
        run=run_id,
        number=number,
    )
    if name == "mockup" and attempt.run.upload:
        return _serve_picture(attempt.run.upload.file, "image/png")
    kind, _, wide = name.partition("-")  # render-390: at a further width
    source: Attempt | WidthView | None = attempt
    if wide:
        source = _find_view(attempt, wide)
    return _serve_picture(getattr(source, kind, None) if kind in PICTURES else None, "image/png")


@require_safe
def thumbnail(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    attempt = access.fetch(
        Attempt.objects.all(), access.get_person(request), run=run_id, number=number
    )
    return _serve_picture(attempt.thumbnail, "image/webp")


@login_not_required
@require_safe
def page(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """Serve a file of a generated page, under a policy that forbids the network.

    A frame without an origin sends no cookies, so the address names the viewer, whose access is
    checked each time. Only the frame of a run page shows it: in its own tab, it could navigate the
    person elsewhere.
    """
    content_of_token = preview.read_token(token)
    if content_of_token is None:
        raise Http404(gettext("This address has expired; reload the run's page."))
    shown, viewer = content_of_token
    if not preview.may_see(shown, viewer):
        raise Http404(gettext("There is no such page, or you have no access to it."))
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return redirect(viewer.site + reverse("runs:run", args=[shown.run]))
    content = selectors.read_page_files(shown).get(name)
    if content is None:
        raise Http404(gettext("The page has no file {name}.").format(name=name))
    if name == ENTRY and "bridge" in request.GET:
        content = frame_script.insert_bridge(content, preview.make_frame_proof(token))
    own = reverse("runs:page", args=[token, ENTRY]).removesuffix(ENTRY)
    lasting = shown.attempt is not None
    return preview.build_response(
        name, content, request.build_absolute_uri(own), site=viewer.site, lasting=lasting
    )


def _find_view(attempt: Attempt, width: str) -> WidthView | None:
    if not width.isdecimal() or len(width) > MOST_DIGITS:
        return None
    return attempt.views.filter(width=width).first()


def _serve_picture(stored: Any, media_type: str) -> HttpResponse:
    if not stored:
        raise Http404(gettext("There is no such picture of this attempt."))
    with stored.open() as file:
        return HttpResponse(
            file.read(),
            content_type=media_type,
            headers={"Cache-Control": "private, max-age=86400"},
        )


def _get_run(request: HttpRequest, run_id: uuid.UUID, need: Role = Role.VIEWER) -> Run:
    return access.fetch(
        Run.objects.select_related("upload", "project__team", "base"),
        access.get_person(request),
        need=need,
        pk=run_id,
    )
