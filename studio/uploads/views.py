"""Views of stored mockups; named by content, so browsers may cache them forever."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from studio.teams import access
from studio.uploads.models import Upload

FOREVER = "private, max-age=31536000, immutable"


@require_safe
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    return _serve_picture(_upload(request, sha256).file, "image/png")


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
