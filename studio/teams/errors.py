"""Why a team cannot do that; the message is one sentence fit for whoever asked."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class TeamError(Exception):
    pass


class Refusals:
    """Middleware: where a view has no better place for the sentence, it is a page of its own."""

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
