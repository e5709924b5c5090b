"""The view that imports a page as a first version; with a mockup it is also scored."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from studio.pipeline.picture_files import PictureError
from studio.projects.services import get_first_project
from studio.teams import access
from studio.teams.errors import TeamError
from studio.teams.models import Role
from studio.uploads.services import store_upload
from studio.versions.page_import import ImportRefused, read_import
from studio.versions.revisions import start_import

MOST_WORDS = 10_000  # characters of the instructions; longer ones are cut off


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _render_import_page(request)
    target = get_first_project(team=access.get_current_team(request, need=Role.EDITOR))
    file = request.FILES.get("page")
    mockup = request.FILES.get("mockup")
    if file is None:
        return _render_import_page(
            request, gettext("Choose an HTML file or a zip with a page first.")
        )
    if file.size is not None and file.size > settings.UPLOAD_BYTES:
        megabytes = settings.UPLOAD_BYTES // 1_000_000
        return _render_import_page(
            request,
            gettext("The file is larger than the limit of {megabytes} MB.").format(
                megabytes=megabytes
            ),
        )
    try:
        bundle = read_import(file.name or "", file.read())
        upload = store_upload(team=target.team, file=mockup) if mockup else None
    except (ImportRefused, PictureError, TeamError) as error:
        return _render_import_page(request, str(error))
    prompt = request.POST.get("prompt", "")[:MOST_WORDS]
    run = start_import(
        project=target, by=access.get_person(request), bundle=bundle, upload=upload, prompt=prompt
    )
    return redirect("runs:run", run.pk)


def _render_import_page(request: HttpRequest, error: str = "") -> HttpResponse:
    megabytes = settings.UPLOAD_BYTES // 1_000_000
    context = {"error": error, "prompt": request.POST.get("prompt", ""), "megabytes": megabytes}
    return render(request, "runs/import.html", context, status=422 if error else 200)
