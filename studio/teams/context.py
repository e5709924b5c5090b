"""What every page of a signed-in visitor may show of their teams."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from studio.teams.access import get_current_team


def team(request: HttpRequest) -> dict[str, Any]:
    """`working_in`: asked of the database only by templates that name it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"working_in": SimpleLazyObject(lambda: get_current_team(request))}
