"""The response to unknown addresses: a page, or JSON for the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.defaults import page_not_found

from studio.config.csp import PREVIEWS

# Files, also those that a generated page asks for: it gets nothing of ours.
FILES = (*PREVIEWS, "/static/")


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        description = reverse("api:openapi-json")
        words = f"There is nothing at {request.path[:200]}; see {description}."
        return JsonResponse({"detail": words}, status=404)
    if request.path_info.startswith(FILES):
        return page_not_found(request, exception)  # Django's few words
    return page_not_found(request, exception, template_name="not_found.html")
