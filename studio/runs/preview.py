"""Serves a generated page so that it can harm nobody: an opaque origin, and no address but its own files.

Three locks, each for what the others let through (measured in Chromium 156): the policy below; the parent page's
`frame-src 'self'` against navigating away; Connection-Allowlist against preconnect and WebRTC, which no policy
covers. A browser that does not know the last one leaves those two open.
"""

from __future__ import annotations

import mimetypes
import uuid
from dataclasses import dataclass

from django.core import signing
from django.http import HttpResponse

TEXTS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


SALT = "runs.preview"
LASTS = 86_400  # seconds that an address can be used


@dataclass(frozen=True, slots=True)
class Shown:
    """Which page an address shows; `attempt` None: the one that the model is writing just now."""

    run: uuid.UUID
    attempt: int | None


def make_token(shown: Shown) -> str:
    return signing.dumps([shown.run.hex, shown.attempt], salt=SALT)


def read_token(token: str) -> Shown | None:
    """None for an address that was not made here, or too long ago."""
    try:
        run, attempt = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return Shown(uuid.UUID(run), attempt)


def policy(own: str) -> str:
    """The page's Content-Security-Policy; `own` is the address below which its files lie."""
    return (
        "sandbox allow-scripts; default-src 'none'; "
        f"img-src {own} data: blob:; style-src {own} 'unsafe-inline'; font-src {own} data:; "
        f"script-src {own} 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def response(name: str, content: bytes, own: str, *, lasting: bool) -> HttpResponse:
    """One file of the page. Its origin is opaque, so even its own modules and fonts need leave to be read."""
    kept = "private, max-age=86400, immutable" if lasting else "no-store"
    headers = {
        "Content-Security-Policy": policy(own),
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "X-DNS-Prefetch-Control": "off",
        "Connection-Allowlist": "(response-origin)",
        "X-Frame-Options": "SAMEORIGIN",
        "Cache-Control": kept,
    }
    return HttpResponse(content, content_type=media_type(name), headers=headers)


def media_type(name: str) -> str:
    suffix = name[name.rfind(".") :].lower()
    if suffix in TEXTS:
        return f"{TEXTS[suffix]}; charset=utf-8"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
