"""Where the request that is being answered comes from, for what keeps a record of it.

Services know no request, and what they record should say from where it was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

LONGEST_ADDRESS = 45  # characters of an IPv6 address that holds an IPv4 one
LONGEST_BROWSER = 300  # characters of a User-Agent that are kept


@dataclass(frozen=True, slots=True)
class Origin:
    """An IP address, and how the browser (or program) names itself."""

    address: str = ""
    browser: str = ""


NOWHERE = Origin()  # of what no request asked for
_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current_origin() -> Origin:
    """Return where the current request comes from; empty outside of one."""
    return _current.get()


def origin_of(request: HttpRequest) -> Origin:
    """Return where `request` comes from."""
    return Origin(
        str(request.META.get("REMOTE_ADDR") or "")[:LONGEST_ADDRESS],
        str(request.META.get("HTTP_USER_AGENT") or "")[:LONGEST_BROWSER],
    )


def remember_origin(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: `current_origin` answers while the request is handled."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _current.set(origin_of(request))
        try:
            return get_response(request)
        finally:
            _current.reset(token)

    return middleware
