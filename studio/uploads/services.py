"""The services of uploads, and the only code that writes their rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy

from studio.pipeline.isolation.confined import ConfinedFunction, LimitHit, Limits
from studio.pipeline.picture_files import Picture, PictureError
from studio.teams.models import Team
from studio.teams.storage import check_storage, count_file, store_file
from studio.uploads.models import Upload

DECODERS = 3  # pictures that one web process decodes at once; of large ones a machine decodes one
DAMAGED = gettext_lazy(
    "The picture cannot be decoded; send a whole PNG, JPEG, WebP, GIF, AVIF or "
    "HEIC picture, or a PDF."
)
_WORDS = {
    "memory": gettext_lazy(
        "The picture takes too much memory to decode; send one with fewer pixels."
    ),
    "time": gettext_lazy(
        "The picture takes too long to decode; send one with fewer pixels, or try again later."
    ),
    "busy": gettext_lazy("Too many pictures are being decoded now; try again in a minute."),
}


def store_upload(*, team: Team, file: IO[bytes]) -> Upload:
    """Store a mockup and return its row (the same row for the same pixels).

    Raises PictureError, or TeamError if the team's storage is full; then nothing is stored.
    """
    return _store(team, read_upload(file))


def store_uploads(*, team: Team, files: Sequence[UploadedFile[Any]]) -> list[Upload]:
    """Store several mockups, all or none; a PictureError names the file."""
    pictures = []
    for file in files:
        try:
            pictures.append(read_upload(file))
        except PictureError as error:
            raise PictureError(f"{file.name}: {error}" if len(files) > 1 else str(error)) from None
    return [_store(team, picture) for picture in pictures]


def read_upload(file: IO[bytes]) -> Picture:
    """The picture that somebody sent; raises PictureError. Stores nothing."""
    # One byte over the limit is enough to know, however long the stream is.
    data = file.read(settings.UPLOAD_BYTES + 1)
    try:
        lock = str(settings.DATA_DIR / "decoding.lock")
        picture: Picture = decoder()(data, settings.UPLOAD_BYTES, settings.UPLOAD_PIXELS, lock)
    except LimitHit as hit:
        raise PictureError(_WORDS.get(hit.kind, DAMAGED)) from None
    return picture


@cache
def decoder() -> ConfinedFunction:
    """Return the decoder, which runs in a limited process of its own."""
    # Four bytes per pixel in memory, twice for transparency, plus the PNG being written.
    megabytes = 200 + 10 * settings.UPLOAD_PIXELS // 1_000_000
    limits = Limits(megabytes, seconds=60.0, wait=120.0, keep_megabytes=120)
    return ConfinedFunction(
        "studio.pipeline.picture_files:decode_upload",
        limits,
        lanes=DECODERS,
        errors=(PictureError,),
    )


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
        upload, _ = Upload.objects.get_or_create(
            team=team, sha256=digest, defaults={**files, **size}
        )
    return upload


def _put(team: Team, name: str, data: bytes) -> str:
    """Store a file; files are named by content, so an existing one is identical."""
    if not default_storage.exists(name):
        return store_file(team_id=team.pk, name=name, data=data)
    count_file(team_id=team.pk, name=name, size=len(data))
    return name
