"""Who may ask: the key, the Host header and the kind of body, checked before a request is read."""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from inference.server.body import write_json
from inference.server.errors import Refused, error_body
from inference.server.stream import send_head

JSON = re.compile(r"application/(?:[\w.-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
OPEN_PATHS = ("/", "/health", "/ping")  # asked by what watches the server, without a key
HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?")


class Gate:
    """ASGI middleware that answers what is not allowed itself.

    `keys`: of which one has to come with each request; none: everybody may ask. `hosts`: names the
    server answers to, beside addresses and localhost; None: all. A page of another site reaches a
    server on this machine by a name of its own (DNS rebinding), and then its Host is that name.
    """

    def __init__(
        self, app: ASGIApp, *, keys: Collection[str] = (), hosts: Collection[str] | None = ()
    ) -> None:
        self._app = app
        self._keys = [key.encode() for key in keys]
        self._hosts = None if hosts is None else {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check(scope["method"], scope["path"], Headers(scope=scope))
        except Refused as refused:
            body = write_json(error_body(scope["path"], refused))
            head = {"content-type": "application/json", "content-length": str(len(body))}
            await send_head(
                send, refused.status, {**head, **refused.headers, "connection": "close"}
            )
            await send({"type": "http.response.body", "body": body})
            return
        await self._app(scope, receive, send)

    def _check(self, method: str, path: str, headers: Headers) -> None:
        host = headers.get("host", "")
        if not self._is_known(host):
            raise Refused(
                f"The Host header is {host[:80]!r}; allowed are addresses, localhost and the names "
                "given by --allowed-host.",
                status=403,
            )
        if self._keys and path not in OPEN_PATHS and not self._has_key(headers):
            raise Refused(
                "The API key is missing or wrong; send one of the server's --api-key as "
                "'Authorization: Bearer KEY' or 'x-api-key: KEY'.",
                status=401,
                code="invalid_api_key",
                headers={"www-authenticate": "Bearer"},
            )
        kind = headers.get("content-type", "")
        if method == "POST" and not JSON.fullmatch(kind):
            # Any web page may send text/plain to this machine without being asked for leave.
            raise Refused(
                f"The Content-Type is {kind[:80]!r}; allowed is 'application/json'.", status=415
            )

    def _is_known(self, host: str) -> bool:
        if self._hosts is None or self._keys:
            return True  # a page that does not know the key gets nothing
        found = HOST.fullmatch(host)
        if not found:
            return False
        name = found[1].lower().rstrip(".")
        return name in self._hosts or is_local_name(name)

    def _has_key(self, headers: Headers) -> bool:
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        sent = [headers.get("x-api-key", "").encode()]
        if scheme.lower() == "bearer":
            sent.append(bearer.strip().encode())
        # All are compared, so that the time it takes tells nothing.
        return any([hmac.compare_digest(one, key) for one in sent for key in self._keys])


def is_local_name(name: str) -> bool:
    """Whether `name` is an address or localhost, which no other site's page can have for a name."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
