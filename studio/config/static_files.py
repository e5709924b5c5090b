"""Serves our own style sheet, scripts and samples, packed; browsers ask whether they changed."""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe


def _make_etag(request: HttpRequest, path: str) -> str | None:
    found = finders.find(path)
    if not found:
        return None
    status = Path(found).stat()
    return f'"{status.st_mtime_ns:x}-{status.st_size:x}"'


@login_not_required
@require_safe
@condition(etag_func=_make_etag)
def asset(request: HttpRequest, path: str) -> HttpResponse:
    found = finders.find(path)
    if not found or not Path(found).is_file():
        raise Http404(f"There is no {path}.")
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    changed = Path(found).stat().st_mtime_ns
    if media_type.startswith("text/") and "gzip" in request.headers.get("Accept-Encoding", ""):
        content = _compress_file(found, changed)
        return HttpResponse(
            content, content_type=media_type, headers={**headers, "Content-Encoding": "gzip"}
        )
    return HttpResponse(_read_file(found, changed), content_type=media_type, headers=headers)


@lru_cache(maxsize=32)
def _read_file(path: str, changed: int) -> bytes:
    """One copy for everybody: a thousand slow clients wait for the same 600 kB."""
    return Path(path).read_bytes()


@lru_cache(maxsize=32)
def _compress_file(path: str, changed: int) -> bytes:
    """The script is 577 kB plain and 197 kB packed: the difference on a slow line is seconds."""
    return gzip.compress(Path(path).read_bytes())
