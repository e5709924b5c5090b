"""An answer on its way to a client: whole or as server-sent events; ends when the client leaves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from inference.engine.live import Conversation
from inference.engine.sequence import Update
from inference.server.body import write_json
from inference.server.errors import Refused, error_body

log = logging.getLogger(__name__)
PING = b": ping\n\n"


@dataclass(frozen=True)
class Event:
    """A server-sent event; `data` is a text as it is, or becomes JSON."""

    data: Any
    name: str | None = None

    def encode(self) -> bytes:
        """Return the event as it goes over the wire."""
        data = self.data.encode() if isinstance(self.data, str) else write_json(self.data)
        head = f"event: {self.name}\n".encode() if self.name else b""
        return head + b"data: " + data + b"\n\n"


class AnswerWriter(Protocol):
    """Turns an engine's updates into one API's answer. Its methods raise Refused."""

    def begin(self) -> list[Event]:
        """Return what a stream begins with, before the prompt is read."""
        ...

    def read(self, index: int, update: Update) -> list[Event]:
        """Take an update of the choice `index` and return what a stream says now."""
        ...

    def end(self) -> list[Event]:
        """Return what a stream ends with."""
        ...

    def whole(self) -> dict[str, Any]:
        """Return the answer as it would be told without a stream."""
        ...

    def fail(self, refused: Refused) -> list[Event]:
        """Return what a stream ends with when the engine failed."""
        ...


class AnswerResponse:
    """An ASGI response that waits for the engine.

    While nothing is said for `ping_seconds` a stream gets a comment. An answer that is told whole
    gets its head then and a space for each ping, which JSON allows before its first brace.
    """

    def __init__(
        self, conversation: Conversation, writer: AnswerWriter, *, stream: bool, ping_seconds: float
    ) -> None:
        self._conversation, self._writer = conversation, writer
        self._stream, self._ping_seconds = stream, ping_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._conversation as conversation:
            tell = self._tell_stream if self._stream else self._tell_whole
            await while_there(receive, tell(scope, conversation, send))

    async def _tell_stream(self, scope: Scope, conversation: Conversation, send: Send) -> None:
        await send_head(
            send,
            200,
            {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"},
        )
        await _send_events(send, self._writer.begin())
        try:
            async for item in self._wait(conversation):
                if item is None:
                    await send_piece(send, PING)
                else:
                    await _send_events(send, self._read(*item))
            await _send_events(send, self._writer.end())
        except Refused as refused:
            await _send_events(send, self._writer.fail(refused))
        await send({"type": "http.response.body", "body": b""})

    async def _tell_whole(self, scope: Scope, conversation: Conversation, send: Send) -> None:
        begun = False
        head = {"content-type": "application/json"}
        try:
            async for item in self._wait(conversation):
                if item is not None:
                    self._read(*item)
                    continue
                if not begun:
                    await send_head(send, 200, head)
                begun = True
                await send_piece(send, b" ")
            status, body = 200, write_json(self._writer.whole())
        except Refused as refused:
            if begun:
                # Its status is told already: the connection is closed in the middle of the answer.
                log.error("%s: %s", scope["path"], refused.message)
                return
            status, body = refused.status, write_json(error_body(scope["path"], refused))
        if not begun:
            await send_head(send, status, {**head, "content-length": str(len(body))})
        await send({"type": "http.response.body", "body": body})

    def _read(self, index: int, update: Update) -> list[Event]:
        """Return what an update says; a fault of ours is logged and told as one. Raises Refused."""
        try:
            return self._writer.read(index, update)
        except Refused:
            raise
        except Exception:
            log.exception("An answer could not be told.")
            raise Refused(
                "The server failed on this request; its log says why.", status=500
            ) from None

    async def _wait(self, conversation: Conversation) -> AsyncIterator[tuple[int, Update] | None]:
        """Yield updates as they come, and None for each ping that is due."""
        updates = aiter(conversation)
        while True:
            following = asyncio.ensure_future(anext(updates, None))
            try:
                while not (await asyncio.wait([following], timeout=self._ping_seconds))[0]:
                    yield None
            finally:
                if not following.done():
                    following.cancel()
            item = following.result()
            if item is None:
                return
            yield item


class EventsResponse:
    """A stream whose events are all known, such as one that begins and fails."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_head(
            send,
            200,
            {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"},
        )
        await _send_events(send, self._events)
        await send({"type": "http.response.body", "body": b""})


async def while_there(receive: Receive, answering: Any) -> None:
    """Run `answering` until it is done or the client has left; leaving ends it at once."""
    work = asyncio.ensure_future(answering)
    leaving = asyncio.ensure_future(_wait_until_gone(receive))
    try:
        await asyncio.wait((work, leaving), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
    finally:
        for task in (work, leaving):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def send_head(send: Send, status: int, headers: dict[str, str]) -> None:
    """Send the status and the headers."""
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})


async def send_piece(send: Send, piece: bytes) -> None:
    """Send some of a body that goes on."""
    await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _send_events(send: Send, events: Sequence[Event]) -> None:
    if events:
        await send_piece(send, b"".join(event.encode() for event in events))


def check_finish(update: Update) -> None:
    """Raise Refused for an update that says the engine failed or is closing."""
    if update.finish == "error":
        raise Refused("The engine failed on this request; its log says why.", status=500)
