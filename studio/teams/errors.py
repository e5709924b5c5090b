"""TeamError and the middleware that shows it."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class TeamError(Exception):
    """Raised when a team or person cannot do something; the message is shown to people."""


class Refusals:
    """Middleware that shows errors without a better place as a page of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TeamError):
            return render(request, "teams/refused.html", {"error": str(exception)}, status=409)
        if isinstance(exception, PermissionDenied) and str(exception):
            return render(request, "teams/refused.html", {"error": str(exception)}, status=403)
        return None
