"""Absolute addresses of the studio's pages, for links in mails and on other pages.

`Host` is whatever the client sends, so links that are mailed or stored must not be built from it.
PUBLIC_URL is the studio's address.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from studio.config.loopback import LOOPBACK_NAMES
from studio.teams.errors import TeamError


def get_site(request: HttpRequest) -> str:
    """Return PUBLIC_URL; without one, scheme and name of the request. A path is added with `reverse`."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def link_to(request: HttpRequest, path: str) -> str:
    """Return the address of `path`; without PUBLIC_URL, under the name in the request."""
    return f"{get_site(request)}{path}"


def mailed_link(request: HttpRequest, path: str) -> str:
    """Return the address of `path` for a mail.

    Raises TeamError if PUBLIC_URL is not set and the request came under another name than this
    machine's own, because the mail would contain any name the client sent.
    """
    if settings.PUBLIC_URL or name_of(request) in LOOPBACK_NAMES:
        return link_to(request, path)
    raise TeamError(
        gettext(
            "No mail was sent: the studio does not know its own address. Its administrator "
            "can set PUBLIC_URL, such as https://likeness.example.org."
        )
    )


def name_of(request: HttpRequest) -> str:
    """Return the host name in `Host` without its port."""
    host = request.get_host()
    if host.endswith("]"):
        return host
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host
