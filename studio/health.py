"""Says whether the parts this process needs answer: the database and Redis."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, JsonResponse

from studio.generation.events import connect


def health(request: HttpRequest) -> JsonResponse:
    parts = {"database": _answers(connection.ensure_connection), "redis": _answers(lambda: connect().ping())}
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)


def _answers(ask: Callable[[], object]) -> str:
    """'ok', or the kind of error: its text may hold passwords."""
    try:
        ask()
    except Exception as error:
        return type(error).__name__
    return "ok"
