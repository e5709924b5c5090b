"""Limits request bodies by route, sender and time before Django reads them.

Django would write the whole body to a file first, for any sender and route.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from studio.edge.refusal import App, Message, Receive, Scope, Send, get_local_path, header, refuse

# Routes that accept files: the start page, project pages, imports and the API's uploads.
UPLOADS = re.compile(r"/(projects/\d+/|import|api/v1/uploads)?")
SLOWEST = 4_000  # bytes per second; slower than any modem in use
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Limits in bytes (`body`, `upload`).

    `seconds` is the longest pause, and the time allowed beyond that of the slowest pace.
    """

    body: int
    upload: int
    seconds: float


class BodyRefused(Exception):
    """Raised for a body beyond the limits."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


class BodyLimit:
    """ASGI middleware that limits bodies; `may_upload` returns whether the sender is signed in."""

    def __init__(
        self, app: App, limits: BodyLimits, may_upload: Callable[[Scope], Awaitable[bool]]
    ) -> None:
        self.app = app
        self.limits = limits
        self.may_upload = may_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            declared = int(header(scope, b"content-length") or 0)
            most = await self._most(scope, declared)
            await self.app(scope, self._bounded(scope, receive, most), send)
        except BodyRefused as error:
            await refuse(scope, receive, send, error.status, error.words)

    async def _most(self, scope: Scope, size: int) -> int:
        """Return the number of bytes allowed; raises BodyRefused if `size` is too large."""
        if size <= self.limits.body:
            return self.limits.body
        if not UPLOADS.fullmatch(get_local_path(scope)):
            raise _too_large(size, self.limits.body, "BODY_KILOBYTES")
        if size > self.limits.upload:
            raise _too_large(size, self.limits.upload, "UPLOAD_TOTAL_MEGABYTES")
        if not await self.may_upload(scope):
            raise BodyRefused(
                401,
                "Sign in to send files: this request has no valid session or token.",
            )
        return self.limits.upload

    def _bounded(self, scope: Scope, receive: Receive, most: int) -> Receive:
        began = time.monotonic()
        received = 0
        complete = False

        async def bounded() -> Message:
            nonlocal received, complete, most
            if complete:
                return await receive()  # waits until the client disconnects
            remaining = began + self.limits.seconds + received / SLOWEST - time.monotonic()
            try:
                message = await asyncio.wait_for(
                    receive(), max(0.0, min(remaining, self.limits.seconds))
                )
            except TimeoutError:
                words = f"The request's body paused or was slower than {SLOWEST // 1000} kB/s (BODY_SECONDS)."
                raise BodyRefused(408, words) from None
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                complete = not message.get("more_body")
                if received > most:
                    most = await self._most(scope, received)
            return message

        return bounded


def _too_large(size: int, most: int, setting: str) -> BodyRefused:
    limit = f"{most / MEGABYTE:g} MB"
    return BodyRefused(
        413, f"The request's body has {size} bytes or more; the limit is {limit} ({setting})."
    )
