"""The only writer of uploads."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from studio.teams.models import Team
from studio.teams.storage import check_storage, count_file, store_file
from studio.uploads.decoding import Picture, PictureError, read_picture
from studio.uploads.models import Upload


def store_upload(*, team: Team, file: IO[bytes]) -> Upload:
    """The team's mockup (the same row for the same pixels).

    Raises PictureError, or TeamError where its storage is full; nothing is stored then.
    """
    return _store(team, _read(file))


def store_uploads(*, team: Team, files: Sequence[UploadedFile[Any]]) -> list[Upload]:
    """Several at once, all or none; the PictureError names the file that cannot be used."""
    pictures = []
    for file in files:
        try:
            pictures.append(_read(file))
        except PictureError as error:
            raise PictureError(f"{file.name}: {error}" if len(files) > 1 else str(error)) from None
    return [_store(team, picture) for picture in pictures]


def _read(file: IO[bytes]) -> Picture:
    # One byte over the limit is enough to know, however long the stream is.
    data = file.read(settings.UPLOAD_BYTES + 1)
    return read_picture(data, most_bytes=settings.UPLOAD_BYTES, most_pixels=settings.UPLOAD_PIXELS)


def _store(team: Team, picture: Picture) -> Upload:
    """Files first, row last: whoever sees the row finds the files."""
    digest = hashlib.sha256(picture.png).hexdigest()
    known = Upload.objects.filter(team=team, sha256=digest).first()
    if known:
        return known
    check_storage(team)
    folder = f"uploads/{digest[:2]}/{digest}"
    files = {
        "file": _put(team, f"{folder}.png", picture.png),
        "thumbnail": _put(team, f"{folder}.webp", picture.thumbnail),
    }
    with transaction.atomic():
        size = {"width": picture.width, "height": picture.height}
        upload, _ = Upload.objects.get_or_create(team=team, sha256=digest, defaults={**files, **size})
    return upload


def _put(team: Team, name: str, data: bytes) -> str:
    """Named by content, so a file that is there already is this one."""
    if not default_storage.exists(name):
        return store_file(team_id=team.pk, name=name, data=data)
    count_file(team_id=team.pk, name=name, size=len(data))
    return name
