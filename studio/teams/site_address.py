"""Addresses of this studio's own pages, for links that leave the page they are made on.

`Host` is what a visitor's browser (or whoever talks to the studio) says, so a link that is mailed
or kept must not be built from it: PUBLIC_URL says under which address the studio is visited.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from studio.teams.errors import TeamError

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


def link_to(request: HttpRequest, path: str) -> str:
    """Return the address of `path` for the person who asks: theirs where PUBLIC_URL is not set."""
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{path}"
    return request.build_absolute_uri(path)


def mailed_link(request: HttpRequest, path: str) -> str:
    """Return the address of `path` for a mail.

    Raises TeamError where PUBLIC_URL is not set and the studio can be visited under a name that
    is not this machine's own: the mail would carry whatever name the request came with.
    """
    if settings.PUBLIC_URL or name_of(request) in LOOPBACK_NAMES:
        return link_to(request, path)
    raise TeamError(
        "No mail was sent: the studio does not know its own address. "
        "Whoever runs it can set PUBLIC_URL, such as https://likeness.example.org."
    )


def name_of(request: HttpRequest) -> str:
    """Return the name in `Host`, without its port."""
    host = request.get_host()
    if host.endswith("]"):
        return host
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host
