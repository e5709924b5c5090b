"""What our own pages may load: only what this studio serves. Generated pages have a far stricter
policy (preview).

A generated page's files lie under addresses of the studio, too. So no script or style sheet is
trusted for where it lies: each of ours carries this one answer's nonce, and a script that found its
way into our HTML cannot know it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Style attributes carry numbers (sizes, shares).
# `frame-src` also keeps a previewed page from navigating its frame to another site.
POLICY = (
    "default-src 'self'; script-src 'nonce-{nonce}'; script-src-attr 'none'; style-src 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; worker-src 'none'; img-src 'self' data: blob:; frame-src {frames}; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)
# What no page here asks for, nor may a previewed one.
UNUSED = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
PREVIEWS = ("/pages/", "/shared/page/")  # the paths below which generated pages lie

Handler = Callable[[HttpRequest], HttpResponse]


def content_security_policy(get_response: Handler) -> Handler:
    # The sign-in form leads to the provider by a redirect, and browsers count that as its action.
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
    """Middleware: PREVIEW_HOST serves generated pages and nothing else, and no other name serves
    them.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.PREVIEW_HOST:
            here = is_preview_host(request.get_host())
            if here != request.path.startswith(PREVIEWS):
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
    """The origin of generated pages; '' where it is the studio's own."""
    return f"{request.scheme}://{settings.PREVIEW_HOST}" if settings.PREVIEW_HOST else ""


def previews(request: HttpRequest) -> dict[str, str]:
    """Context processor: what an address of a generated page begins with."""
    return {"preview_site": preview_site(request)}
