"""Serves our own style sheet and scripts. They are small, so sent whole; browsers ask whether they changed."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe


def _tag(request: HttpRequest, path: str) -> str | None:
    found = finders.find(path)
    if not found:
        return None
    status = Path(found).stat()
    return f'"{status.st_mtime_ns:x}-{status.st_size:x}"'


@login_not_required
@require_safe
@condition(etag_func=_tag)
def asset(request: HttpRequest, path: str) -> HttpResponse:
    found = finders.find(path)
    if not found or not Path(found).is_file():
        raise Http404(f"There is no {path}.")
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return HttpResponse(Path(found).read_bytes(), content_type=media_type, headers={"Cache-Control": "no-cache"})
