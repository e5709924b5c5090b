"""Serves our static files, compressed. An address that names the file's version is kept by browsers
without asking again; others are revalidated.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.views.decorators.http import condition, require_safe

VERSION_DIGITS = 12  # hexadecimal digits of a version, so 48 bits
KEPT = "public, max-age=31536000, immutable"  # a year: other content has another address
# The style sheet names fonts without a version; a font of last week does no harm.
FONT_KEPT = "public, max-age=604800"
REVALIDATED = "no-cache"

Handler = Callable[[HttpRequest], HttpResponse]


class VersionedFilesStorage(StaticFilesStorage):
    """Adds the file's version to the address that `{% static %}` writes."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        version = find_version(name or "")
        return f"{address}?v={version}" if version else address


def serve_static_files(get_response: Handler) -> Handler:
    """Middleware that answers before the session and the user are read: a page asks for several files
    at once, which would each wait for the database.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        path = _read_path(request)
        if path and _find_file(path):
            return asset(request, path)
        return get_response(request)

    return middleware


def _read_path(request: HttpRequest) -> str:
    """Return the path below STATIC_URL; "" for other addresses."""
    prefix = settings.STATIC_URL.removeprefix(get_script_prefix().rstrip("/"))
    path = request.path_info
    return path.removeprefix(prefix) if path.startswith(prefix) else ""


def _make_etag(request: HttpRequest, path: str) -> str | None:
    file = _find_file(path)
    if file is None:
        return None
    status = file.stat()
    return f'"{status.st_mtime_ns:x}-{status.st_size:x}"'


@login_not_required
@require_safe
@condition(etag_func=_make_etag)
def asset(request: HttpRequest, path: str) -> HttpResponse:
    file = _find_file(path)
    if file is None:
        raise Http404(f"There is no {path}.")
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    headers = {"Cache-Control": _choose_caching(request, path), "Vary": "Accept-Encoding"}
    changed = file.stat().st_mtime_ns
    if media_type.startswith("text/") and "gzip" in request.headers.get("Accept-Encoding", ""):
        content = _compress_file(str(file), changed)
        return HttpResponse(
            content, content_type=media_type, headers={**headers, "Content-Encoding": "gzip"}
        )
    content = _read_file(str(file), changed)
    return HttpResponse(content, content_type=media_type, headers=headers)


def _choose_caching(request: HttpRequest, path: str) -> str:
    """Return Cache-Control. A version that is not the file's (a page of another release) is not kept."""
    if request.GET.get("v") == find_version(path):
        return KEPT
    return FONT_KEPT if path.endswith(".woff2") else REVALIDATED


def find_version(path: str) -> str:
    """Return what changes with the file's content; "" if there is no such file."""
    file = _find_file(path)
    return _compute_version(str(file), file.stat().st_mtime_ns) if file else ""


def _find_file(path: str) -> Path | None:
    found = finders.find(path) if path else None
    file = Path(found) if found else None
    return file if file and file.is_file() else None


@lru_cache(maxsize=128)
def _compute_version(path: str, changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:VERSION_DIGITS]


@lru_cache(maxsize=32)
def _read_file(path: str, changed: int) -> bytes:
    """Return the file's bytes; one copy is kept for everybody, because slow clients hold it long."""
    return Path(path).read_bytes()


@lru_cache(maxsize=32)
def _compress_file(path: str, changed: int) -> bytes:
    """Return the compressed file: the editor has 570 kB, and 195 kB compressed."""
    return gzip.compress(Path(path).read_bytes())
