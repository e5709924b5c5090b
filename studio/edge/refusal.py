"""Refuses requests with a status and one sentence before the application sees them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# A connection closed while its client still sends is reset, and the client cannot read the
# response. So read on for up to LINGER_SECONDS and LINGER_BYTES.
LINGER_SECONDS = 1.0
LINGER_BYTES = 2_000_000


def get_local_path(scope: Scope) -> str:
    """Return the path below BASE_PATH, which `studio.edge.base_path` has put into `root_path`."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def header(scope: Scope, name: bytes) -> bytes | None:
    """Return the last header of this name (lower case); None if it is missing."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[-1] if values else None


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    """Answer at once, read on briefly so that the response arrives, then close."""
    api = get_local_path(scope).startswith("/api/")
    body = json.dumps({"detail": words}).encode() if api else words.encode()
    kind = b"application/json" if api else b"text/plain; charset=utf-8"
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    # a client that expects "100 Continue" has sent nothing yet
    if header(scope, b"expect") is None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_drain(receive), LINGER_SECONDS)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _drain(receive: Receive) -> None:
    dropped = 0
    deadline = time.monotonic() + LINGER_SECONDS
    while dropped < LINGER_BYTES and time.monotonic() < deadline:
        message = await receive()
        dropped += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return
