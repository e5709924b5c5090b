"""The address of a page as a person types it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext

from studio.capture.address_parts import find_problem

MOST_CHARACTERS = 2000  # servers commonly refuse longer addresses
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)  # "localhost:3000" has none


class CaptureError(Exception):
    """Raised with one sentence that can be shown."""


class CaptureCancelled(Exception):
    """Raised when nobody wants the picture any more."""


def read_address(text: str) -> str:
    """Return the address with its scheme, https where none was typed. Raises CaptureError."""
    address = text.strip()
    if len(address) > MOST_CHARACTERS:
        raise CaptureError(
            gettext("The address has {number} characters; use one of up to {most}.").format(
                number=len(address), most=MOST_CHARACTERS
            )
        )
    if not _SCHEME.match(address):
        address = f"https://{address.removeprefix('//')}"
    scheme = address.partition(":")[0].lower()
    if scheme not in ("http", "https"):
        raise CaptureError(
            gettext(
                "An address that begins with {scheme}: has no web page; use http or https."
            ).format(scheme=scheme[:20])
        )
    _check_parts(address)
    return address


def is_web_address(address: str) -> bool:
    """Return True for a whole http(s) address that each of our parsers reads."""
    if not address.startswith(("http://", "https://")):
        return False
    try:
        _check_parts(address)
    except CaptureError:
        return False
    return True


def read_optional_address(text: str) -> str:
    """Return the address; "" where nothing was typed. Raises CaptureError."""
    return read_address(text) if text.strip() else ""


def _check_parts(address: str) -> None:
    problem = find_problem(address)
    if problem == "malformed":
        raise CaptureError(
            gettext("That is not an address; use one such as https://example.com/pricing.")
        )
    if problem == "credentials":
        raise CaptureError(
            gettext(
                "The address holds a name or password; leave it out, because it would be stored."
            )
        )


def get_host(address: str) -> str:
    """Return the host of an address that was read, in lower case."""
    return urlsplit(address).hostname or ""


def shorten_address(address: str) -> str:
    """Return what of the address names a page to people: host and path."""
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path.rstrip('/')}"
