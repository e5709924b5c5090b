"""Views of stored mockups; named by content, so browsers may cache them forever."""

from __future__ import annotations

import re

from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from studio.pipeline.picture_files import cut_picture
from studio.teams import access
from studio.uploads.models import Upload

FOREVER = "private, max-age=31536000, immutable"


@require_safe
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """The whole picture, or with `?cut=85,0,0,0` without so many pixels at its top and bottom, left
    and right.
    """
    stored = _upload(request, sha256).file
    cut = re.fullmatch(r"(\d{1,5}),(\d{1,5})(?:,(\d{1,5}),(\d{1,5}))?", request.GET.get("cut", ""))
    if cut is None:
        return _serve_picture(stored, "image/png")
    with stored.open() as file:
        part = cut_picture(file.read(), *(int(side or 0) for side in cut.groups()))
    return HttpResponse(part, content_type="image/png", headers={"Cache-Control": FOREVER})


@require_safe
def thumbnail(request: HttpRequest, sha256: str) -> HttpResponse:
    return _serve_picture(_upload(request, sha256).thumbnail, "image/webp")


def _upload(request: HttpRequest, sha256: str) -> Upload:
    return access.fetch(Upload.objects.all(), access.get_person(request), sha256=sha256)


def _serve_picture(stored: FieldFile, media_type: str) -> HttpResponse:
    with stored.open() as file:
        return HttpResponse(
            file.read(), content_type=media_type, headers={"Cache-Control": FOREVER}
        )
