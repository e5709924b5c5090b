"""The probe of the studio's public address: whether the proxy in front passes everything on."""

from __future__ import annotations

import http.client
import uuid
from urllib.parse import urlsplit

from django.conf import settings

from studio.config.checks import list_public_names
from studio.config.settings import ENVIRON
from studio.diagnosis.findings import Probe, ProbeWarning

SECONDS = 10.0  # for each request
ICON = "icon.svg"
SWITCHED = 101  # the status of an accepted WebSocket
# What a browser sends; the key is any 16 bytes in base64 (RFC 6455).
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "bGlrZW5lc3MgZG9jdG9yIQ==",
}
PROXY = "See `Behind a proxy` in docs/deployment.md."


def try_address() -> str:
    """Ask for a static file and a WebSocket under PUBLIC_URL and BASE_PATH."""
    if not settings.PUBLIC_URL and list_public_names(ENVIRON):
        raise ProbeWarning(
            "PUBLIC_URL is not set: the studio mails no links, and there is no address to ask.",
            "Set it to the address that people type, such as https://studio.example.org.",
        )
    if not settings.PUBLIC_URL:
        return "PUBLIC_URL is not set, so there is no address to ask."
    site = f"{settings.PUBLIC_URL}{settings.BASE_PATH}/"
    try:
        status, content = _ask(f"{settings.STATIC_URL}{ICON}", {})
        upgraded, _ = _ask(
            f"{settings.BASE_PATH}/ws/runs/{uuid.UUID(int=0)}",
            {**HANDSHAKE, "Origin": settings.PUBLIC_URL},
        )
    except (OSError, http.client.HTTPException) as error:
        raise ProbeWarning(
            f"{site} cannot be asked from this machine ({type(error).__name__}).",
            "Check the name's DNS entry, the certificate and that the proxy runs.",
        ) from None
    if content != (settings.BASE_DIR / "static" / ICON).read_bytes():
        raise ProbeWarning(
            f"{site} is not this studio: its icon was answered with status {status}.",
            f"The proxy must pass on what is below BASE_PATH. {PROXY}",
        )
    if upgraded != SWITCHED:
        raise ProbeWarning(
            f"{site} answers, but WebSockets do not come through (status {upgraded}).",
            f"Pages follow runs by server-sent events until the proxy passes Upgrade and Host on. {PROXY}",
        )
    return f"{site} answers, and WebSockets come through."


def _ask(path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """Return status and content of an address of the public site."""
    site = urlsplit(settings.PUBLIC_URL)
    kind = http.client.HTTPSConnection if site.scheme == "https" else http.client.HTTPConnection
    connection = kind(str(site.hostname), site.port, timeout=SECONDS)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        content = b"" if answer.status == SWITCHED else answer.read()
        return answer.status, content
    finally:
        connection.close()


FRONT_DOOR = (Probe("address", try_address, "Check PUBLIC_URL."),)
