"""Serves stored mockups. Named by content, so browsers may keep them for good."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from studio.uploads.models import Upload

FOREVER = "private, max-age=31536000, immutable"


def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    upload = get_object_or_404(Upload, sha256=sha256)
    return _picture(upload.file, "image/png")


def thumbnail(request: HttpRequest, sha256: str) -> HttpResponse:
    upload = get_object_or_404(Upload, sha256=sha256)
    return _picture(upload.thumbnail, "image/webp")


def _picture(stored: FieldFile, media_type: str) -> HttpResponse:
    with stored.open() as file:
        return HttpResponse(file.read(), content_type=media_type, headers={"Cache-Control": FOREVER})
