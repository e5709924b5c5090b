"""Requests that this machine makes to the studio's own port, past any proxy: `serve` and a container's
health check ask for the icon, an operator's programs for `/health` and `/metrics`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import validate_host

from studio.config.loopback import LOOPBACK_NAMES

Handler = Callable[[HttpRequest], HttpResponse]

PROBED = ("/health", "/metrics", "/static/icon.svg")
FORWARDING_HEADERS = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "Via",
)


def accept_local_probes(get_response: Handler) -> Handler:
    """Middleware: answer this machine's own probes whatever ALLOWED_HOSTS names.

    They come under 127.0.0.1 or localhost, which ALLOWED_HOSTS of a public studio does not have: each
    would be answered with 400 and logged with a traceback. Other pages stay closed to these names,
    because links would be made with them.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        local = request.path_info in PROBED and is_from_this_machine(request)
        request.is_local_probe = local  # type: ignore[attr-defined]
        hosts = settings.ALLOWED_HOSTS
        if local and hosts and not validate_host(_read_name(request), hosts):
            request.META["HTTP_HOST"] = hosts[0].removeprefix(".")
        return get_response(request)

    return middleware


def is_from_this_machine(request: HttpRequest) -> bool:
    """Return True if nothing forwarded the request and it asks for a name of this machine.

    Requests forwarded by a local proxy come from elsewhere. One that adds no header still asks for the
    studio's name.
    """
    if any(name in request.headers for name in FORWARDING_HEADERS):
        return False
    address = request.META.get("REMOTE_ADDR") or ""
    is_near = bool(address) and ip_address(address).is_loopback
    return is_near and _read_name(request) in LOOPBACK_NAMES


def _read_name(request: HttpRequest) -> str:
    return re.sub(r":\d+$", "", request.META.get("HTTP_HOST", ""))
