"""The template context processor for the operator's link in the account menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from studio.operations.access import is_operator


def operator(request: HttpRequest) -> dict[str, Any]:
    """Return `operates`, which is queried only by templates that use it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"operates": SimpleLazyObject(lambda: is_operator(user))}
