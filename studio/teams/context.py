"""The template context processor for the visitor's current team."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from studio.teams.access import get_current_team


def team(request: HttpRequest) -> dict[str, Any]:
    """Return `working_in`, which is queried only by templates that use it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"working_in": SimpleLazyObject(lambda: get_current_team(request))}
