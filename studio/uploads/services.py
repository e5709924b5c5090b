"""The only writer of uploads."""

from __future__ import annotations

import hashlib
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from studio.uploads.models import Upload
from studio.uploads.pictures import Picture, read_picture


def store_upload(*, file: IO[bytes]) -> Upload:
    """The stored mockup (the same row for the same pixels); raises PictureError, and then nothing is stored."""
    # One byte over the limit is enough to know, however long the stream is.
    data = file.read(settings.UPLOAD_BYTES + 1)
    picture = read_picture(data, most_bytes=settings.UPLOAD_BYTES, most_pixels=settings.UPLOAD_PIXELS)
    digest = hashlib.sha256(picture.png).hexdigest()
    known = Upload.objects.filter(sha256=digest).first()
    return known or _store(digest, picture)


def _store(digest: str, picture: Picture) -> Upload:
    """Files first, row last: whoever sees the row finds the files."""
    folder = f"uploads/{digest[:2]}/{digest}"
    files = {
        "file": _put(f"{folder}.png", picture.png),
        "thumbnail": _put(f"{folder}.webp", picture.thumbnail),
    }
    with transaction.atomic():
        size = {"width": picture.width, "height": picture.height}
        upload, _ = Upload.objects.get_or_create(sha256=digest, defaults={**files, **size})
    return upload


def _put(name: str, data: bytes) -> str:
    """Named by content, so a file that is there already is this one."""
    if default_storage.exists(name):
        return name
    return default_storage.save(name, ContentFile(data))
