"""Bounds a request's body before Django sees any of it: by route, by who sends it, and by time.

Django would first write the whole body to a file, whoever sends it and whatever the route.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from studio.edge.refusal import App, Message, Receive, Scope, Send, header, refuse

# The routes that take files: the start page, a project's page, an import, and the API's uploads.
UPLOADS = re.compile(r"/(projects/\d+/|import|api/v1/uploads)?")
SLOWEST = 4_000  # bytes a second; a telephone line of 1998 had more
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """`body`, `upload`: bytes; `seconds`: of the longest pause, and of grace over the slowest pace."""

    body: int
    upload: int
    seconds: float


class BodyRefused(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class BodyLimit:
    """ASGI middleware. `may_upload` says whether a request comes from somebody who is signed in."""

    def __init__(
        self, app: App, limits: BodyLimits, may_upload: Callable[[Scope], Awaitable[bool]]
    ) -> None:
        self.app, self.limits, self.may_upload = app, limits, may_upload

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
        """How many bytes are allowed, once `size` is known of; raises BodyRefused when that is too
        much.
        """
        if size <= self.limits.body:
            return self.limits.body
        if not UPLOADS.fullmatch(scope["path"]):
            raise _too_large(size, self.limits.body, "BODY_KILOBYTES")
        if size > self.limits.upload:
            raise _too_large(size, self.limits.upload, "UPLOAD_TOTAL_MEGABYTES")
        if not await self.may_upload(scope):
            raise BodyRefused(
                401,
                "Sign in before you send files: this request comes from nobody who is signed in.",
            )
        return self.limits.upload

    def _bounded(self, scope: Scope, receive: Receive, most: int) -> Receive:
        began, received, complete = time.monotonic(), 0, False

        async def bounded() -> Message:
            nonlocal received, complete, most
            if complete:
                return await receive()  # waits for the client to leave, however long that takes
            left = began + self.limits.seconds + received / SLOWEST - time.monotonic()
            try:
                message = await asyncio.wait_for(
                    receive(), max(0.0, min(left, self.limits.seconds))
                )
            except TimeoutError:
                words = f"The request's body paused or came slower than {SLOWEST // 1000} kB a second (BODY_SECONDS)."
                raise BodyRefused(408, words) from None
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                complete = not message.get("more_body")
                if received > most:
                    most = await self._most(scope, received)
            return message

        return bounded


def _too_large(size: int, most: int, setting: str) -> BodyRefused:
    shown = f"{most / MEGABYTE:g} MB"
    return BodyRefused(
        413, f"The request's body has {size} bytes or more; up to {shown} are accepted ({setting})."
    )
