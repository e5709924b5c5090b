"""The middleware that chooses the language of a response."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

# Addresses for programs, and files: English, whatever a client accepts.
SAME_FOR_ALL = ("/api/", "/mcp", "/static/", "/health", "/metrics")


class PageLanguage(LocaleMiddleware):
    """Pages in the language of the cookie or the browser; programs get English."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path_info.startswith(SAME_FOR_ALL):
            super().process_request(request)
            return
        translation.activate(settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = settings.LANGUAGE_CODE

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info.startswith(SAME_FOR_ALL):
            return response
        return super().process_response(request, response)
