"""The Content-Security-Policy of our own pages: only content of this studio.

Generated pages have a stricter policy (`studio.runs.preview`), and their files have addresses of
the studio too. So scripts and style sheets are not trusted by address: ours carry a nonce per
response, which injected scripts cannot know.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Style attributes contain numbers (sizes, shares). `frame-src` also keeps a previewed page from
# navigating its frame to another site.
POLICY = (
    "default-src 'self'; script-src 'nonce-{nonce}'; script-src-attr 'none'; style-src 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; worker-src 'none'; img-src 'self' data: blob:; frame-src {frames}; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)
# Browser features that no page uses, ours or previewed.
UNUSED = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
PREVIEWS = ("/pages/", "/shared/page/")  # the paths of generated pages

Handler = Callable[[HttpRequest], HttpResponse]


def content_security_policy(get_response: Handler) -> Handler:
    # The sign-in form redirects to the provider, which browsers treat as its form action.
    provider = urlsplit(settings.OIDC_URL)
    policy = f"{POLICY} {provider.scheme}://{provider.netloc}" if provider.netloc else POLICY

    def middleware(request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.nonce = nonce  # type: ignore[attr-defined]
        response = get_response(request)
        allowed = policy.format(nonce=nonce, frames=preview_site(request) or "'self'")
        response.headers.setdefault("Content-Security-Policy", allowed)
        response.headers.setdefault("Permissions-Policy", UNUSED)
        return response

    return middleware


def separate_previews(get_response: Handler) -> Handler:
    """Middleware: PREVIEW_HOST serves only generated pages, and only PREVIEW_HOST serves them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.PREVIEW_HOST:
            here = is_preview_host(request.get_host())
            if here != request.path_info.startswith(PREVIEWS):
                return HttpResponse("There is nothing here.", status=404, content_type="text/plain")
        return get_response(request)

    return middleware


def is_preview_host(host: str) -> bool:
    """Whether a `Host` header names PREVIEW_HOST, however it is spelled: letters of any case, a dot
    at the end.
    """
    return bool(settings.PREVIEW_HOST) and _spell(host) == _spell(settings.PREVIEW_HOST)


def _spell(host: str) -> str:
    name, colon, port = host.lower().partition(":")
    return f"{name.rstrip('.')}{colon}{port}"


def preview_site(request: HttpRequest) -> str:
    """Return the origin of generated pages; "" if it is the studio's own."""
    return f"{request.scheme}://{settings.PREVIEW_HOST}" if settings.PREVIEW_HOST else ""


def previews(request: HttpRequest) -> dict[str, str]:
    """Return the context variable with the origin of generated pages."""
    return {"preview_site": preview_site(request)}
