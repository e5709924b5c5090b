"""What our own pages may load: only what this studio serves. Generated pages have a far stricter policy (preview)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Style attributes carry numbers (sizes, shares); scripts and style sheets are ours alone.
# `frame-src 'self'` also keeps a previewed page from navigating its frame to another site.
POLICY = (
    "default-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; frame-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)
# What no page here asks for, nor may a previewed one.
UNUSED = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    # The sign-in form leads to the provider by a redirect, and browsers count that as its action.
    provider = urlsplit(settings.OIDC_URL)
    policy = f"{POLICY} {provider.scheme}://{provider.netloc}" if provider.netloc else POLICY

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", UNUSED)
        return response

    return middleware
