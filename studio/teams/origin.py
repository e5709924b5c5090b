"""The origin (address and browser) of the current request, for records that services write."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

LONGEST_ADDRESS = 45  # characters of an IPv6 address that contains an IPv4 one
LONGEST_BROWSER = 300  # characters of a User-Agent that are stored


@dataclass(frozen=True, slots=True)
class Origin:
    """An IP address and a User-Agent."""

    address: str = ""
    browser: str = ""


NOWHERE = Origin()  # for work outside of requests
_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current_origin() -> Origin:
    """Return the origin of the current request; empty outside of one."""
    return _current.get()


def origin_of(request: HttpRequest) -> Origin:
    """Return the origin of `request`."""
    return Origin(
        str(request.META.get("REMOTE_ADDR") or "")[:LONGEST_ADDRESS],
        str(request.META.get("HTTP_USER_AGENT") or "")[:LONGEST_BROWSER],
    )


def remember_origin(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that sets `current_origin` during a request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _current.set(origin_of(request))
        try:
            return get_response(request)
        finally:
            _current.reset(token)

    return middleware
