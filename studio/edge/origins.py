"""Allows WebSockets only from pages of the same origin (scheme, host and port).

Cookies ignore ports, and browsers send them from any page; only `Origin` identifies the page.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from studio.config.csp import is_preview_host
from studio.edge.refusal import App, Receive, Scope, Send, header

PORTS = {"http": 80, "https": 443}


class SameOrigin:
    """ASGI middleware for WebSockets that refuses other or missing origins before the handshake."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_same_origin(scope):
            await self.app(scope, receive, send)
            return
        await receive()  # the connect message
        await send({"type": "websocket.close", "code": 4403})


def is_same_origin(scope: Scope) -> bool:
    origin = (header(scope, b"origin") or b"").decode("latin-1")
    host = (header(scope, b"host") or b"").decode("latin-1").lower()
    if is_preview_host(host) or not validate_host(re.sub(r":\d+$", "", host), allowed_hosts()):
        return False
    parts = _parts(origin)
    return parts is not None and parts == _parts(f"{_scheme(scope)}://{host}")


def allowed_hosts() -> list[str]:
    """Return the hosts as Django does: with DEBUG and nothing set, this machine's names."""
    if settings.DEBUG and not settings.ALLOWED_HOSTS:
        return [".localhost", "127.0.0.1", "[::1]"]
    return list(settings.ALLOWED_HOSTS)


def _scheme(scope: Scope) -> str:
    """Return the page's scheme; behind a trusted https proxy, from its header."""
    trusted = getattr(settings, "SECURE_PROXY_SSL_HEADER", None)
    if trusted:
        name = trusted[0].removeprefix("HTTP_").replace("_", "-").lower().encode()
        value = (header(scope, name) or b"").decode("latin-1").split(",")[0].strip()
        return "https" if value == trusted[1] else "http"
    return "https" if scope.get("scheme") in ("wss", "https") else "http"


def _parts(origin: str) -> tuple[str, str, int] | None:
    """Return (scheme, host, port); None for "null" and anything that is not an origin."""
    try:
        parts = urlsplit(origin)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or port is None:
        return None
    if parts.path or parts.query or parts.fragment:
        return None
    return parts.scheme, parts.hostname, port
